using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Options;
using NeuralCapacitance.Domain.Backbones;
using NeuralCapacitance.Infrastructure.Artifacts;
using NeuralCapacitance.Infrastructure.Queue;
using NeuralCapacitance.Infrastructure.Storage;
using NeuralCapacitance.Infrastructure.Weights;
using NeuralCapacitance.Infrastructure.Workers;
using NeuralCapacitance.Worker.Backbones;
using NeuralCapacitance.Worker.Datasets;
using NeuralCapacitance.Worker.Estimates;
using NeuralCapacitance.Worker.Slots;
using NeuralCapacitance.Worker.TorchScript;
using NeuralCapacitance.Worker.Training;
using NeuralCapacitance.Worker.Weights;

namespace NeuralCapacitance.Worker.Hosting;

public static class WorkerServices
{
    /// <summary>What a node needs to check a job spec: which data sets and backbones there are, and what a job would cost. Needs no tensor library. Registering twice does no harm.</summary>
    public static IServiceCollection AddCatalogues(this IServiceCollection services, IConfiguration configuration)
    {
        services.TryAddSingleton(TimeProvider.System);
        services.AddOptionsWithValidateOnStart<TorchScriptOptions, TorchScriptOptionsValidation>().Bind(configuration.GetSection(TorchScriptOptions.Section));
        services.TryAddSingleton(provider => TorchScriptPolicy.Of(provider.GetRequiredService<IOptions<TorchScriptOptions>>().Value.AllowTorchScript));
        services.TryAddSingleton<TorchScriptGuard>();
        services.TryAddSingleton(provider => PathsOf(configuration, provider.GetRequiredService<IOptions<DatasetOptions>>().Value));
        services.TryAddSingleton<BackboneCatalogue>();
        services.TryAddSingleton<IBackboneCatalogue>(provider => provider.GetRequiredService<BackboneCatalogue>());
        services.TryAddSingleton(configuration);
        services.TryAddSingleton<JobEstimator>();
        services.TryAddSingleton<NetworkShapes>();
        services.TryAddSingleton<WeightsSearch>();
        services.TryAddSingleton<IWeightsCheck, WeightsCheck>();
        return services.AddDatasets(configuration);
    }

    /// <summary>
    /// All that runs trials, in processes of their own. The node takes trials from the queue of <c>AddInfrastructure</c> as soon as it has started. It needs no tensor
    /// library; those processes do, and the start fails where they find none.
    /// </summary>
    public static IServiceCollection AddWorker(this IServiceCollection services, IConfiguration configuration)
    {
        services.AddCatalogues(configuration);
        services.AddSingleton<TrialSlots>();
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IValidateOptions<WorkerOptions>, SlotValidation>());
        services.AddOptions<WorkerOptions>().Bind(configuration.GetSection(WorkerOptions.Section)).ValidateOnStart();
        services.AddSingleton(provider => provider.GetRequiredService<TrialSlots>().Device);
        services.TryAddSingleton<IWorkerFacts, DeviceFacts>();

        // The queue wants the number while it is registered, before options can be validated; a wrong one stops the start all the same.
        return services.AddTrialExecution<TrialExecutor>(Math.Max(1, configuration.GetValue($"{WorkerOptions.Section}:{nameof(WorkerOptions.Slots)}", 1)));
    }

    /// <summary>
    /// In a process that computes: <see cref="TrialRunner"/>, all that it needs, and the <see cref="ComputeDevice"/> that section <c>Worker</c> names. libtorch is
    /// loaded when that is first asked for.
    /// </summary>
    internal static IServiceCollection AddTraining(this IServiceCollection services, IConfiguration configuration)
    {
        services.AddLogging().AddCatalogues(configuration);
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IValidateOptions<WorkerOptions>, WorkerOptionsValidation>());
        services.AddOptions<TorchOptions>().Bind(configuration.GetSection(TorchOptions.Section));
        services.AddOptions<WorkerOptions>().Bind(configuration.GetSection(WorkerOptions.Section));
        services.AddOptions<StorageOptions>().Bind(configuration.GetSection(StorageOptions.Section));
        services.AddSingleton(provider => DeviceOf(provider.GetRequiredService<IOptions<WorkerOptions>>().Value, provider.GetRequiredService<IOptions<TorchOptions>>().Value));
        services.AddSingleton<ArtifactStore>();
        services.AddSingleton<WeightsStore>();
        services.AddSingleton<WeightsLoader>();
        services.AddSingleton<TrialRunner>();
        return services;
    }

    private static ClientPaths PathsOf(IConfiguration configuration, DatasetOptions datasets) => ClientPaths.Of(
        configuration.GetSection(StorageOptions.Section).Get<StorageOptions>() ?? new(),
        datasets.DataRoots,
        [
            KeyValuePair.Create(datasets.CacheRoot, $"{DatasetOptions.Section}:{nameof(datasets.CacheRoot)}"),
            KeyValuePair.Create(datasets.DownloadRoot, $"{DatasetOptions.Section}:{nameof(datasets.DownloadRoot)}"),
            KeyValuePair.Create(configuration[$"{TorchOptions.Section}:{nameof(TorchOptions.LibraryPath)}"] ?? "", $"{TorchOptions.Section}:{nameof(TorchOptions.LibraryPath)}"),
        ]);

    private static ComputeDevice DeviceOf(WorkerOptions worker, TorchOptions torch)
        => ComputeDevice.Choose(worker.Device, worker.Threads > 0 ? worker.Threads : Math.Max(1, Environment.ProcessorCount / worker.Slots))
            with { LibTorch = LibTorch.Version(torch) };
}
