using NeuralCapacitance.Domain.Estimates;
using NeuralCapacitance.Domain.Jobs;
using NeuralCapacitance.Infrastructure.Artifacts;
using NeuralCapacitance.Worker.Backbones;
using NeuralCapacitance.Worker.Datasets;
using NeuralCapacitance.Worker.Probe;
using NeuralCapacitance.Worker.Training;

namespace NeuralCapacitance.Worker.Estimates;

/// <summary>
/// Trains one candidate for a few steps on generated images of the job's size. Draws from libtorch's random generator and takes all its
/// threads, so it belongs in a process that runs no trial.
/// </summary>
internal sealed class CostMeasurement(BackboneCatalogue backbones, ArtifactStore artifacts, DatasetLoader datasets, TimeProvider time)
{
    private const int FirstBatch = 4;
    private const int MostSteps = 3;

    /// <summary>A step of a large network on a CPU takes many seconds; a smaller batch tells its cost as well.</summary>
    private static readonly TimeSpan LongestStep = TimeSpan.FromSeconds(1.5);

    private static readonly TimeSpan LongestMeasurement = TimeSpan.FromSeconds(3);

    public CandidateCost Measure(CostRequest request, ComputeDevice device, CancellationToken cancellationToken)
    {
        device.Enter();
        var training = request.Spec.Training;
        using var data = datasets.Load(GeneratedImages(training.BatchSize), training.ImageSize, cancellationToken);
        var network = backbones.Create(request.Candidate, training.ImageSize, artifacts);
        using var tuning = new FineTuning(
            network.Module,
            new NeuralCapacitanceProbe(network.FeatureWidth, request.Spec.Probe, request.Classes),
            training,
            network.InputSize,
            network.Scaling,
            device);

        var first = Math.Min(FirstBatch, training.BatchSize);
        Train(first);
        var perImage = Timed(() => Train(first)) / first;
        var batch = Math.Clamp((int)(LongestStep.TotalSeconds / perImage), first, training.BatchSize);
        var half = Math.Max(2, batch / 2);
        var smallPeak = PeakOf(() => Train(half));
        var peak = PeakOf(() => Train(batch));

        var steps = 0;
        var spent = 0.0;
        while (steps < MostSteps && (steps == 0 || spent < LongestMeasurement.TotalSeconds))
        {
            spent += Timed(() => Train(batch));
            steps++;
        }

        return new CandidateCost
        {
            Device = device.Name,
            Threads = device.Threads,
            TrainSecondsPerImage = spent / (steps * batch),
            EvaluationSecondsPerImage = Timed(() => tuning.Evaluate(data.Train, Images(batch), cancellationToken)) / batch,
            BetaSecondsPerImage = Timed(() => tuning.MeasureBetaEff(data.Train, Images(batch), cancellationToken)) / batch,
            PeakMemoryBytes = AtBatch(training.BatchSize, half, smallPeak, batch, peak),
            MeasuredSteps = steps,
            MeasuredBatch = batch,
            InputSize = network.InputSize.Used,
        };

        void Train(int images) => tuning.Train(data.Train, Images(images), cancellationToken);
    }

    /// <summary>Enough to fill a batch; what they show does not matter.</summary>
    private static DatasetSpec GeneratedImages(int count) => new()
    {
        Name = DatasetSpec.SyntheticName,
        Synthetic = new SyntheticSpec { Classes = 2, TrainImages = Math.Max(20, count), TestImages = 10 },
    };

    private static int[] Images(int count) => [.. Enumerable.Range(0, count)];

    /// <summary>Activations grow with the batch, all else stays: a line through two peaks.</summary>
    private static long? AtBatch(int batch, int half, long? smallPeak, int measured, long? peak)
        => peak is { } p && smallPeak is { } s && measured > half
            ? Math.Max(p, p + (long)((double)(p - s) / (measured - half) * (batch - measured)))
            : peak;

    private static long? PeakOf(Action step)
    {
        PeakMemory.Reset();
        step();
        return PeakMemory.Read();
    }

    private double Timed(Action work)
    {
        var start = time.GetTimestamp();
        work();
        return time.GetElapsedTime(start).TotalSeconds;
    }
}
