using NeuralCapacitance.Domain.Curves;
using NeuralCapacitance.Domain.Jobs;
using NeuralCapacitance.Domain.Predictors;
using NeuralCapacitance.Domain.Trials;

namespace NeuralCapacitance.Domain.Rankings;

/// <summary>What later jobs may learn from: finished ones, and recorded curves.</summary>
public static class PastTasks
{
    /// <summary>Where a file does not say how many images an accuracy was measured on, and the accuracies do not show it.</summary>
    private const int UsualCount = 2_000;

    /// <summary>A job's candidates that were trained to the end. Null: fewer than two have a final accuracy (a job that is not <c>full</c> has none).</summary>
    /// <param name="name">For messages.</param>
    /// <param name="spec">As resolved.</param>
    /// <param name="trials">All of the job's.</param>
    /// <param name="observations">Of these trials, in any order.</param>
    /// <param name="scores">Likewise.</param>
    public static PastTask? OfJob(
        string name, JobSpec spec, IReadOnlyCollection<Trial> trials, IReadOnlyCollection<Observation> observations, IReadOnlyCollection<TrialScore> scores)
    {
        var records = CandidateRecord.Of(spec, trials, observations, scores);
        var final = FinalAccuracies.Find(spec, records);
        List<PastCandidate> finished = [.. records
            .Where(r => final[r.Index] is not null)
            .Select(r => new PastCandidate(r.Name, r.Curves(), final[r.Index]!.Value))];
        return finished.Count < 2 ? null : new PastTask(name, SameDataset: false, spec.Training.Epochs, finished);
    }

    /// <summary>
    /// One task per run. The final accuracy of a model is the mean of the test accuracies that the run has of it; a run that lacks those of a
    /// model takes the mean validation accuracy of the last epochs for all. Models that stopped before the run's last epoch are left out. A model is
    /// taken for a candidate's kind: <c>resnet8</c>, <c>resnet50@imagenet</c>.
    /// </summary>
    public static IReadOnlyList<PastTask> OfCurves(IReadOnlyList<CurveRow> rows)
        => [.. rows.GroupBy(r => r.Run, StringComparer.Ordinal).Select(run => OfRun(run.Key, [.. run])).Where(task => task.Candidates.Count >= 2)];

    private static PastTask OfRun(string name, IReadOnlyList<CurveRow> rows)
    {
        var counted = Granularity.CommonCount([.. rows.Select(r => r.ValidationAccuracy)]) ?? UsualCount;
        var epochs = rows.Max(r => r.Epoch);
        var models = rows.GroupBy(r => r.Model, StringComparer.Ordinal).Where(m => m.Max(r => r.Epoch) == epochs).ToList();
        var hasTest = models.TrueForAll(m => m.Any(r => r.TestAccuracy is not null));
        return new PastTask(name, SameDataset: false, epochs, [.. models.Select(m => new PastCandidate(
            m.Key,
            new CandidateCurves([[.. m.OrderBy(r => r.Epoch).Select(r => new CurvePoint(r.Epoch, r.Beta, r.ValidationAccuracy, r.ValidationCount ?? counted) { TestCount = r.TestCount ?? 0 })]]) { Kind = m.Key },
            hasTest
                ? m.Where(r => r.TestAccuracy is not null).Average(r => r.TestAccuracy!.Value)
                : m.OrderByDescending(r => r.Epoch).Take(SelectionSpec.FinalEpochs(epochs)).Average(r => r.ValidationAccuracy)))]);
    }
}
