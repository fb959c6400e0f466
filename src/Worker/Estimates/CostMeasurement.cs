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

    /// <summary>Twice the images must take so many times as long, or the step is mostly the optimizer's and says little about images.</summary>
    private const double LeastGrowth = 1.25;

    /// <summary>A step of a large network on a CPU takes many seconds; smaller batches tell its cost as well.</summary>
    private static readonly TimeSpan LongestStep = TimeSpan.FromSeconds(1);

    private static readonly TimeSpan LongestOfAll = TimeSpan.FromSeconds(10);

    public CandidateCost Measure(CostRequest request, ComputeDevice device, CancellationToken cancellationToken)
    {
        device.Enter();
        var training = request.Spec.Training;
        using var data = datasets.Load(GeneratedImages(training.BatchSize), training.ImageSize, cancellationToken);
        var network = backbones.Create(request.Candidate, training.ImageSize, artifacts);
        using var tuning = new FineTuning(
            network,
            new NeuralCapacitanceProbe(network.FeatureWidth, request.Spec.Probe, request.Classes),
            training,
            device);

        var (small, large) = Measure(training.BatchSize, Train);
        var perImage = Math.Clamp((large.Seconds - small.Seconds) / (large.Images - small.Images), 0, large.Seconds / large.Images);
        var resident = PeakMemory.Reset();
        var evaluation = Time(Math.Min(tuning.EvaluationBatch, 4 * large.Images), images => tuning.Evaluate(data.Train, Images(images), cancellationToken));
        return new CandidateCost
        {
            Device = device.Name,
            Threads = device.Threads,
            TrainSecondsPerStep = Math.Max(0, large.Seconds - (perImage * large.Images)),
            TrainSecondsPerImage = perImage,
            EvaluationSecondsPerImage = evaluation.Seconds / evaluation.Images,
            BetaSecondsPerImage = Best(() => tuning.MeasureBetaEff(data.Train, Images(large.Images), cancellationToken)) / large.Images,
            PeakMemoryBytes = device.IsCpu ? Larger(TrainingPeak(training.BatchSize, small, large), EvaluationPeak(tuning.EvaluationBatch, resident, evaluation)) : null,
            MeasuredBatch = large.Images,
            InputSize = network.InputSize.Used,
        };

        void Train(int images) => tuning.Train(data.Train, Images(images), cancellationToken);

        int[] Images(int count) => [.. Enumerable.Range(0, count).Select(i => i % data.Train.Count)];
    }

    /// <summary>Enough to fill a batch; what they show does not matter.</summary>
    private static DatasetSpec GeneratedImages(int count) => new()
    {
        Name = DatasetSpec.SyntheticName,
        Synthetic = new SyntheticSpec { Classes = 2, TrainImages = Math.Max(20, count), TestImages = 10 },
    };

    /// <summary>Activations grow with the batch, all else stays: a line through two peaks.</summary>
    private static long? TrainingPeak(int batch, TimedStep small, TimedStep large)
        => large.Peak + (long?)(Math.Max(0, (double)((large.Peak - small.Peak) ?? 0)) / (large.Images - small.Images) * (batch - large.Images));

    /// <summary>Nothing is kept for gradients, but the batch is larger than in training.</summary>
    private static long? EvaluationPeak(int batch, long? resident, TimedStep evaluation)
        => resident + (long?)((double)((evaluation.Peak - resident) ?? 0) / evaluation.Images * batch);

    private static long? Larger(long? a, long? b) => a is { } x && b is { } y ? Math.Max(x, y) : null;

    /// <summary>
    /// Doubles the batch until it is the job's, or until a step takes long and owes it to its images: then a line through the last two tells all
    /// larger ones.
    /// </summary>
    private (TimedStep Small, TimedStep Large) Measure(int batchSize, Action<int> train)
    {
        var small = Time(Math.Max(1, Math.Min(FirstBatch, batchSize) / 2), train);
        while (true)
        {
            var large = Time(Math.Min(2 * small.Images, batchSize), train);
            var isLong = large.Seconds > LongestStep.TotalSeconds && large.Seconds > LeastGrowth * small.Seconds;
            if (isLong || large.Images == batchSize || large.Seconds > LongestOfAll.TotalSeconds) return (small, large);
            small = large;
        }
    }

    private TimedStep Time(int images, Action<int> work)
    {
        var seconds = 0.0;
        var peak = PeakMemory.Of(() => seconds = Best(() => work(images)));
        return new TimedStep(images, seconds, peak);
    }

    /// <summary>The quicker of two: the first prepares what depends on the number of images.</summary>
    private double Best(Action work) => Math.Min(Timed(work), Timed(work));

    private double Timed(Action work)
    {
        var start = time.GetTimestamp();
        work();
        return time.GetElapsedTime(start).TotalSeconds;
    }

    private sealed record TimedStep(int Images, double Seconds, long? Peak);
}
