using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.Extensions.Options;
using NeuralCapacitance.Api.Access;
using NeuralCapacitance.Api.Dashboard;
using NeuralCapacitance.Api.Hosting;
using NeuralCapacitance.Api.Jobs;
using NeuralCapacitance.Api.Keys;
using NeuralCapacitance.Api.OpenApi;
using NeuralCapacitance.Api.Problems;
using NeuralCapacitance.Domain.Access;

namespace NeuralCapacitance.Api.Sessions;

/// <summary>For the page: a browser's event stream can send no key, but a cookie.</summary>
internal static class SessionEndpoints
{
    private const string Address = "/session";

    public static void MapSession(this IEndpointRouteBuilder routes)
    {
        var session = routes.MapGroup(ApiRoutes.Prefix).WithTags("Access").AllowAnonymous().ProducesProblems(ProblemTypes.DatabaseUnavailable, ProblemTypes.RateLimited).DeclaresCrossSiteRefusal();
        session.MapGet(Address, ShowAsync).WithName("getSession").WithExample(() => SessionResponse.Sample);
        session.MapPost(Address, BeginAsync).WithName("beginSession").WithExample(() => SessionResponse.Sample)
            .Accepts<SessionRequest>("application/json", "*/*").WithMetadata(RequestExample.Session)
            .ProducesProblems(
                ProblemTypes.MalformedJson, ProblemTypes.InvalidKey, ProblemTypes.AuthenticationRequired, ProblemTypes.TooManyFailures, ProblemTypes.BodyTooLarge, ProblemTypes.UnsupportedMediaType);
        session.MapDelete(Address, (Delegate)EndAsync).WithName("endSession");
    }

    /// <summary>Who am I?</summary>
    /// <remarks>Of everybody: who sends nothing that the service knows is nobody, and `role` is null.</remarks>
    /// <response code="200">Who the request comes from, and what the service shows.</response>
    private static async Task<Ok<SessionResponse>> ShowAsync(HttpContext context, IOptions<AccessOptions> options)
    {
        context.Response.Headers.CacheControl = "no-store";
        if (context.User.ToCaller() is null && SessionCookie.IsIn(context.Request) && AccessFault.Of(context)?.Outage is null)
        {
            // A cookie of a former session, or of another service at this address: without it the browser is as any other.
            await SessionCookie.EndAsync(context);
            if ((await context.AuthenticateAsync(AccessSchemes.Anonymous)).Principal is { } anybody) context.User = anybody;
        }

        return TypedResults.Ok(SessionResponse.Of(context, options.Value.Isolation));
    }

    /// <summary>Sign in with a key</summary>
    /// <remarks>Answers with a cookie that browsers send along from the service's own pages, and that no script can read. It ends with the key.</remarks>
    /// <response code="200">Signed in; `Set-Cookie` has the session.</response>
    /// <response code="400">The body is no JSON, or has no key.</response>
    /// <response code="401">The key is not known: it was mistyped, revoked, rotated, or has expired.</response>
    private static async Task<Results<Ok<SessionResponse>, ProblemHttpResult>> BeginAsync(
        HttpContext context, KeyCheck keys, IOptions<AccessOptions> options, CancellationToken cancellationToken)
    {
        context.Response.Headers.CacheControl = "no-store";
        var (secret, faults) = KeyOrderReader.ReadSecret((await SpecBody.ReadAsync(context.Request, cancellationToken)).Json);
        if (faults.Count > 0) return KeyEndpoints.Invalid(faults);
        var (key, fault) = await keys.CheckAsync(secret, context.Connection.RemoteIpAddress, cancellationToken);
        if (fault?.Wait is { } wait) return AccessRefusal.TooManyFailures(context, wait);
        if (key is null) return ProblemTypes.AuthenticationRequired.ToResult(fault!.Reason);
        await SessionCookie.BeginAsync(context, key, secret);
        context.User = key.ToCaller().ToPrincipal(AccessSchemes.Session);
        return TypedResults.Ok(SessionResponse.Of(context, options.Value.Isolation));
    }

    /// <summary>Sign out</summary>
    /// <response code="204">The browser has no session, whether it had one or not.</response>
    private static async Task<NoContent> EndAsync(HttpContext context)
    {
        await SessionCookie.EndAsync(context);
        return TypedResults.NoContent();
    }
}

/// <summary>What the page signs in with.</summary>
/// <param name="Key">The secret.</param>
public sealed record SessionRequest(string Key);

/// <summary>Who a request comes from.</summary>
/// <param name="Owner" example="key:ci">What is submitted belongs to it; null: nobody.</param>
/// <param name="Name" example="ci">To be shown; null: nobody.</param>
/// <param name="Role">Null: the service has to know who calls first.</param>
/// <param name="IsSignedIn">By the page's cookie: signing out makes a difference.</param>
/// <param name="Isolation">What callers see of each other: `team` everything, `owner` each one's own.</param>
/// <param name="Dashboard">Whether `/hangfire` is shown to who asks.</param>
public sealed record SessionResponse(string? Owner, string? Name, Role? Role, bool IsSignedIn, Isolation Isolation, bool Dashboard)
{
    internal static SessionResponse Sample { get; } = new("key:ci", "ci", Domain.Access.Role.Submit, IsSignedIn: true, Isolation.Team, Dashboard: false);

    internal static SessionResponse Of(HttpContext context, Isolation isolation)
    {
        var caller = context.User.ToCaller();
        var isSignedIn = caller is not null && string.Equals(context.User.Identity?.AuthenticationType, AccessSchemes.Session, StringComparison.Ordinal);
        return new(caller?.Owner, caller?.Name, caller?.Role, isSignedIn, isolation, QueueDashboard.IsShownTo(context));
    }
}
