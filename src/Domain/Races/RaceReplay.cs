using NeuralCapacitance.Domain.Predictors;

namespace NeuralCapacitance.Domain.Races;

/// <summary>
/// A race run again on curves that were recorded to the end: what it would have decided, and what it would have cost. A repeat
/// whose curve ends before a round counts as failed from there on.
/// </summary>
public static class RaceReplay
{
    /// <param name="curves">One per candidate, to the last epoch.</param>
    public static RaceOutcome Run(RaceSettings settings, IReadOnlyList<CandidateCurves> curves)
    {
        var dropped = new int?[curves.Count];
        var rounds = new List<RaceRound>();
        var last = 0;
        for (var round = settings.FirstRound; round <= settings.Epochs; round++)
        {
            var racers = curves.Select((c, i) => new Racer(i, Sound(c, dropped[i] ?? round), dropped[i])).Where(r => r.Curves.Repeats.Count > 0).ToList();
            if (!racers.Exists(r => r.IsRacing)) break;
            last = round;
            rounds.Add(Race.Decide(settings, round, racers));
            foreach (var decision in rounds[^1].Decisions.Where(d => d.Action is RaceAction.Dropped)) dropped[decision.Candidate] = round;
            if (rounds[^1].IsOver) break;
        }
        return new RaceOutcome(
            rounds.Count == 0 ? null : rounds[^1].Winner,
            curves.Select((c, i) => c.Repeats.Sum(points => Math.Min(dropped[i] ?? last, LastEpoch(points)))).Sum(),
            curves.Sum(c => c.Repeats.Sum(points => Math.Min(settings.Epochs, LastEpoch(points)))),
            rounds);
    }

    private static CandidateCurves Sound(CandidateCurves curves, int round)
        => curves with { Repeats = [.. curves.Repeats.Where(points => LastEpoch(points) >= round)] };

    private static int LastEpoch(IReadOnlyList<CurvePoint> points) => points.Count == 0 ? 0 : points.Max(p => p.Epoch);
}

/// <param name="Winner">Position of the candidate; null: none reached a round.</param>
/// <param name="EpochsTrained">Over all candidates and repeats, with no worker running ahead.</param>
/// <param name="EpochsInFull">What training all to the end costs.</param>
public sealed record RaceOutcome(int? Winner, int EpochsTrained, int EpochsInFull, IReadOnlyList<RaceRound> Rounds)
{
    public IEnumerable<RaceDecision> Decisions => Rounds.SelectMany(r => r.Decisions);

    /// <summary>Accuracy given away by the winner.</summary>
    /// <param name="truth">Final accuracy of each candidate.</param>
    /// <returns>≥ 0; null without a winner.</returns>
    public double? Regret(IReadOnlyList<double> truth) => Winner is { } winner ? truth.Max() - truth[winner] : null;
}
