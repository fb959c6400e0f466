using NeuralCapacitance.Domain.Jobs;
using NeuralCapacitance.Domain.Trials;

namespace NeuralCapacitance.Domain.Answers;

/// <summary>What a job has done so far, apart from what it has learned.</summary>
/// <param name="Candidates">In the order of the spec.</param>
/// <param name="EpochsTrained">Over all trials.</param>
/// <param name="EpochsPlanned">Over all trials; of a race at most.</param>
/// <param name="EpochsSaved">What trials that have ended, other than by failing, have not trained of a whole training.</param>
/// <param name="SecondsSpent">Training, β_eff and validation, over all trials.</param>
/// <param name="SecondsSaved">Estimate: the saved epochs, each at the mean seconds that its own trial measured per epoch.</param>
/// <param name="ValidationImages">0: not known yet.</param>
/// <param name="TestImages">0: there are none, or it is not known yet.</param>
public sealed record JobCourse(
    IReadOnlyList<CandidateCourse> Candidates, int EpochsTrained, int EpochsPlanned, int EpochsSaved, double SecondsSpent, double SecondsSaved, int ValidationImages, int TestImages)
{
    public static JobCourse Of(JobSpec spec, IReadOnlyCollection<Trial> trials, IReadOnlyCollection<Observation> observations)
    {
        var byTrial = observations.ToLookup(o => o.TrialId);
        var perEpoch = trials.ToDictionary(t => t.Id, t => byTrial[t.Id].Where(o => o.Epoch > 0).Select(Seconds).DefaultIfEmpty(double.NaN).Average());
        var saved = trials.Where(t => t.State is TrialState.Dropped or TrialState.Succeeded)
            .Select(t => (t.Id, Epochs: Math.Max(0, spec.Training.Epochs - t.EpochsDone))).ToList();
        return new JobCourse(
            [.. spec.Candidates.Select((_, index) => CandidateCourse.Of([.. trials.Where(t => t.CandidateIndex == index)], perEpoch))],
            trials.Sum(t => t.EpochsDone),
            trials.Sum(t => t.State.IsFinal ? t.EpochsDone : spec.MostEpochs()),
            saved.Sum(s => s.Epochs),
            observations.Sum(Seconds),
            saved.Where(s => double.IsFinite(perEpoch[s.Id])).Sum(s => s.Epochs * perEpoch[s.Id]),
            observations.Select(o => o.ValidationCount).DefaultIfEmpty(0).Max(),
            observations.Select(o => o.TestCount).DefaultIfEmpty(0).Max());
    }

    private static double Seconds(Observation observation) => observation.TrainSeconds + observation.BetaSeconds + observation.ValidationSeconds;
}

/// <param name="Epochs">That all repeats have trained which have not failed.</param>
/// <param name="SecondsPerEpoch">Mean over the repeats; null before the first epoch.</param>
public sealed record CandidateCourse(int Epochs, double? SecondsPerEpoch)
{
    internal static CandidateCourse Of(IReadOnlyList<Trial> repeats, IReadOnlyDictionary<Guid, double> secondsPerEpoch)
    {
        double[] seconds = [.. repeats.Select(t => secondsPerEpoch[t.Id]).Where(double.IsFinite)];
        return new CandidateCourse(
            repeats.Where(t => t.State is not TrialState.Failed).Select(t => t.EpochsDone).DefaultIfEmpty(0).Min(),
            seconds.Length == 0 ? null : seconds.Average());
    }
}
