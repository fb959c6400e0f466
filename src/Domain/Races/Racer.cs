using NeuralCapacitance.Domain.Predictors;

namespace NeuralCapacitance.Domain.Races;

/// <summary>A candidate that has not failed, with what was observed of it.</summary>
/// <param name="Candidate">Position in the job's spec.</param>
/// <param name="Curves">May reach beyond the round that is decided: what is beyond is not looked at.</param>
/// <param name="DroppedAfter">The round that dropped it; null while it races. Its curve still tells of the slope that all share.</param>
public sealed record Racer(int Candidate, CandidateCurves Curves, int? DroppedAfter = null)
{
    public bool IsRacing => DroppedAfter is null;

    /// <summary>
    /// What had been observed when all had reached <paramref name="round"/>. Epochs that it trained ahead of a decision are cut off, or decisions
    /// would depend on how many workers there are.
    /// </summary>
    internal CandidateCurves Through(int round)
    {
        var last = Math.Min(round, DroppedAfter ?? round);
        return Curves with { Repeats = [.. Curves.Repeats.Select(points => (IReadOnlyList<CurvePoint>)[.. points.Where(p => p.Epoch <= last)])] };
    }

    internal double LastAccuracy(int round) => Through(round).Repeats.Where(points => points.Count > 0).Average(points => (double?)points[^1].ValidationAccuracy) ?? 0;
}
