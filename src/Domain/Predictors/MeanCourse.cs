using MathNet.Numerics;
using NeuralCapacitance.Domain.Statistics;

namespace NeuralCapacitance.Domain.Predictors;

/// <summary>What the curves of a job do on the average from one epoch of theirs to the next, and who, by β_eff, has had how large a part in it.</summary>
internal sealed class MeanCourse
{
    /// <summary>Twice the average β_eff counts, more does not. At the other end nobody has less than none.</summary>
    private const double MostExcess = 1;

    private const double LeastExcess = -1 / 1.2;

    private readonly int[] _epochs;
    private readonly double[] _meanBetas;
    private readonly Chance _chance;

    /// <param name="images">Behind an accuracy.</param>
    private MeanCourse(int[] epochs, double[] meanBetas, double[] accuracies, int images, Chance chance)
    {
        (_epochs, _meanBetas, Accuracies, _chance) = (epochs, meanBetas, accuracies, chance);
        var rising = IsotonicRegression.Fit([.. accuracies.Select(a => SpecialFunctions.Logit(BinomialNoise.Smoothed(a, images)))]);
        Growth = [.. rising.Select(logit => logit - rising[0])];
    }

    /// <summary>All that any curve has, in order.</summary>
    public IReadOnlyList<int> Epochs => _epochs;

    /// <summary>
    /// Mean accuracy at each of <see cref="Epochs"/>: of all curves at their ends, and before by the mean gain of those that have both epochs, so that nothing jumps where one ends.
    /// </summary>
    public IReadOnlyList<double> Accuracies { get; }

    /// <summary>By how much their log-odds have risen since the first epoch, jitter apart: never less than before.</summary>
    public IReadOnlyList<double> Growth { get; }

    /// <param name="curves">Each with a point at least.</param>
    public static MeanCourse Of(IReadOnlyList<PooledCurve> curves, Chance chance)
    {
        int[] epochs = [.. curves.SelectMany(c => c.Epochs).Distinct().Order()];
        var gains = new double[epochs.Length]; // into each
        var betas = new double[epochs.Length];
        for (var i = 0; i < epochs.Length; i++)
        {
            var there = curves.Select(c => (Curve: c, At: IndexOf(c, epochs[i]))).Where(c => c.At >= 0).ToList();
            betas[i] = Mean([.. there.Select(c => c.Curve.Points[c.At].BetaEff)]);
            gains[i] = i == 0 ? 0 : there
                .Where(c => c.At > 0 && c.Curve.Points[c.At - 1].Epoch == epochs[i - 1])
                .Select(c => c.Curve.Points[c.At].ValidationAccuracy - c.Curve.Points[c.At - 1].ValidationAccuracy).DefaultIfEmpty().Average();
        }
        var accuracies = new double[epochs.Length];
        accuracies[^1] = curves.Average(c => c.Points[^1].ValidationAccuracy + gains.Where((_, i) => epochs[i] > c.Points[^1].Epoch).Sum());
        for (var i = epochs.Length - 1; i > 0; i--) accuracies[i - 1] = accuracies[i] - gains[i];
        return new MeanCourse(epochs, betas, accuracies, curves[0].Points[^1].ValidationCount, chance);
    }

    /// <summary>Logarithm of the last of so many epochs over the last of <see cref="Epochs"/>; 0 where that is beyond it.</summary>
    public double Ahead(int epochs) => Math.Max(0, Math.Log((double)epochs / _epochs[^1]));

    /// <summary>Positions of a curve's points among <see cref="Epochs"/>.</summary>
    public int[] At(PooledCurve curve) => [.. curve.Epochs.Select(epoch => Array.BinarySearch(_epochs, epoch))];

    /// <summary>
    /// β_eff of each curve at the last epoch over the mean of all, minus 1, as far as the network has begun to learn: of one that has not, β_eff is large, and says nothing.
    /// One that is behind is taken forward by β_eff ∝ 1/t.
    /// </summary>
    public IEnumerable<double> ExcessAtEnd(IReadOnlyList<PooledCurve> curves)
    {
        double[] betas = [.. curves.Select(c => c.Points[^1].BetaEff * ((double)c.Points[^1].Epoch / _epochs[^1]))];
        var mean = Mean(betas);
        return betas.Select((b, m) => Excess(b, mean, curves[m].Points[^1].ValidationAccuracy));
    }

    /// <summary>
    /// By how much a curve's log-odds rose beyond the average if gains had gone by β_eff: the sum, over the steps, of the common gain times the excess of β_eff before the step.
    /// The coefficient of this in the curves is γ.
    /// </summary>
    /// <returns>At the curve's points, the first 0, and at the last epoch of all.</returns>
    public (double[] AtPoints, double AtEnd) RiseByBeta(PooledCurve curve)
    {
        var at = At(curve);
        var rise = new double[at.Length];
        var (sum, point) = (0.0, 0);
        for (var i = at[0] + 1; i < _epochs.Length; i++)
        {
            // The last own β_eff before the step, over the mean at that epoch.
            sum += Excess(curve.Points[point].BetaEff, _meanBetas[at[point]], curve.Points[point].ValidationAccuracy) * (Growth[i] - Growth[i - 1]);
            if (point + 1 < at.Length && at[point + 1] == i) rise[++point] = sum;
        }
        return (rise, sum);
    }

    private double Excess(double beta, double mean, double accuracy) => mean > 0 ? _chance.Begun(accuracy) * Math.Clamp((beta / mean) - 1, LeastExcess, MostExcess) : 0;

    /// <summary>The sum of huge ones would overflow.</summary>
    private static double Mean(double[] betas) => betas.Sum(b => b / betas.Length);

    private static int IndexOf(PooledCurve curve, int epoch)
    {
        for (var i = 0; i < curve.Points.Count; i++)
            if (curve.Points[i].Epoch == epoch) return i;
        return -1;
    }
}
