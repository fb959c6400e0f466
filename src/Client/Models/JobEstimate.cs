namespace NeuralCapacitance.Client.Models;

/// <summary>What a job would cost on one device, from a few measured steps of each candidate.</summary>
public sealed record JobEstimate : WireObject
{
    public required ImageCounts Images { get; init; }

    /// <summary>Epochs that each trial trains, in a race at most; epoch 0, which only measures, is not counted.</summary>
    public required int Epochs { get; init; }

    /// <summary>Trials of each candidate.</summary>
    public required int Repeats { get; init; }

    public required IReadOnlyList<CandidateEstimate> Candidates { get; init; }

    /// <summary>All trials one after the other on this device. Candidates that could not be measured are not in it; decoding the data set, done once, neither.</summary>
    public required double Seconds { get; init; }

    /// <summary>What the job needs and this machine lacks: until it is there, the job would be refused. Empty: it would be accepted.</summary>
    public required IReadOnlyList<Fault> Obstacles { get; init; }

    /// <summary>What you should know about the data set and what the job makes of it.</summary>
    public required IReadOnlyList<string> Problems { get; init; }

    /// <summary>The largest of the candidates' peaks; null: unknown.</summary>
    public long? PeakMemoryBytes { get; init; }
}

/// <summary>How many images a job trains, validates and tests on.</summary>
public sealed record ImageCounts : WireObject
{
    public required int Train { get; init; }

    public required int Validation { get; init; }

    public required int Test { get; init; }
}

/// <summary>What one candidate would cost.</summary>
public sealed record CandidateEstimate : WireObject
{
    public required string Candidate { get; init; }

    public CandidateCost? Cost { get; init; }

    /// <summary>One training step of the job's batch size.</summary>
    public double? SecondsPerStep { get; init; }

    /// <summary>Training, β_eff and validation; the test set, where the mode asks for it, is in <see cref="Seconds"/> only.</summary>
    public double? SecondsPerEpoch { get; init; }

    /// <summary>All its trials, one after the other.</summary>
    public double? Seconds { get; init; }

    public string? Reason { get; init; }
}

/// <summary>What a few training steps of one candidate cost on a device.</summary>
public sealed record CandidateCost : WireObject
{
    /// <summary><c>cpu</c> or <c>cuda:N</c>: where the steps were measured.</summary>
    public required string Device { get; init; }

    /// <summary>CPU threads of one operation.</summary>
    public required int Threads { get; init; }

    /// <summary>What any training step costs, however few its images: mostly the optimizer's, in proportion to the parameters; ≥ 0.</summary>
    public required double TrainSecondsPerStep { get; init; }

    /// <summary>What each image of a batch adds: forward and backward; ≥ 0.</summary>
    public required double TrainSecondsPerImage { get; init; }

    /// <summary>Loss and accuracy without gradients.</summary>
    public required double EvaluationSecondsPerImage { get; init; }

    public required double BetaSecondsPerImage { get; init; }

    /// <summary>Most memory that a worker process takes on a CPU while it trains and evaluates the candidate with the job's batch size. Null on a GPU, whose memory is not measured, and where the system does not tell.</summary>
    public long? PeakMemoryBytes { get; init; }

    /// <summary>Images of the largest step that was timed. Fewer than the job's batch size where a step of that would have taken long: costs are then extrapolated.</summary>
    public required int MeasuredBatch { get; init; }

    /// <summary>Side of the images that the network was fed; above the job's <c>imageSize</c> where it needs larger ones.</summary>
    public required int InputSize { get; init; }
}
