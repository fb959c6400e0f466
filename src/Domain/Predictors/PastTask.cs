namespace NeuralCapacitance.Domain.Predictors;

/// <summary>A selection whose candidates were all trained to the end: what a predictor may learn from.</summary>
/// <param name="Name">For messages.</param>
/// <param name="SameDataset">Whether its images and labels are those of the task at hand.</param>
/// <param name="Epochs">Of the whole training.</param>
public sealed record PastTask(string Name, bool SameDataset, int Epochs, IReadOnlyList<PastCandidate> Candidates)
{
    /// <summary>The final accuracies by kind, several candidates of a kind averaged, of the tasks that have two of these kinds or more.</summary>
    internal static IReadOnlyList<IReadOnlyDictionary<string, double>> OfKinds(IReadOnlyList<PastTask> history, IReadOnlySet<string> kinds)
        => [.. history
            .Select(task => task.Candidates.Where(c => c.Curves.Kind is not null).GroupBy(c => c.Curves.Kind!, StringComparer.Ordinal)
                .ToDictionary(kind => kind.Key, kind => kind.Average(c => c.FinalAccuracy), StringComparer.Ordinal))
            .Where(task => task.Keys.Count(kinds.Contains) >= 2)];
}

/// <param name="Curves">To the last epoch.</param>
/// <param name="FinalAccuracy">In [0, 1].</param>
public sealed record PastCandidate(string Name, CandidateCurves Curves, double FinalAccuracy);
