using NeuralCapacitance.Domain.Backbones;
using NeuralCapacitance.Domain.Jobs;
using NeuralCapacitance.Domain.Trials;

namespace NeuralCapacitance.Api.Jobs;

/// <summary>How far a job is.</summary>
/// <param name="Trials">Candidates × repeats.</param>
/// <param name="TrialsRunning">On a worker now.</param>
/// <param name="TrialsDone">Ended, in whatever way.</param>
/// <param name="TrialsFailed">Of those, how many failed.</param>
/// <param name="Epochs">Over all trials; of a race as if nobody further were dropped.</param>
/// <param name="EpochsDone">Finished and observed.</param>
/// <param name="Fraction">Share of the work done, in [0, 1]; an epoch counts by its backbone's multiply-adds.</param>
public sealed record JobProgress(
    int Trials, int TrialsRunning, int TrialsDone, int TrialsFailed, int Epochs, int EpochsDone, double Fraction)
{
    private static readonly TimeSpan LongestEstimate = TimeSpan.FromDays(3_650);

    public static JobProgress Of(JobSpec spec, IReadOnlyList<Trial> trials, IBackboneCatalogue backbones)
    {
        var costs = trials.Select(trial => EpochCost(spec, trial, backbones)).ToList();
        var typical = costs.Average() ?? 1;
        double work = 0, done = 0;
        foreach (var (trial, known) in trials.Zip(costs))
        {
            var cost = known ?? typical;
            work += cost * EpochsOf(spec, trial);
            done += cost * (trial.State.IsFinal ? trial.EpochsTarget : trial.EpochsDone);
        }

        return new(
            trials.Count,
            trials.Count(trial => trial.State is TrialState.Running),
            trials.Count(trial => trial.State.IsFinal),
            trials.Count(trial => trial.State is TrialState.Failed),
            trials.Sum(trial => EpochsOf(spec, trial)),
            trials.Sum(trial => trial.EpochsDone),
            work > 0 ? Math.Round(done / work, 4) : 0);
    }

    /// <summary>What is left, if it goes on as it went so far. Null before the first epoch is done, and when nothing is left.</summary>
    /// <param name="elapsed">Since the job started.</param>
    public TimeSpan? Remaining(TimeSpan elapsed)
    {
        // A worker's clock may be ahead of ours.
        var seconds = Math.Max(0, elapsed.TotalSeconds) * ((1 - Fraction) / Fraction);
        return Fraction is > 0 and < 1 && seconds < LongestEstimate.TotalSeconds ? TimeSpan.FromSeconds(seconds) : null;
    }

    /// <summary>The target of a trial that races is only its next round.</summary>
    private static int EpochsOf(JobSpec spec, Trial trial)
        => spec.Selection.Mode is SelectionMode.Race && !trial.State.IsFinal ? spec.Training.Epochs : trial.EpochsTarget;

    /// <summary>Multiply-adds grow with the area of the input. Null: nobody knows what this backbone takes; it counts like the others on average.</summary>
    private static double? EpochCost(JobSpec spec, Trial trial, IBackboneCatalogue backbones)
    {
        if (backbones.Find(spec.Candidates[trial.CandidateIndex].Backbone) is not { } info)
        {
            return null;
        }

        var side = Math.Max(spec.Training.ImageSize, info.MinimumSize) / (double)info.NativeSize;
        return Math.Max(1, info.MultiplyAdds * side * side);
    }
}
