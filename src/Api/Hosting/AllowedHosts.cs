using Microsoft.AspNetCore.HostFiltering;
using Microsoft.Extensions.Options;
using Microsoft.Extensions.Primitives;
using NeuralCapacitance.Api.Problems;

namespace NeuralCapacitance.Api.Hosting;

/// <summary>
/// Refuses requests for a host that the service does not go by. A page whose own name was made to resolve to this machine (DNS rebinding) counts as the same origin;
/// its name in <c>Host</c> is all that tells. Setting <c>AllowedHosts</c>, separated by semicolons; without it, what comes in on loopback has to be for loopback,
/// unless proxies stand before the service.
/// </summary>
internal static class AllowedHosts
{
    public const string Key = "AllowedHosts";

    /// <summary>The framework's own filter answers without saying why, and knows no default for loopback.</summary>
    public static IServiceCollection AddAllowedHosts(this IServiceCollection services) => services.Configure<HostFilteringOptions>(options => options.AllowedHosts = ["*"]);

    public static void UseAllowedHosts(this WebApplication app)
    {
        StringSegment[] configured = [.. (app.Configuration[Key] ?? "").Split(';', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries).Select(host => (StringSegment)host)];
        // Behind a proxy there are keys, and a rebound name brings none.
        var needsLoopback = app.Services.GetRequiredService<IOptions<ProxyOptions>>().Value.Known.Count == 0;
        app.Use(async (context, next) =>
        {
            if (IsProbe(context) || (configured.Length > 0 ? IsConfigured(context.Request.Host.Host, configured) : !needsLoopback || !Loopback.IsListener(context) || Loopback.IsName(context.Request.Host.Host)))
            {
                await next(context);
                return;
            }

            await ProblemTypes.HostNotAllowed.ToResult(
                $"'{context.Request.Host}' is not a name of this service. {(configured.Length > 0 ? $"It goes by {string.Join(", ", configured)}." : "It listens on loopback, and goes by localhost and 127.0.0.1.")} Setting: {Key}.").ExecuteAsync(context);
        });
    }

    /// <summary>Probes name a machine by its address, and health tells nothing.</summary>
    private static bool IsProbe(HttpContext context) => context.Request.Path.StartsWithSegments("/health", StringComparison.Ordinal);

    private static bool IsConfigured(string host, IList<StringSegment> hosts) => hosts.Contains("*") || (host.Length > 0 && HostString.MatchesAny(host, hosts));
}
