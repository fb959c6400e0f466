using NeuralCapacitance.Domain.Datasets;
using NeuralCapacitance.Domain.Jobs;

namespace NeuralCapacitance.Domain.Estimates;

/// <summary>How many images a job trains, validates and tests on.</summary>
public sealed record ImageCounts(int Train, int Validation, int Test)
{
    /// <summary>As the job's split will make them.</summary>
    public static ImageCounts Of(TrainingSpec training, DatasetInfo dataset)
    {
        var setAside = dataset.ValidationImages > 0 ? 0 : training.ValidationImages(dataset.TrainImages);
        return new ImageCounts(
            Train: Math.Min(training.TrainLimit ?? int.MaxValue, dataset.TrainImages - setAside),
            Validation: dataset.ValidationImages + setAside,
            Test: dataset.TestImages);
    }
}

/// <summary>What one candidate would cost.</summary>
public sealed record CandidateEstimate
{
    public required string Candidate { get; init; }

    /// <summary>Null where it could not be measured; <see cref="Reason"/> says why.</summary>
    public CandidateCost? Cost { get; init; }

    /// <summary>One training step of the job's batch size.</summary>
    public double? SecondsPerStep { get; init; }

    /// <summary>Training, β_eff and validation; the test set, where the mode asks for it, is in <see cref="Seconds"/> only.</summary>
    public double? SecondsPerEpoch { get; init; }

    /// <summary>All its trials, one after the other.</summary>
    public double? Seconds { get; init; }

    public string? Reason { get; init; }
}

/// <summary>What a job would cost on one device, from a few measured steps of each candidate.</summary>
public sealed record JobEstimate
{
    public required ImageCounts Images { get; init; }

    /// <summary>Epochs that each trial trains, in a race at most; epoch 0, which only measures, is not counted.</summary>
    public required int Epochs { get; init; }

    /// <summary>Trials of each candidate.</summary>
    public required int Repeats { get; init; }

    public required IReadOnlyList<CandidateEstimate> Candidates { get; init; }

    /// <summary>All trials one after the other on this device. Candidates that could not be measured are not in it; decoding the data set, done once, neither.</summary>
    public required double Seconds { get; init; }

    /// <summary>What the job needs and this machine lacks: until it is there, the job would be refused. Empty: it would be accepted. Of more than 50 the first ones.</summary>
    public IReadOnlyList<SpecFault> Obstacles { get; init; } = [];

    /// <summary>What you should know about the data set and what the job makes of it.</summary>
    public IReadOnlyList<string> Problems { get; init; } = [];

    /// <summary>The largest of the candidates' peaks; null: unknown.</summary>
    public required long? PeakMemoryBytes { get; init; }

    /// <param name="spec">Resolved.</param>
    /// <param name="outcomes">In the order of the candidates.</param>
    public static JobEstimate Of(JobSpec spec, ImageCounts images, IReadOnlyList<CostOutcome> outcomes)
    {
        var candidates = spec.Candidates.Zip(outcomes, (candidate, outcome) => Of(spec, images, candidate, outcome)).ToList();
        return new JobEstimate
        {
            Images = images,
            Epochs = spec.MostEpochs(),
            Repeats = spec.Training.Repeats,
            Candidates = candidates,
            Seconds = candidates.Sum(c => c.Seconds ?? 0),
            PeakMemoryBytes = candidates.Max(c => c.Cost?.PeakMemoryBytes),
        };
    }

    private static CandidateEstimate Of(JobSpec spec, ImageCounts images, CandidateSpec candidate, CostOutcome outcome)
    {
        if (outcome.Cost is not { } cost) return new CandidateEstimate { Candidate = candidate.Name, Reason = outcome.Reason };
        var measuring = (Math.Min(spec.Probe.Samples, images.Train) * cost.BetaSecondsPerImage) + (images.Validation * cost.EvaluationSecondsPerImage);
        var batch = Math.Min(spec.Training.BatchSize, images.Train);
        var steps = Math.Ceiling((double)images.Train / batch);
        var epoch = (steps * cost.TrainSecondsPerStep) + (images.Train * cost.TrainSecondsPerImage) + measuring;
        var testing = spec.EpochsTested() * images.Test * cost.EvaluationSecondsPerImage;
        return new CandidateEstimate
        {
            Candidate = candidate.Name,
            Cost = cost,
            SecondsPerStep = cost.TrainSecondsPerStep + (batch * cost.TrainSecondsPerImage),
            SecondsPerEpoch = epoch,
            Seconds = spec.Training.Repeats * (measuring + (spec.MostEpochs() * epoch) + testing),
        };
    }
}
