namespace NeuralCapacitance.Domain.Predictors;

/// <summary>A finished curve, as far as it answers to a candidate's.</summary>
/// <param name="Task">Position of its task in the history: curves of one task share its difficulty.</param>
/// <param name="Accuracies">At the candidate's epochs.</param>
/// <param name="AtEnd">Validation accuracy at the end of a training as long as the candidate's, or at its own end where that comes first.</param>
/// <param name="FinalAccuracy">In [0, 1].</param>
internal sealed record PastCurve(int Task, double[] Accuracies, double AtEnd, double FinalAccuracy);

/// <summary>
/// The finished curves of earlier tasks, repeats averaged. Those of the same data set come first, and alone where there are enough of them: nothing
/// tells more about an accuracy than others on the same images.
/// </summary>
internal sealed class PastCurves
{
    /// <summary>Same-dataset curves that make others unnecessary, and the least that a regression is trained on.</summary>
    public const int Enough = 6;

    /// <summary>No more are looked at: what they add is little, and a kernel matrix grows with their square.</summary>
    private const int Most = 200;

    private readonly List<(int Task, bool SameDataset, PooledCurve Curve, double AtEnd, double Final)> _pooled;

    /// <param name="window">Epochs outside are not looked at, but for the last.</param>
    /// <param name="horizon">Epochs of the training whose end is predicted.</param>
    public PastCurves(IReadOnlyList<PastTask> history, Window window, int horizon)
    {
        _pooled = [.. history.Index()
            .OrderByDescending(t => t.Item.SameDataset)
            .SelectMany(t => t.Item.Candidates.Select(c => (t.Index, Task: t.Item, Candidate: c)))
            .Where(p => p.Candidate.FinalAccuracy is >= 0 and <= 1)
            .Select(p => (p.Index, p.Task.SameDataset, Curve: PooledCurve.OfAccuracies(p.Candidate.Curves, window.FirstEpoch, window.LastEpoch), AtEnd: AtEnd(p.Candidate, horizon), p.Candidate.FinalAccuracy))
            .Where(p => p.AtEnd is not null && p.Curve.Points.Count > 0)
            .Select(p => (p.Index, p.SameDataset, p.Curve, p.AtEnd!.Value, p.FinalAccuracy))];
    }

    /// <summary>Those that have all these epochs.</summary>
    public IReadOnlyList<PastCurve> Covering(IReadOnlyList<int> epochs)
    {
        var covering = _pooled
            .Select(p => (p.SameDataset, Curve: At(p.Curve, epochs) is { } accuracies ? new PastCurve(p.Task, accuracies, p.AtEnd, p.Final) : null))
            .Where(p => p.Curve is not null)
            .Take(Most) // of those that cover: a short one must take no other's place
            .ToList();
        var same = covering.Count(p => p.SameDataset);
        return [.. covering.Take(same >= Enough ? same : Most).Select(p => p.Curve!)];
    }

    /// <summary>Why a predictor cannot learn from so few curves.</summary>
    public static string NotEnough(int there, int needed, IReadOnlyList<int> epochs)
        => $"not enough history: {there} of {needed} finished {(needed == 1 ? "curve" : "curves")} with epochs {epochs[0]} to {epochs[^1]}";

    private static double[]? At(PooledCurve curve, IReadOnlyList<int> epochs)
    {
        var accuracies = new double[epochs.Count];
        var found = 0;
        foreach (var point in curve.Points)
            if (found < epochs.Count && point.Epoch == epochs[found]) accuracies[found++] = point.ValidationAccuracy;
        return found == epochs.Count ? accuracies : null;
    }

    private static double? AtEnd(PastCandidate candidate, int horizon)
    {
        var last = candidate.Curves.Repeats
            .SelectMany(points => points)
            .Where(p => p.Epoch >= 1 && p.Epoch <= horizon && p.ValidationAccuracy is >= 0 and <= 1)
            .Select(p => p.Epoch)
            .DefaultIfEmpty()
            .Max();
        return PooledCurve.OfAccuracies(candidate.Curves, last, last).Points is [var end] ? end.ValidationAccuracy : null;
    }
}
