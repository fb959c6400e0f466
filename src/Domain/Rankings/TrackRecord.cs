using System.Globalization;
using NeuralCapacitance.Domain.Predictors;
using NeuralCapacitance.Domain.Statistics;

namespace NeuralCapacitance.Domain.Rankings;

/// <summary>How well predictors would have ranked the finished jobs, from the same window of epochs.</summary>
public static class TrackRecord
{
    /// <summary>Fewer jobs say nothing about the next one.</summary>
    private const int LeastTasks = 3;

    /// <summary>ρ of two candidates is 1 or −1, by luck as much as by merit.</summary>
    private const int LeastCandidates = 3;

    /// <summary>A smaller difference does not show in three digits.</summary>
    private const double LeastDifference = 0.0005;

    /// <summary>What costs nothing, and has to be beaten.</summary>
    public static IReadOnlyList<string> Trivial { get; } = [PredictorNames.LastSeen, PredictorNames.BestSeen, PredictorNames.LastThreeMean];

    /// <summary>
    /// Spearman's ρ with the final accuracies, per task; null where it is undefined, or where the window leaves nothing to predict. A
    /// predictor that learns from other tasks learns from all but the one that it ranks.
    /// </summary>
    /// <param name="imported">More to learn from, of which none is ranked.</param>
    public static IReadOnlyList<double?> Rhos(IPredictor predictor, Window window, IReadOnlyList<PastTask> tasks, IReadOnlyList<PastTask> imported, CancellationToken cancellationToken = default)
        => [.. tasks.Select((task, i) => window.LastEpoch < task.Epochs
            ? Rho(predictor, window, task, [.. tasks.Where((_, other) => other != i), .. imported], cancellationToken)
            : null)];

    /// <summary>The trivial predictor with the greatest mean ρ, if that is greater than this predictor's on the same jobs: a sentence with the numbers. Else null.</summary>
    /// <param name="predictor">Name.</param>
    /// <param name="own">As <see cref="Rhos"/> gives them.</param>
    /// <param name="trivial">Likewise, by name.</param>
    public static string? Warning(string predictor, Window window, IReadOnlyList<double?> own, IReadOnlyDictionary<string, IReadOnlyList<double?>> trivial)
    {
        var better = trivial
            .Where(other => !string.Equals(other.Key, predictor, StringComparison.Ordinal))
            .Select(other => (Name: other.Key, Both: own.Zip(other.Value).Where(pair => pair is { First: not null, Second: not null }).ToList()))
            .Where(other => other.Both.Count >= LeastTasks)
            .Select(other => (other.Name, Jobs: other.Both.Count, Own: other.Both.Average(p => p.First!.Value), Theirs: other.Both.Average(p => p.Second!.Value)))
            .Where(other => other.Theirs - other.Own >= LeastDifference)
            .OrderByDescending(other => other.Theirs - other.Own)
            .ToList();
        if (better.Count == 0) return null;
        var (name, jobs, mean, theirs) = better[0];
        return string.Create(
            CultureInfo.InvariantCulture,
            $"{name} did better than {predictor} on {jobs} earlier jobs of yours: mean ρ {theirs:0.000} against {mean:0.000}, predicted from epochs {window.FirstEpoch} to {window.LastEpoch}");
    }

    private static double? Rho(IPredictor predictor, Window window, PastTask task, IReadOnlyList<PastTask> history, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        var prediction = predictor.Predict(new PredictionInput
        {
            Candidates = [.. task.Candidates.Select(c => c.Curves)],
            Window = window,
            Epochs = task.Epochs,
            History = history,
        }, cancellationToken);
        var known = prediction.Candidates.Zip(task.Candidates).Where(pair => pair.First.Value is { } value && double.IsFinite(value)).ToList();
        return known.Count < LeastCandidates
            ? null
            : RankCorrelation.Spearman(known.ConvertAll(k => k.First.Value!.Value), known.ConvertAll(k => k.Second.FinalAccuracy)).Value;
    }
}
