using NeuralCapacitance.Domain.Predictors;
using NeuralCapacitance.Domain.Statistics;

namespace NeuralCapacitance.Domain.Rankings;

/// <summary>
/// Candidates of which the same was observed, to the bit: the same network under two names, say. Solvers and samplers tell them apart by rounding and by chance; nothing
/// else does. Here they get one answer, the mean of theirs.
/// </summary>
internal static class Ties
{
    /// <summary>Predictions this near, relative to their size, are equal: what a solver leaves of equal inputs.</summary>
    private const double Noise = 1e-9;

    public static bool IsGreater(double a, double b) => a - b > Noise * Math.Max(1, Math.Abs(b));

    /// <summary>Positions of candidates with the same curves, two or more each. Without an observation there is nothing to compare.</summary>
    public static IReadOnlyList<IReadOnlyList<int>> In(IReadOnlyList<CandidateCurves> curves) =>
    [
        .. Enumerable.Range(0, curves.Count).Where(i => curves[i].Repeats.Any(repeat => repeat.Count > 0))
            .GroupBy(i => curves[i].Repeats, new SameCurves())
            .Where(group => group.Skip(1).Any())
            .Select(group => group.ToList()),
    ];

    /// <summary>Predicted accuracies, so that the candidates of a group cannot be told apart. Scores, which do not come from curves, stay as they are.</summary>
    public static Prediction Settle(Prediction prediction, IReadOnlyList<IReadOnlyList<int>> groups)
    {
        if (groups.Count == 0 || prediction.Posterior is not { } posterior) return prediction;
        var settled = posterior.Exchangeable(Predicted(prediction, groups));
        var position = 0;
        return prediction with
        {
            Posterior = settled,
            Candidates = [.. prediction.Candidates.Select(c => c.Value is null ? c : c with { Value = settled.Mean[position++] })],
        };
    }

    /// <summary>The draws' chance is the last that tells them apart.</summary>
    public static Greatest Settle(Greatest greatest, Prediction prediction, IReadOnlyList<IReadOnlyList<int>> groups)
    {
        var (probability, regret) = (greatest.Probability.ToArray(), greatest.ExpectedRegret.ToArray());
        foreach (var group in Predicted(prediction, groups))
        {
            var (mean, meanRegret) = (group.Average(i => greatest.Probability[i]), group.Average(i => greatest.ExpectedRegret[i]));
            foreach (var i in group) (probability[i], regret[i]) = (mean, meanRegret);
        }
        return new Greatest(probability, regret);
    }

    /// <summary>The groups by positions among the candidates that have a prediction.</summary>
    private static List<IReadOnlyList<int>> Predicted(Prediction prediction, IReadOnlyList<IReadOnlyList<int>> groups)
    {
        var places = new Dictionary<int, int>();
        for (var i = 0; i < prediction.Candidates.Count; i++)
        {
            if (prediction.Candidates[i].Value is not null) places[i] = places.Count;
        }
        return [.. groups.Select(group => (IReadOnlyList<int>)[.. group.Where(places.ContainsKey).Select(i => places[i])]).Where(group => group.Count > 1)];
    }

    private sealed class SameCurves : IEqualityComparer<IReadOnlyList<IReadOnlyList<CurvePoint>>>
    {
        public bool Equals(IReadOnlyList<IReadOnlyList<CurvePoint>>? x, IReadOnlyList<IReadOnlyList<CurvePoint>>? y)
            => x!.Count == y!.Count && x.Zip(y).All(pair => pair.First.SequenceEqual(pair.Second));

        public int GetHashCode(IReadOnlyList<IReadOnlyList<CurvePoint>> curves)
        {
            var hash = new HashCode();
            foreach (var point in curves.SelectMany(repeat => repeat)) hash.Add(point);
            return hash.ToHashCode();
        }
    }
}
