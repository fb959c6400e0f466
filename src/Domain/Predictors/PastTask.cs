using NeuralCapacitance.Domain.Statistics;

namespace NeuralCapacitance.Domain.Predictors;

/// <summary>A selection whose candidates were all trained to the end: what a predictor may learn from.</summary>
/// <param name="Name">For messages.</param>
/// <param name="SameDataset">Whether its images and labels are those of the task at hand.</param>
/// <param name="Epochs">Of the whole training.</param>
public sealed record PastTask(string Name, bool SameDataset, int Epochs, IReadOnlyList<PastCandidate> Candidates)
{
    /// <summary>Fewer tasks in common tell little of the next one.</summary>
    private const int LeastTasks = 3;

    /// <summary>Of the estimate of how much tasks differ.</summary>
    private const int LeastFreedom = 5;

    /// <summary>What earlier tasks tell of the kinds of candidates (backbone and kind of weights).</summary>
    /// <param name="kinds">Null: unknown.</param>
    /// <param name="shortage">Why they tell nothing; null where they do.</param>
    internal static AdditiveEffects? EffectsOfKinds(IReadOnlyList<PastTask> history, IEnumerable<string?> kinds, out string? shortage)
    {
        var asked = kinds.OfType<string>().ToHashSet(StringComparer.Ordinal);
        var shared = OfKinds(history, asked);
        var effects = shared.Count < LeastTasks ? null : AdditiveEffects.Fit(shared, asked, LeastFreedom);
        shortage = effects is not null ? null
            : shared.Count < LeastTasks ? $"not enough history: {shared.Count} of {LeastTasks} finished tasks share two or more kinds of candidates with this job"
            : "not enough history: finished tasks have too few kinds of candidates in common to tell how much tasks differ";
        return effects;
    }

    /// <summary>The final accuracies by kind, several candidates of a kind averaged, of the tasks that have two of these kinds or more.</summary>
    private static IReadOnlyList<IReadOnlyDictionary<string, double>> OfKinds(IReadOnlyList<PastTask> history, HashSet<string> kinds)
        => [.. history
            .Select(task => task.Candidates.Where(c => c.Curves.Kind is not null).GroupBy(c => c.Curves.Kind!, StringComparer.Ordinal)
                .ToDictionary(kind => kind.Key, kind => kind.Average(c => c.FinalAccuracy), StringComparer.Ordinal))
            .Where(task => task.Keys.Count(kinds.Contains) >= 2)];
}

/// <param name="Curves">To the last epoch.</param>
/// <param name="FinalAccuracy">In [0, 1].</param>
public sealed record PastCandidate(string Name, CandidateCurves Curves, double FinalAccuracy);
