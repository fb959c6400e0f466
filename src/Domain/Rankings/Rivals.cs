using MathNet.Numerics.Distributions;
using NeuralCapacitance.Domain.Predictors;
using NeuralCapacitance.Domain.Statistics;

namespace NeuralCapacitance.Domain.Rankings;

/// <summary>Compares the first of a ranking with each of the others, by their joint posterior.</summary>
internal static class Rivals
{
    /// <param name="ranked">Best first.</param>
    /// <param name="alive">In the order of the prediction.</param>
    /// <param name="epochs">Of a whole training.</param>
    /// <returns>In the order of the ranking, without its first; none of scores.</returns>
    public static IReadOnlyList<Rival> Of(IReadOnlyList<RankedCandidate> ranked, Prediction prediction, IReadOnlyList<CandidateRecord> alive, int epochs)
    {
        if (prediction.Posterior is not { } posterior) return [];
        var positions = alive.Zip(prediction.Candidates).Where(c => c.Second.Value is not null).Select((c, position) => (c.First.Index, position)).ToDictionary();
        var predicted = ranked.Where(c => c.Rank is not null).ToList();
        return predicted.Count < 2 ? [] : [.. predicted.Skip(1).Select(other => Compare(predicted[0], other))];

        Rival Compare(RankedCandidate first, RankedCandidate other)
        {
            var (a, b) = (positions[first.CandidateIndex], positions[other.CandidateIndex]);
            var (gap, variance) = Difference(posterior, a, b);
            var probability = variance > 0 ? Normal.CDF(0, 1, gap / Math.Sqrt(variance)) : gap > 0 ? 1 : 0.5;
            var epoch = Math.Min(LastEpoch(first), LastEpoch(other));
            return new Rival(
                other.CandidateIndex,
                probability,
                // Of whom the same was observed, to the bit, the same will be.
                other.Rank == first.Rank ? 0
                : prediction.OnTheseImages is { } passing && epoch < epochs
                    ? FurtherEpochs.ToTellApart(gap, variance, lasting: variance - Difference(passing, a, b).Variance, epoch, epochs, Rival.Apart) ?? 0
                    : null);
        }
    }

    private static int LastEpoch(RankedCandidate candidate) => candidate.Epochs.Count == 0 ? 0 : candidate.Epochs[^1];

    private static (double Mean, double Variance) Difference(JointPosterior posterior, int a, int b)
        => (posterior.Mean[a] - posterior.Mean[b], posterior.Covariance[a, a] + posterior.Covariance[b, b] - (2 * posterior.Covariance[a, b]));
}
