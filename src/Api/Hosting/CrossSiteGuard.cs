using NeuralCapacitance.Api.OpenApi;
using NeuralCapacitance.Api.Problems;

namespace NeuralCapacitance.Api.Hosting;

/// <summary>
/// Refuses what another site's page makes a browser send, whatever the path. Where no key is needed, whoever can reach the service may change things; a page that
/// was merely opened on such a machine may not. Browsers say where a request comes from; other clients say nothing, and pass.
/// </summary>
internal static class CrossSiteGuard
{
    private const string FetchSite = "Sec-Fetch-Site";

    public static void UseCrossSiteGuard(this WebApplication app) => app.Use(async (context, next) =>
    {
        if (Changes(context.Request.Method) && ForeignSource(context.Request) is { } source)
        {
            await ProblemTypes.CrossSiteRequest.ToResult($"{source}, which is not {context.Request.Host}.").ExecuteAsync(context);
            return;
        }

        await next(context);
    });

    /// <summary>Declares the refusal for every endpoint of the group that it can meet.</summary>
    public static TBuilder DeclaresCrossSiteRefusal<TBuilder>(this TBuilder builder)
        where TBuilder : IEndpointConventionBuilder
    {
        builder.Finally(endpoint =>
        {
            if (endpoint.Metadata.OfType<IHttpMethodMetadata>().LastOrDefault()?.HttpMethods.Any(Changes) == true)
            {
                ProblemMetadata.Declare(endpoint, ProblemTypes.CrossSiteRequest);
            }
        });
        return builder;
    }

    private static bool Changes(string method) => !HttpMethods.IsGet(method) && !HttpMethods.IsHead(method) && !HttpMethods.IsOptions(method);

    /// <summary>Null: it comes from the service's own page, from the user, or from what is no browser.</summary>
    private static string? ForeignSource(HttpRequest request)
    {
        // Sent over HTTPS and to this machine only, and right even where a proxy changes the host.
        if (request.Headers[FetchSite].ToString() is { Length: > 0 } site)
        {
            return site is "same-origin" or "none" ? null : $"The request comes from a page of another origin ({FetchSite}: {site})";
        }

        return request.Headers.Origin.ToString() is not { Length: > 0 } origin || IsHost(origin, request.Host) ? null : $"The request comes from a page of {origin}";
    }

    private static bool IsHost(string origin, HostString host)
        => Uri.TryCreate(origin, UriKind.Absolute, out var uri) && string.Equals(uri.Authority, host.Value, StringComparison.OrdinalIgnoreCase);
}
