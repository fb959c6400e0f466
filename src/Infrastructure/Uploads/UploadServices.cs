using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using NeuralCapacitance.Domain.Datasets;
using NeuralCapacitance.Infrastructure.Storage;

namespace NeuralCapacitance.Infrastructure.Uploads;

internal static class UploadServices
{
    /// <summary><see cref="DatasetUploads"/>, which needs an <see cref="IDatasetCatalogue"/> besides, and the sweep of what was left half-way.</summary>
    public static IServiceCollection AddUploads(this IServiceCollection services, IConfiguration configuration)
    {
        services.AddOptionsWithValidateOnStart<UploadOptions, UploadOptionsValidator>().Bind(configuration.GetSection(UploadOptions.Section));
        services.AddSingleton(provider => new UploadFolder(provider.GetRequiredService<IOptions<StorageOptions>>().Value.UploadRoot));
        services.AddSingleton(provider => new DatasetUploads(
            provider.GetRequiredService<UploadFolder>(),
            provider.GetRequiredService<IOptions<UploadOptions>>(),
            provider.GetRequiredService<IDatasetCatalogue>(),
            provider.GetRequiredService<TimeProvider>(),
            provider.GetRequiredService<ILogger<DatasetUploads>>()));
        return services.AddHostedService<UploadSweep>();
    }
}
