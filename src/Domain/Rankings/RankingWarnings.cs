using System.Globalization;
using NeuralCapacitance.Domain.Jobs;
using NeuralCapacitance.Domain.Predictors;

namespace NeuralCapacitance.Domain.Rankings;

/// <summary>What a person should know before acting on a ranking.</summary>
internal static class RankingWarnings
{
    public static IEnumerable<string> About(
        IPredictor predictor, List<RankedCandidate> ranked, IReadOnlyList<CandidateRecord> records, IReadOnlyList<Rival> rivals, IReadOnlyList<CandidateRecord> alive, Window window)
    {
        // Scores look at no epoch, and are no accuracies.
        var ofAccuracies = predictor.Unit == PredictionUnit.Accuracy ? Progress(alive, window).Concat(Outside(ranked)) : [];

        var predicted = ranked.Where(c => c.Rank is not null).ToList();
        if (predicted.Count == 0) yield return "no candidate can be ranked yet; each one says why";
        foreach (var warning in Leaders(predicted, rivals).Concat(ofAccuracies).Concat(Failed(records)))
            yield return warning;
    }

    private static IEnumerable<string> Leaders(List<RankedCandidate> predicted, IReadOnlyList<Rival> rivals)
    {
        if (rivals is [{ IsToldApart: false } second, ..])
        {
            yield return Invariant(
                $"the two leaders, {predicted[0].Candidate} and {predicted[1].Candidate}, cannot be told apart: the first is better with a probability of {second.ProbabilityBehind:0.00}");
        }
    }

    private static IEnumerable<string> Progress(IReadOnlyList<CandidateRecord> alive, Window window)
    {
        // Neither an epoch dropped by evidence is a missing one, nor those that a predictor without an answer did not look at: what counts is how far the candidate has come.
        var behind = alive
            .Where(record => record.State is not CandidateState.Dropped)
            .Select(record => (record.Name, Epochs: Math.Clamp(record.LastEpoch - window.FirstEpoch + 1, 0, window.Observe)))
            .Where(record => record.Epochs < window.Observe)
            .ToList();
        if (behind.Count > 0)
            yield return $"only {behind.Min(b => b.Epochs)} of {window.Observe} epochs so far: {string.Join(", ", behind.Select(b => b.Name))}";
    }

    private static IEnumerable<string> Outside(List<RankedCandidate> ranked) => ranked
        .Where(c => c.RawPrediction is < 0 or > 1)
        .Select(c => Invariant($"{c.Candidate} is predicted at {c.RawPrediction:0.000}, outside [0, 1]: it is extrapolated far, and shown clamped"));

    private static IEnumerable<string> Failed(IReadOnlyList<CandidateRecord> records) => FailedCandidates.Warnings([.. records.Select(r => (r.Name, r.State))]).Concat(records
        .Where(r => r.FailedRepeats > 0 && r.State != CandidateState.Failed)
        .Select(r => $"{r.FailedRepeats} of {r.Trials.Count} repeats of {r.Name} failed and {(r.FailedRepeats == 1 ? "is" : "are")} left out"));

    private static string Invariant(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
