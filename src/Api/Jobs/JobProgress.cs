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

    public static JobProgress Of(JobSpec spec, IReadOnlyList<TrialTally> tallies, IBackboneCatalogue backbones)
    {
        var costs = tallies.Select(tally => EpochCost(spec, tally.CandidateIndex, backbones)).ToList();
        var known = tallies.Zip(costs).Where(pair => pair.Second is not null).ToList();
        var typical = known.Count == 0 ? 1 : known.Sum(pair => pair.First.Trials * pair.Second!.Value) / known.Sum(pair => pair.First.Trials);
        double work = 0, done = 0;
        foreach (var (tally, own) in tallies.Zip(costs))
        {
            var cost = own ?? typical;
            work += cost * EpochsOf(spec, tally);
            done += cost * (tally.State.IsFinal ? tally.EpochsTarget : tally.EpochsDone);
        }

        return new(
            tallies.Sum(tally => tally.Trials),
            tallies.Where(tally => tally.State is TrialState.Running).Sum(tally => tally.Trials),
            tallies.Where(tally => tally.State.IsFinal).Sum(tally => tally.Trials),
            tallies.Where(tally => tally.State is TrialState.Failed).Sum(tally => tally.Trials),
            tallies.Sum(tally => EpochsOf(spec, tally)),
            tallies.Sum(tally => tally.EpochsDone),
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
    private static int EpochsOf(JobSpec spec, TrialTally tally)
        => spec.Selection.Mode is SelectionMode.Race && !tally.State.IsFinal ? tally.Trials * spec.Training.Epochs : tally.EpochsTarget;

    /// <summary>In multiply-adds. Null: nobody knows what this backbone takes; it counts like the others on average.</summary>
    private static double? EpochCost(JobSpec spec, int candidate, IBackboneCatalogue backbones)
        => backbones.Find(spec.Candidates[candidate].Backbone) is { } info ? Math.Max(1, info.MultiplyAddsAt(spec.Training.ImageSize)) : null;
}
