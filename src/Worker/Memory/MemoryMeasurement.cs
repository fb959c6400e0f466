using NeuralCapacitance.Domain.Finalizations;
using NeuralCapacitance.Infrastructure.Artifacts;
using NeuralCapacitance.Worker.Backbones;
using NeuralCapacitance.Worker.Datasets;
using NeuralCapacitance.Worker.Estimates;
using NeuralCapacitance.Worker.Training;

namespace NeuralCapacitance.Worker.Memory;

/// <summary>
/// Trains some steps of few images with a network of its own, on the CPU whatever the trial computes on: the tensors are the same. Draws random numbers, so the trial
/// is seeded afterwards.
/// </summary>
internal sealed class MemoryMeasurement(BackboneCatalogue backbones, ArtifactStore artifacts, TimeProvider time)
{
    private const int First = 2;

    /// <summary>Less growth drowns in what allocators keep.</summary>
    private const long LeastGrowth = 64 << 20;

    private static readonly TimeSpan LongestStep = TimeSpan.FromSeconds(2);

    /// <param name="batch">That the trial will train with.</param>
    /// <param name="isPlenty">Whether a forecast is clear enough already.</param>
    /// <returns>Null: the system does not tell, a batch is so small that there is nothing to foresee, or the steps fail, of which the trial itself will tell.</returns>
    public MemoryForecast? Measure(TrialPlan plan, LoadedDataset data, int batch, Func<MemoryForecast, bool> isPlenty, CancellationToken cancellationToken)
    {
        try
        {
            return Try(plan, data, batch, isPlenty, cancellationToken);
        }
        catch (Exception e) when (e is not OperationCanceledException)
        {
            return null;
        }
    }

    private MemoryForecast? Try(TrialPlan plan, LoadedDataset data, int batch, Func<MemoryForecast, bool> isPlenty, CancellationToken cancellationToken)
    {
        if (batch <= 2 * First) return null;
        var training = plan.Spec.Training;
        var network = backbones.Create(plan.Candidate, training.ImageSize, artifacts);
        using var tuning = new FineTuning(
            network,
            Heads.Create(plan.Spec.Head ?? ModelHead.Probe, network.FeatureWidth, plan.Spec.Probe, data.Classes.Count),
            training,
            new ComputeDevice("cpu", plan.Device.Threads));

        // The first step also makes what all others need.
        Step(First);
        if (Peak(First) is not { } smallPeak) return null;
        for (var images = 2 * First; ; images = Math.Min(2 * images, batch))
        {
            var start = time.GetTimestamp();
            if (Peak(images) is not { } peak) return null;
            var forecast = new MemoryForecast(First, smallPeak, images, peak);
            if (images == batch || peak - smallPeak > LeastGrowth || time.GetElapsedTime(start) > LongestStep || isPlenty(forecast)) return forecast;
        }

        void Step(int images) => tuning.Train(data.Train, [.. Enumerable.Range(0, images).Select(i => i % data.Train.Count)], cancellationToken);

        long? Peak(int images) => PeakMemory.Of(() => Step(images));
    }
}
