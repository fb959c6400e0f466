using System.Runtime.InteropServices;
using NeuralCapacitance.Domain.Jobs;
using NeuralCapacitance.Domain.Trials;

namespace NeuralCapacitance.Domain.Curves;

/// <summary>What was observed of a candidate, epoch by epoch, over its repeats that have not failed. In order of epochs; epoch 0 is before training.</summary>
public sealed record ObservedCurve(IReadOnlyList<ObservedEpoch> Epochs)
{
    /// <returns>One per candidate of the spec, in its order.</returns>
    public static IReadOnlyList<ObservedCurve> Of(JobSpec spec, IReadOnlyCollection<Trial> trials, IReadOnlyCollection<Observation> observations)
    {
        var candidates = trials.Where(t => t.State is not TrialState.Failed).ToDictionary(t => t.Id, t => t.CandidateIndex);
        var sums = spec.Candidates.Select(_ => new SortedDictionary<int, (SpreadSum Accuracy, SpreadSum Beta)>()).ToList();
        foreach (var observation in observations)
        {
            if (!candidates.TryGetValue(observation.TrialId, out var candidate)) continue;
            var (accuracy, beta) = sums[candidate].GetValueOrDefault(observation.Epoch);
            sums[candidate][observation.Epoch] = (accuracy.With(observation.ValidationAccuracy), beta.With(observation.BetaEff ?? double.NaN));
        }
        return [.. sums.Select(own => new ObservedCurve([.. own.Select(epoch => new ObservedEpoch(epoch.Key, epoch.Value.Accuracy.Spread, epoch.Value.Beta.Spread))]))];
    }

    /// <summary>Null: nothing was observed at this epoch.</summary>
    public ObservedEpoch? At(int epoch) => Epochs.FirstOrDefault(e => e.Epoch == epoch);

    /// <summary>At most so many epochs, evenly spread, the first and the last among them.</summary>
    /// <param name="most">At least 2.</param>
    public ObservedCurve Thinned(int most) => Epochs.Count <= most
        ? this
        : new ObservedCurve([.. Enumerable.Range(0, most).Select(i => Epochs[(int)Math.Round(i * (Epochs.Count - 1.0) / (most - 1))])]);

    [StructLayout(LayoutKind.Auto)]
    private readonly record struct SpreadSum(int Count, double Sum, double Low, double High)
    {
        public Spread? Spread => Count == 0 ? null : new Spread(Sum / Count, Low, High);

        public SpreadSum With(double value) => double.IsFinite(value)
            ? new(Count + 1, Sum + value, Count == 0 ? value : Math.Min(Low, value), Count == 0 ? value : Math.Max(High, value))
            : this;
    }
}

/// <param name="Accuracy">Validation accuracy; null: none was finite.</param>
/// <param name="Beta">β_eff; likewise.</param>
public sealed record ObservedEpoch(int Epoch, Spread? Accuracy, Spread? Beta);

/// <summary>Mean, least and greatest over the repeats.</summary>
public sealed record Spread(double Mean, double Low, double High);
