using MathNet.Numerics.LinearAlgebra;

namespace NeuralCapacitance.Domain.Statistics;

/// <summary>
/// y = task + kind + rest for a table with gaps: a fixed effect of each task, a random one of each kind, and a random rest. The variances are
/// estimated by the method of moments, so that how far one task tells of another is learned, not assumed.
/// </summary>
internal sealed class AdditiveEffects
{
    /// <summary>Alternating means converge geometrically; what is left after so many rounds is far below any noise.</summary>
    private const int Rounds = 50;

    /// <summary>A standard deviation of 0.001: tasks that were run again agree to the bit, and nothing is as sure as that.</summary>
    private const double LeastRest = 1e-6;

    private readonly Dictionary<string, (double Mean, int Tasks)> _kinds;

    private AdditiveEffects(Dictionary<string, (double Mean, int Tasks)> kinds, double kindVariance, double restVariance)
        => (_kinds, KindVariance, RestVariance) = (kinds, kindVariance, restVariance);

    /// <summary>Variance of the kinds' effects, ≥ 0.</summary>
    public double KindVariance { get; }

    /// <summary>Variance of a value about the effects of its task and kind.</summary>
    public double RestVariance { get; }

    /// <summary>
    /// Fits the tasks that hang together with <paramref name="asked"/> through common kinds: kinds that never met, not even over others, cannot be compared.
    /// </summary>
    /// <param name="all">The values of each task by kind.</param>
    /// <param name="asked">Of several groups of tasks that do not hang together, the one with most of these kinds is taken.</param>
    /// <param name="leastFreedom">Degrees of freedom that the rest must have.</param>
    /// <returns>Null: there is too little to tell the variances from each other.</returns>
    public static AdditiveEffects? Fit(IReadOnlyList<IReadOnlyDictionary<string, double>> all, IReadOnlyCollection<string> asked, int leastFreedom)
    {
        var tasks = Connected(all, asked);
        var kinds = tasks.SelectMany(t => t.Keys).Distinct(StringComparer.Ordinal).ToList();
        var freedom = tasks.Sum(t => t.Count) - tasks.Count - kinds.Count + 1;
        if (kinds.Count < 2 || freedom < leastFreedom) return null;

        var effects = kinds.ToDictionary(k => k, _ => 0.0, StringComparer.Ordinal);
        var levels = new double[tasks.Count];
        for (var round = 0; round < Rounds; round++)
        {
            foreach (var (i, task) in tasks.Index()) levels[i] = task.Average(v => v.Value - effects[v.Key]);
            foreach (var kind in kinds) effects[kind] = tasks.Index().Where(t => t.Item.ContainsKey(kind)).Average(t => t.Item[kind] - levels[t.Index]);
        }
        var rest = tasks.Index().Sum(t => t.Item.Sum(v => Math.Pow(v.Value - levels[t.Index] - effects[v.Key], 2))) / freedom;
        rest = Math.Max(rest, LeastRest);
        var counts = kinds.ToDictionary(k => k, k => tasks.Count(t => t.ContainsKey(k)), StringComparer.Ordinal);
        var mean = effects.Values.Average();
        var spread = effects.Values.Sum(e => Math.Pow(e - mean, 2)) / (kinds.Count - 1);
        var between = Math.Max(0, spread - (rest * counts.Values.Average(n => 1.0 / n)));
        return new AdditiveEffects(kinds.ToDictionary(k => k, k => (effects[k] - mean, counts[k]), StringComparer.Ordinal), between, rest);
    }

    /// <summary>What is expected of the kinds in the next task, relative to each other: mean and variance of kind + rest, the kind's effect shrunk.</summary>
    public (Vector<double> Mean, Vector<double> Variance) Expect(IReadOnlyList<string?> kinds)
    {
        var shrunk = kinds.Select(Shrunk).ToList();
        return (Vector<double>.Build.DenseOfEnumerable(shrunk.Select(s => s.Mean)), Vector<double>.Build.DenseOfEnumerable(shrunk.Select(s => s.Variance + RestVariance)));
    }

    private static List<IReadOnlyDictionary<string, double>> Connected(IReadOnlyList<IReadOnlyDictionary<string, double>> tasks, IReadOnlyCollection<string> asked)
    {
        var groups = new List<(HashSet<string> Kinds, List<IReadOnlyDictionary<string, double>> Tasks)>();
        foreach (var task in tasks)
        {
            var met = groups.FindAll(g => task.Keys.Any(g.Kinds.Contains));
            groups.RemoveAll(met.Contains);
            groups.Add(([.. met.SelectMany(g => g.Kinds), .. task.Keys], [.. met.SelectMany(g => g.Tasks), task]));
        }
        return groups.Count == 0 ? [] : groups.MaxBy(g => g.Kinds.Count(asked.Contains)).Tasks;
    }

    private (double Mean, double Variance) Shrunk(string? kind)
    {
        if (kind is null || !_kinds.TryGetValue(kind, out var known) || KindVariance <= 0) return (0, KindVariance);
        var weight = KindVariance / (KindVariance + (RestVariance / known.Tasks));
        return (weight * known.Mean, KindVariance * (1 - weight));
    }
}
