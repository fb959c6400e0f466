using System.Globalization;

namespace NeuralCapacitance.Domain.Races;

/// <summary>
/// A race trains all candidates side by side. A round is an epoch that all in the race have reached; it drops those that are too unlikely
/// to be the best, and ends the race when one remains, when the leader is good enough, or at the last epoch. Pure: the same curves,
/// settings and round, the same decisions.
/// </summary>
public static class Race
{
    /// <param name="round">The epoch that all in the race have reached.</param>
    /// <param name="racers">All candidates that have not failed, dropped ones with their shorter curves.</param>
    /// <returns>One decision for each candidate in the race; none where nobody is.</returns>
    public static RaceRound Decide(RaceSettings settings, int round, IReadOnlyList<Racer> racers)
    {
        var field = RaceAssessment.Of(settings, round, racers);
        if (field.Count == 0) return new RaceRound(round, []);
        var leader = Leader(field, round);
        var dropped = field.Where(a => IsDropped(a, leader, settings)).ToHashSet();
        var remaining = field.Where(a => !dropped.Contains(a)).ToList();
        var end = WhyOver(settings, round, leader, remaining);
        return new RaceRound(round, [.. field.Select(a => dropped.Contains(a)
            ? a.As(RaceAction.Dropped, round, Invariant($"P(best) {a.ProbabilityBest:0.####} is below dropBelow {settings.DropBelow:0.####}"))
            : a.As(end is null ? RaceAction.Kept : RaceAction.Stopped, round, end ?? WhyKept(a, leader, settings), a == leader))]);
    }

    /// <summary>The greatest prediction leads. Without any prediction the last accuracy decides: somebody has to.</summary>
    private static RaceAssessment Leader(IReadOnlyList<RaceAssessment> field, int round)
        => field.Where(a => a.Prediction is not null).MaxBy(a => a.Prediction) ?? field.MaxBy(a => a.Racer.LastAccuracy(round))!;

    /// <summary>Never the leader: of very many candidates all may be unlikely.</summary>
    private static bool IsDropped(RaceAssessment assessment, RaceAssessment leader, RaceSettings settings)
        => assessment != leader && assessment.ProbabilityBest < settings.DropBelow;

    private static string? WhyOver(RaceSettings settings, int round, RaceAssessment leader, List<RaceAssessment> remaining)
    {
        if (remaining.Count == 1) return "it alone remains";
        if (leader.ExpectedRegret < settings.Tolerance && remaining.TrueForAll(a => a.Prediction is not null))
            return Invariant($"the leader's expected regret {Math.Max(0, leader.ExpectedRegret.Value):0.####} is below tolerance {settings.Tolerance:0.####}");
        return round >= settings.Epochs ? Invariant($"epoch {round} is the last") : null;
    }

    private static string WhyKept(RaceAssessment assessment, RaceAssessment leader, RaceSettings settings)
    {
        if (assessment.ProbabilityBest is not { } probability) return $"cannot be judged: {assessment.Reason}";
        if (assessment != leader) return Invariant($"P(best) {probability:0.####} against dropBelow {settings.DropBelow:0.####}");
        var wait = assessment.ExpectedRegret < settings.Tolerance
            ? "others cannot be judged yet"
            : Invariant($"its expected regret {assessment.ExpectedRegret:0.####} is not below tolerance {settings.Tolerance:0.####} yet");
        return Invariant($"leads: P(best) {probability:0.####}; its final accuracy may be {assessment.Interval}, and {wait}");
    }

    private static string Invariant(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
