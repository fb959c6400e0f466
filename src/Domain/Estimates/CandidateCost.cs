namespace NeuralCapacitance.Domain.Estimates;

/// <summary>What a few training steps of one candidate cost on a device.</summary>
public sealed record CandidateCost
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

    /// <summary>
    /// Most memory that a worker process takes on a CPU while it trains and evaluates the candidate with the job's batch size. Null on a GPU, whose memory is
    /// not measured, and where the system does not tell.
    /// </summary>
    public long? PeakMemoryBytes { get; init; }

    /// <summary>Images of the largest step that was timed. Fewer than the job's batch size where a step of that would have taken long: costs are then extrapolated.</summary>
    public required int MeasuredBatch { get; init; }

    /// <summary>Side of the images that the network was fed; above the job's <c>imageSize</c> where it needs larger ones.</summary>
    public required int InputSize { get; init; }
}

/// <summary>A measurement, or why there is none.</summary>
public sealed record CostOutcome(CandidateCost? Cost, string? Reason);
