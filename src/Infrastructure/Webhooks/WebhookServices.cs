using System.Net;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Options;
using NeuralCapacitance.Domain.Notifications;
using NeuralCapacitance.Infrastructure.Access;
using NeuralCapacitance.Infrastructure.Postgres;
using NeuralCapacitance.Infrastructure.Retention;

namespace NeuralCapacitance.Infrastructure.Webhooks;

internal static class WebhookServices
{
    /// <summary>Of headers; nobody reads them.</summary>
    private const int MostHeaderKilobytes = 16;

    private static readonly TimeSpan ConnectionLifetime = TimeSpan.FromMinutes(1);

    /// <summary>Secrets, deliveries, and what sends them.</summary>
    public static IServiceCollection AddWebhooks(this IServiceCollection services, IConfiguration configuration)
    {
        services.AddOptionsWithValidateOnStart<WebhookOptions, WebhookOptionsValidator>().Bind(configuration.GetSection(WebhookOptions.Section));
        services.AddWebhookSecrets();
        services.AddSingleton<AddressPolicy>();
        services.AddSingleton<IReceiverPolicy>(provider => provider.GetRequiredService<AddressPolicy>());
        services.TryAddSingleton<ResolveHost>(_ => (host, cancellationToken) => Dns.GetHostAddressesAsync(host, cancellationToken));
        services.AddSingleton(provider => new GuardedConnection(
            provider.GetRequiredService<AddressPolicy>(), provider.GetRequiredService<ResolveHost>(), ProxyOf(provider) is { } proxy ? new DnsEndPoint(proxy.Host, proxy.Port) : null));
        services.AddHttpClient(WebhookSender.ClientName, client => client.Timeout = Timeout.InfiniteTimeSpan)
            .ConfigurePrimaryHttpMessageHandler(HandlerOf)
            .RemoveAllLoggers();
        services.AddSingleton<WebhookSender>();
        services.AddSingleton(provider => new WebhookStore(provider.GetRequiredService<IDbContextFactory<ServiceDbContext>>(), provider.GetRequiredService<IOptions<WebhookOptions>>()));
        services.AddSingleton<IRetentionRule, DeliveryRetention>();
        return services.AddHostedService<WebhookDispatch>();
    }

    public static IServiceCollection AddWebhookSecrets(this IServiceCollection services)
    {
        services.AddProtectionKeys();
        services.AddSingleton(provider => new WebhookSettingsStore(
            provider.GetRequiredService<IDbContextFactory<ServiceDbContext>>(), provider.GetRequiredService<IDataProtectionProvider>()));
        return services;
    }

    private static SocketsHttpHandler HandlerOf(IServiceProvider provider) => new()
    {
        AllowAutoRedirect = false,
        UseCookies = false,
        UseProxy = ProxyOf(provider) is not null,
        Proxy = ProxyOf(provider) is { } proxy ? new WebProxy(proxy) : null,
        ConnectCallback = provider.GetRequiredService<GuardedConnection>().ConnectAsync,
        MaxResponseHeadersLength = MostHeaderKilobytes,
        PooledConnectionLifetime = ConnectionLifetime,
        // What a receiver is told, it is told in the body.
        ActivityHeadersPropagator = null,
    };

    private static Uri? ProxyOf(IServiceProvider provider)
        => provider.GetRequiredService<IOptions<WebhookOptions>>().Value.Proxy is { Length: > 0 } proxy ? new Uri(proxy) : null;
}
