using NeuralCapacitance.Api.Json;
using NeuralCapacitance.Domain.Trials;

namespace NeuralCapacitance.Api.Observations;

/// <summary>One epoch of one trial. Accuracies are in [0, 1]; losses are mean cross-entropy in nats. A number that is not finite is null.</summary>
public sealed record ObservationResponse
{
    /// <summary>Grows over the whole service; also the id of the event.</summary>
    /// <example>1042</example>
    public required long Id { get; init; }

    public required Guid TrialId { get; init; }

    /// <example>resnet8</example>
    public required string Candidate { get; init; }

    public required int Repeat { get; init; }

    /// <summary>0 is before training.</summary>
    public required int Epoch { get; init; }

    /// <summary>Neural capacitance of the probe, absolute. Null in a finalization with a linear head, which has none.</summary>
    /// <example>3.72</example>
    public required double? BetaEff { get; init; }

    public required double? BetaSquared { get; init; }

    public required double? BetaPerSample { get; init; }

    public required double? BetaSigned { get; init; }

    /// <example>0.41</example>
    public required double? ValidationAccuracy { get; init; }

    public required double? ValidationLoss { get; init; }

    /// <summary>Images behind the validation accuracy.</summary>
    public required int ValidationCount { get; init; }

    public required double? TrainAccuracy { get; init; }

    public required double? TrainLoss { get; init; }

    public required double? TestAccuracy { get; init; }

    /// <summary>Images of the test set, which is asked at the last epochs; 0: there is none, or an earlier version measured this.</summary>
    public required int TestCount { get; init; }

    public required double TrainSeconds { get; init; }

    public required double BetaSeconds { get; init; }

    public required double ValidationSeconds { get; init; }

    public required DateTimeOffset RecordedAt { get; init; }

    /// <summary>Field → why it is null although it was measured; null where every number is finite.</summary>
    public required IReadOnlyDictionary<string, string>? NotFinite { get; init; }

    public static ObservationResponse Of(Observation observation, Trial trial)
    {
        var finite = new FiniteNumbers();
        return new()
        {
            Id = observation.Id,
            TrialId = observation.TrialId,
            Candidate = trial.Candidate,
            Repeat = trial.Repeat,
            Epoch = observation.Epoch,
            BetaEff = finite.Keep("betaEff", observation.BetaEff),
            BetaSquared = finite.Keep("betaSquared", observation.BetaSquared),
            BetaPerSample = finite.Keep("betaPerSample", observation.BetaPerSample),
            BetaSigned = finite.Keep("betaSigned", observation.BetaSigned),
            ValidationAccuracy = finite.Keep("validationAccuracy", observation.ValidationAccuracy),
            ValidationLoss = finite.Keep("validationLoss", observation.ValidationLoss),
            ValidationCount = observation.ValidationCount,
            TrainAccuracy = finite.Keep("trainAccuracy", observation.TrainAccuracy),
            TrainLoss = finite.Keep("trainLoss", observation.TrainLoss),
            TestAccuracy = finite.Keep("testAccuracy", observation.TestAccuracy),
            TestCount = observation.TestCount,
            TrainSeconds = observation.TrainSeconds,
            BetaSeconds = observation.BetaSeconds,
            ValidationSeconds = observation.ValidationSeconds,
            RecordedAt = observation.RecordedAt,
            // Last: it reports on everything kept above.
            NotFinite = finite.Reasons,
        };
    }
}
