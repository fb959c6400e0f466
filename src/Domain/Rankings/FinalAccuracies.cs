using NeuralCapacitance.Domain.Jobs;
using NeuralCapacitance.Domain.Trials;

namespace NeuralCapacitance.Domain.Rankings;

/// <summary>The truth that predictions are held against: per candidate the mean over its repeats of the mean over the last epochs.</summary>
internal sealed class FinalAccuracies
{
    private readonly double?[] _values;

    private FinalAccuracies(JobSpec spec, string of, double?[] values)
    {
        Of = of;
        var epochs = SelectionSpec.FinalEpochs(spec.Training.Epochs);
        Meaning = $"{of}, {(epochs == 1 ? "the last epoch" : $"mean of the last {epochs} epochs")}{(spec.Training.Repeats > 1 ? $"{(epochs == 1 ? ", mean of" : " and")} {spec.Training.Repeats} repeats" : "")}";
        _values = values;
    }

    /// <summary><c>test</c> or <c>validation</c>: the same for all candidates, since the two differ.</summary>
    public string Of { get; }

    /// <summary>In words.</summary>
    public string Meaning { get; }

    /// <summary>Null until all repeats of the candidate have ended.</summary>
    public double? this[int candidate] => _values[candidate];

    public static FinalAccuracies Find(JobSpec spec, IReadOnlyList<CandidateRecord> candidates)
    {
        var finished = candidates.Select(c => spec.Selection.Mode == SelectionMode.Full && c.State == CandidateState.Succeeded
            ? c.Trials.Where(t => t.Trial.State == TrialState.Succeeded).ToList()
            : []).ToList();
        var hasTest = finished.TrueForAll(trials => trials.TrueForAll(t => t.Observations.Any(o => Sound(o.TestAccuracy) is not null)));
        return new FinalAccuracies(
            spec,
            hasTest ? "test" : "validation",
            [.. finished.Select(trials => Mean(trials.Select(t => Final(t.Observations, SelectionSpec.FinalEpochs(spec.Training.Epochs), o => Sound(hasTest ? o.TestAccuracy : o.ValidationAccuracy)))))]);
    }

    private static double? Final(IReadOnlyList<Observation> observations, int last, Func<Observation, double?> accuracy)
        => Mean(observations.Where(o => o.Epoch > 0 && accuracy(o) is not null).OrderByDescending(o => o.Epoch).Take(last).Select(accuracy));

    private static double? Mean(IEnumerable<double?> values) => values.Average();

    private static double? Sound(double? accuracy) => accuracy is >= 0 and <= 1 ? accuracy : null;
}
