using NeuralCapacitance.Domain.Jobs;
using NeuralCapacitance.Domain.Races;

namespace NeuralCapacitance.Api.Races;

/// <summary>What a race decided about one candidate, with the numbers behind it.</summary>
public sealed record DecisionResponse
{
    /// <summary>Grows in the order of decisions.</summary>
    public required long Id { get; init; }

    /// <summary>The epoch up to which was looked; of a promotion, the one that the trial had reached.</summary>
    public required int Round { get; init; }

    /// <example>resnet8</example>
    public required string Candidate { get; init; }

    /// <summary>
    /// `dropped`: out. `kept`: goes on. `stopped`: the race is over, and it was still in it. `promoted`: one of its trials went ahead of an undecided
    /// round, because a worker would have idled; that rests on partial evidence and decides nothing.
    /// </summary>
    public required RaceAction Action { get; init; }

    /// <summary>Which of its trials was promoted; null for decisions about the candidate.</summary>
    public required int? Repeat { get; init; }

    /// <summary>Whether it had the greatest predicted accuracy; with `stopped`, it has won.</summary>
    public required bool IsLeader { get; init; }

    /// <summary>Probability of being the best of those that were in the race; null where it could not be judged, as are the numbers below.</summary>
    public required double? ProbabilityBest { get; init; }

    /// <summary>At the end of a whole training.</summary>
    public required double? PredictedAccuracy { get; init; }

    public required double? IntervalLow { get; init; }

    public required double? IntervalHigh { get; init; }

    /// <summary>Final accuracy that taking it is expected to give away against the best in the race.</summary>
    public required double? ExpectedRegret { get; init; }

    /// <summary>In words.</summary>
    public required string Reason { get; init; }

    public required DateTimeOffset CreatedAt { get; init; }

    public static DecisionResponse Of(RaceDecision decision, JobSpec spec) => new()
    {
        Id = decision.Id,
        Round = decision.Round,
        Candidate = spec.Candidates[decision.Candidate].Name,
        Action = decision.Action,
        Repeat = decision.Repeat,
        IsLeader = decision.IsLeader,
        ProbabilityBest = decision.ProbabilityBest,
        PredictedAccuracy = decision.PredictedAccuracy,
        IntervalLow = decision.IntervalLow,
        IntervalHigh = decision.IntervalHigh,
        ExpectedRegret = decision.ExpectedRegret,
        Reason = decision.Reason,
        CreatedAt = decision.CreatedAt,
    };
}

/// <summary>One page of decisions.</summary>
/// <param name="NextAfter">Pass it as `after` to go on; null if this was all for now.</param>
public sealed record DecisionPage(IReadOnlyList<DecisionResponse> Items, long? NextAfter);
