using Microsoft.Extensions.Options;
using NeuralCapacitance.Api.Dashboard;
using NeuralCapacitance.Api.Problems;

namespace NeuralCapacitance.Api.Hosting;

/// <summary>Where what is for operators is served. Section <c>Operations</c>.</summary>
internal sealed class OperationsOptions
{
    public const string Section = "Operations";

    /// <summary>An address of its own for <c>/metrics</c>, <c>/swagger</c> and <c>/hangfire</c>, as <c>http://127.0.0.1:5081</c>, and they are nowhere else then; empty: they are where the rest is.</summary>
    public string Url { get; set; } = "";

    public int? Port => Url.Length == 0 ? null : BindingAddress.Parse(Url).Port;
}

internal sealed class OperationsOptionsValidator : IValidateOptions<OperationsOptions>
{
    public ValidateOptionsResult Validate(string? name, OperationsOptions options)
        => options.Url.Length == 0 || (Uri.TryCreate(options.Url.Replace("*", "localhost", StringComparison.Ordinal), UriKind.Absolute, out var uri) && uri.Scheme is "http" or "https" && uri.Port > 0 && uri.AbsolutePath == "/")
            ? ValidateOptionsResult.Success
            : ValidateOptionsResult.Fail($"{OperationsOptions.Section}:{nameof(options.Url)} '{options.Url}' is no address to listen on; accepted is http://127.0.0.1:5081.");
}

internal static class OperationsPort
{
    private static readonly PathString[] Paths = ["/metrics", "/swagger", QueueDashboard.Path];

    public static IServiceCollection AddOperationsPort(this IServiceCollection services, IConfiguration configuration)
    {
        services.AddOptionsWithValidateOnStart<OperationsOptions, OperationsOptionsValidator>().Bind(configuration.GetSection(OperationsOptions.Section));
        return services;
    }

    /// <summary>Listens there too. Has no effect where <c>Kestrel:Endpoints</c> say where to listen: an endpoint of the same port belongs among them then.</summary>
    public static void AddOperationsUrl(this IWebHostBuilder host, IConfiguration configuration)
    {
        if (configuration[$"{OperationsOptions.Section}:{nameof(OperationsOptions.Url)}"] is { Length: > 0 } url)
        {
            host.UseUrls($"{host.GetSetting(WebHostDefaults.ServerUrlsKey)};{url}");
        }
    }

    /// <summary>Divides what is served by the port that a request came in on. Health is told on both.</summary>
    public static void UseOperationsPort(this WebApplication app)
    {
        if (app.Services.GetRequiredService<IOptions<OperationsOptions>>().Value.Port is not { } port) return;
        app.Use(async (context, next) =>
        {
            var isForOperators = Array.Exists(Paths, path => context.Request.Path.StartsWithSegments(path, StringComparison.OrdinalIgnoreCase));
            var isHealth = context.Request.Path.StartsWithSegments("/health", StringComparison.OrdinalIgnoreCase);
            if (isHealth || isForOperators == (context.Connection.LocalPort == port))
            {
                await next(context);
                return;
            }

            await ProblemTypes.NotFound.ToResult($"{context.Request.Method} {context.Request.Path} is not served on port {context.Connection.LocalPort}.").ExecuteAsync(context);
        });
    }
}
