using Microsoft.AspNetCore.HttpOverrides;
using Microsoft.Extensions.Options;
using NeuralCapacitance.Infrastructure.Network;

namespace NeuralCapacitance.Api.Hosting;

/// <summary>Which proxies stand before the service. Section <c>Proxy</c>.</summary>
internal sealed class ProxyOptions
{
    public const string Section = "Proxy";

    /// <summary>Addresses and networks (<c>10.0.0.0/8</c>) whose <c>X-Forwarded-For</c>, <c>-Proto</c>, <c>-Host</c> and <c>-Prefix</c> are believed; empty: nobody's are.</summary>
    public IList<string> Known { get; set; } = [];
}

internal sealed class ProxyOptionsValidator : IValidateOptions<ProxyOptions>
{
    public ValidateOptionsResult Validate(string? name, ProxyOptions options)
    {
        List<string> faults = [.. options.Known.Index().Where(known => IPNetworks.Parse(known.Item) is null)
            .Select(known => $"{ProxyOptions.Section}:{nameof(options.Known)}:{known.Index} '{known.Item}' is no address and no network; accepted is 192.0.2.1 or 10.0.0.0/8.")];
        return faults.Count == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(faults);
    }
}

internal static class ProxyServices
{
    public static IServiceCollection AddProxies(this IServiceCollection services, IConfiguration configuration)
    {
        services.AddOptionsWithValidateOnStart<ProxyOptions, ProxyOptionsValidator>().Bind(configuration.GetSection(ProxyOptions.Section));
        services.AddOptions<ForwardedHeadersOptions>().Configure<IOptions<ProxyOptions>>((headers, proxies) =>
        {
            headers.ForwardedHeaders = ForwardedHeaders.All;
            // One proxy after another is walked back as far as each is known.
            headers.ForwardLimit = null;
            headers.KnownProxies.Clear();
            headers.KnownIPNetworks.Clear();
            foreach (var network in proxies.Value.Known.Select(IPNetworks.Parse).OfType<System.Net.IPNetwork>()) headers.KnownIPNetworks.Add(network);
        });
        return services;
    }

    public static void UseProxies(this WebApplication app)
    {
        if (app.Services.GetRequiredService<IOptions<ProxyOptions>>().Value.Known.Count > 0) app.UseForwardedHeaders();
    }
}
