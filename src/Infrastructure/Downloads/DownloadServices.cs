using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace NeuralCapacitance.Infrastructure.Downloads;

public static class DownloadServices
{
    /// <summary><see cref="Downloader"/> and <see cref="IReachability"/>. Registering twice does no harm.</summary>
    public static IServiceCollection AddDownloads(this IServiceCollection services, IConfiguration configuration)
    {
        if (services.Any(service => service.ServiceType == typeof(Downloader))) return services;
        services.TryAddSingleton(TimeProvider.System);
        services.AddLogging();
        services.AddOptionsWithValidateOnStart<DownloadOptions, DownloadOptionsValidator>().Bind(configuration.GetSection(DownloadOptions.Section));
        services.AddHttpClient(Downloader.ClientName, client => client.Timeout = Timeout.InfiniteTimeSpan)
            .ConfigurePrimaryHttpMessageHandler(() => new SocketsHttpHandler { AllowAutoRedirect = false })
            .RemoveAllLoggers();
        services.AddSingleton<Downloader>();
        services.AddSingleton<IReachability, HttpReachability>();
        return services;
    }
}
