namespace NeuralCapacitance.Client.Models;

/// <summary>One epoch of one trial. Accuracies are in [0, 1]; losses are mean cross-entropy in nats. A number that is not finite is null.</summary>
public sealed record Observation : WireObject
{
    /// <summary>Grows over the whole service; also the id of the event.</summary>
    public required long Id { get; init; }

    public required Guid TrialId { get; init; }

    public required string Candidate { get; init; }

    public required int Repeat { get; init; }

    /// <summary>0 is before training.</summary>
    public required int Epoch { get; init; }

    /// <summary>Neural capacitance of the probe, absolute. Null in a finalization with a linear head, which has none.</summary>
    public double? BetaEff { get; init; }

    public double? BetaSquared { get; init; }

    public double? BetaPerSample { get; init; }

    public double? BetaSigned { get; init; }

    public double? ValidationAccuracy { get; init; }

    public double? ValidationLoss { get; init; }

    /// <summary>Images behind the validation accuracy.</summary>
    public required int ValidationCount { get; init; }

    public double? TrainAccuracy { get; init; }

    public double? TrainLoss { get; init; }

    public double? TestAccuracy { get; init; }

    /// <summary>Images of the test set, which is asked at the last epochs; 0: there is none, or an earlier version measured this.</summary>
    public required int TestCount { get; init; }

    public required double TrainSeconds { get; init; }

    public required double BetaSeconds { get; init; }

    public required double ValidationSeconds { get; init; }

    public required DateTimeOffset RecordedAt { get; init; }

    /// <summary>Field → why it is null although it was measured; null where every number is finite.</summary>
    public IReadOnlyDictionary<string, string>? NotFinite { get; init; }
}
