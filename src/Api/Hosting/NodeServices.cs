using NeuralCapacitance.Infrastructure;
using NeuralCapacitance.Worker.Hosting;

namespace NeuralCapacitance.Api.Hosting;

internal static class NodeServices
{
    /// <summary>
    /// What lies below the HTTP surface. With <c>Worker:InProcess</c> this process runs trials too; without, it only knows which backbones and
    /// data sets there are, so that it can check job specs, and leaves the trials to worker processes.
    /// </summary>
    public static IServiceCollection AddNode(this IServiceCollection services, IConfiguration configuration)
    {
        services.AddInfrastructure(configuration);
        return configuration.GetValue<bool>($"{WorkerOptions.Section}:{nameof(WorkerOptions.InProcess)}")
            ? services.AddWorker(configuration)
            : services.AddCatalogues(configuration);
    }
}
