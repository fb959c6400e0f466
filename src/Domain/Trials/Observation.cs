namespace NeuralCapacitance.Domain.Trials;

/// <summary>What was measured at the end of one epoch of one trial. Accuracies are in [0, 1]; losses are mean cross-entropy in nats.</summary>
public sealed record Observation
{
    /// <summary>Its place in the stream of events; 0 until stored.</summary>
    public long Id { get; init; }

    public required Guid TrialId { get; init; }

    /// <summary>0 is before training.</summary>
    public required int Epoch { get; init; }

    /// <summary>β_eff, absolute (docs/method.md); ≥ 0. Null under a linear head, which has none.</summary>
    public required double? BetaEff { get; init; }

    public double? BetaSquared { get; init; }

    public double? BetaPerSample { get; init; }

    public double? BetaSigned { get; init; }

    public required double ValidationAccuracy { get; init; }

    public required double ValidationLoss { get; init; }

    /// <summary>Images behind <see cref="ValidationAccuracy"/>.</summary>
    public required int ValidationCount { get; init; }

    /// <summary>Running mean over the epoch in train mode; null at epoch 0.</summary>
    public double? TrainAccuracy { get; init; }

    public double? TrainLoss { get; init; }

    /// <summary>On the untouched test set; measured in the last epochs of a <c>full</c> job only.</summary>
    public double? TestAccuracy { get; init; }

    /// <summary>Images of the test set, at every epoch; 0: there is none, or an earlier version measured this.</summary>
    public int TestCount { get; init; }

    public double TrainSeconds { get; init; }

    public double BetaSeconds { get; init; }

    public double ValidationSeconds { get; init; }

    public DateTimeOffset RecordedAt { get; init; }
}
