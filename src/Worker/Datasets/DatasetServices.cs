using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Options;
using NeuralCapacitance.Domain.Datasets;
using NeuralCapacitance.Infrastructure.Downloads;
using NeuralCapacitance.Worker.Datasets.Published;
using NeuralCapacitance.Worker.Datasets.Reports;

namespace NeuralCapacitance.Worker.Datasets;

public static class DatasetServices
{
    /// <summary><see cref="IDatasetCatalogue"/> and <see cref="DatasetNames"/>, which need no tensor library, and <see cref="DatasetLoader"/>. Registering twice does no harm.</summary>
    public static IServiceCollection AddDatasets(this IServiceCollection services, IConfiguration configuration)
    {
        services.TryAddSingleton(TimeProvider.System);
        services.AddDownloads(configuration);
        services.AddOptionsWithValidateOnStart<DatasetOptions, DatasetOptionsValidation>();
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IConfigureOptions<DatasetOptions>>(new DatasetOptionsFromConfiguration(configuration)));
        services.TryAddSingleton<PublishedDownloads>();
        services.TryAddSingleton<IDatasetCatalogue, DatasetCatalogue>();
        services.TryAddSingleton<DatasetNames>();
        services.TryAddSingleton<DatasetInspector>();
        services.TryAddSingleton<DatasetLoader>();
        return services;
    }
}
