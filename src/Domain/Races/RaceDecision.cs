namespace NeuralCapacitance.Domain.Races;

public enum RaceAction
{
    /// <summary>Out: it is too unlikely to be the best.</summary>
    Dropped,

    /// <summary>Goes on to the next round.</summary>
    Kept,

    /// <summary>The race is over, and it was still in it; the leader among them has won.</summary>
    Stopped,

    /// <summary>One of its trials goes on before the round is decided, because a worker would idle otherwise. Costs time and decides nothing.</summary>
    Promoted,
}

/// <summary>What was decided about one candidate, with the numbers behind it; those are finite, or null where there is no prediction.</summary>
public sealed record RaceDecision
{
    /// <summary>Its place in the order of decisions; 0 until stored.</summary>
    public long Id { get; init; }

    /// <summary>The epoch up to which was looked.</summary>
    public required int Round { get; init; }

    /// <summary>Position in the job's spec.</summary>
    public required int Candidate { get; init; }

    public required RaceAction Action { get; init; }

    /// <summary>Which of its trials was promoted; null in a decision about the candidate.</summary>
    public int? Repeat { get; init; }

    /// <summary>Whether its predicted accuracy was the greatest of those in the race.</summary>
    public bool IsLeader { get; init; }

    /// <summary>Among those in the race when it was decided.</summary>
    public double? ProbabilityBest { get; init; }

    /// <summary>At the end of a whole training; clamped to [0, 1].</summary>
    public double? PredictedAccuracy { get; init; }

    /// <summary>Clamped to [0, 1].</summary>
    public double? IntervalLow { get; init; }

    /// <summary>Clamped to [0, 1].</summary>
    public double? IntervalHigh { get; init; }

    /// <summary>Final accuracy that taking it is expected to give away against the best in the race; ≥ 0.</summary>
    public double? ExpectedRegret { get; init; }

    /// <summary>In words.</summary>
    public required string Reason { get; init; }

    public DateTimeOffset CreatedAt { get; init; }
}

/// <summary>All decisions of one round, in the order of the candidates.</summary>
public sealed record RaceRound(int Round, IReadOnlyList<RaceDecision> Decisions)
{
    public bool IsOver => Decisions.Any(d => d.Action is RaceAction.Stopped);

    /// <summary>Position in the job's spec; null while the race goes on.</summary>
    public int? Winner => Decisions.Where(d => d is { Action: RaceAction.Stopped, IsLeader: true }).Select(d => (int?)d.Candidate).FirstOrDefault();
}
