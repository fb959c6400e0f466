using MathNet.Numerics.LinearAlgebra;
using MathNet.Numerics.LinearAlgebra.Factorization;

namespace NeuralCapacitance.Domain.Statistics;

/// <summary>Several curves on a common grid of times.</summary>
/// <param name="Times">u of the grid, increasing.</param>
/// <param name="Curves">Each with at least one point.</param>
internal sealed record CurveSet(IReadOnlyList<double> Times, IReadOnlyList<WeightedCurve> Curves);

/// <summary>One curve: a target at some points of the grid.</summary>
/// <param name="At">Positions in the grid, increasing.</param>
/// <param name="Targets">y.</param>
/// <param name="Weights">Variance of the noise relative to σ².</param>
internal sealed record WeightedCurve(int[] At, double[] Targets, double[] Weights);

/// <summary>A scaled inverse χ² prior of σ².</summary>
internal sealed record NoisePrior(double Freedom, double Sd);

/// <summary>
/// y_mi = a_m + g_i + f_m(u_i) + ε_mi for all curves m together: a level each, an effect g_i of each time that all curves
/// share, and a drift f_m each (<see cref="DriftingCurve"/>). Levels and time effects have flat priors and are integrated
/// out. σ² is set to its posterior mean.
/// </summary>
internal sealed class DriftingCurves
{
    /// <summary>Keeps time effects that nothing determines at 0; far below any precision that matters.</summary>
    private const double Ridge = 1e-10;

    private readonly CurveSet _set;
    private readonly DriftingCurve[] _curves;
    private readonly Cholesky<double>? _effectPrecision;
    private readonly Vector<double> _effects;

    /// <param name="drift">Variance of the drift per unit of time, in units of σ².</param>
    public DriftingCurves(CurveSet set, double drift, NoisePrior prior)
    {
        _set = set;
        Drift = drift;
        _curves = [.. set.Curves.Select(c => new DriftingCurve([.. c.At.Select(i => set.Times[i])], c.Weights, drift))];
        var precisions = Array.ConvertAll(_curves, c => c.Precision());
        _effectPrecision = EffectPrecision(precisions);
        _effects = Effects(precisions);

        var residual = 0.0;
        foreach (var (m, curve) in set.Curves.Index())
        {
            var rest = Vector<double>.Build.Dense(curve.At.Length, i => curve.Targets[i] - _effects[curve.At[i]]);
            residual += rest.DotProduct(precisions[m] * rest);
        }
        var freedom = Math.Max(0, set.Curves.Sum(c => c.At.Length - 1) - (set.Times.Count - 1)) + prior.Freedom;
        NoiseVariance = (Math.Max(0, residual) + (prior.Freedom * prior.Sd * prior.Sd)) / freedom;
        LogEvidence = -0.5 * (_curves.Sum(c => c.LogDeterminant) + (_effectPrecision?.DeterminantLn ?? 0) + (freedom * Math.Log(NoiseVariance)));
    }

    public double Drift { get; }

    /// <summary>σ².</summary>
    public double NoiseVariance { get; }

    /// <summary>Log marginal likelihood up to a constant that does not depend on the drift, with σ² at its posterior mean.</summary>
    public double LogEvidence { get; }

    /// <summary>
    /// The joint posterior of every curve's a_m + f_m + g at the last time of the grid: where the curves stand, noise apart.
    /// A curve that is behind is carried forward by the time effects of the others, and its drift goes on.
    /// </summary>
    public (Vector<double> Mean, Matrix<double> Covariance) AtEnd()
    {
        var (count, grid) = (_curves.Length, _set.Times.Count);
        var mean = Vector<double>.Build.Dense(count);
        var byEffects = Matrix<double>.Build.Dense(count, grid);
        var own = Vector<double>.Build.Dense(count);
        foreach (var (m, curve) in _set.Curves.Index())
        {
            byEffects[m, grid - 1] = 1;
            var targets = 0.0;
            foreach (var (i, weight) in _curves[m].EndWeights.Index())
            {
                targets += weight * curve.Targets[i];
                byEffects[m, curve.At[i]] -= weight;
            }
            mean[m] = targets + byEffects.Row(m).DotProduct(_effects);
            own[m] = NoiseVariance * (_curves[m].EndVariance + (Drift * (_set.Times[^1] - _set.Times[curve.At[^1]])));
        }
        var ofOwn = Matrix<double>.Build.DiagonalOfDiagonalVector(own);
        if (_effectPrecision is null) return (mean, ofOwn);
        var free = byEffects.SubMatrix(0, count, 1, grid - 1);
        return (mean, (NoiseVariance * free * _effectPrecision.Solve(free.Transpose())) + ofOwn);
    }

    /// <summary>The first time effect is 0, since the levels hold what is common to all times. Null: there is no other.</summary>
    private Cholesky<double>? EffectPrecision(Matrix<double>[] precisions)
    {
        var others = _set.Times.Count - 1;
        if (others == 0) return null;
        var sum = Sum(precisions);
        return sum.SubMatrix(1, others, 1, others).Add(Matrix<double>.Build.DenseDiagonal(others, Ridge * sum.Diagonal().Maximum())).Cholesky();
    }

    /// <summary>In plain arrays: this is where the time would go.</summary>
    private Matrix<double> Sum(Matrix<double>[] precisions)
    {
        var grid = _set.Times.Count;
        var sum = new double[grid * grid];
        foreach (var (m, curve) in _set.Curves.Index())
        {
            var precision = precisions[m].AsColumnMajorArray();
            for (int j = 0, from = 0; j < curve.At.Length; j++)
                for (var i = 0; i < curve.At.Length; i++) sum[(curve.At[j] * grid) + curve.At[i]] += precision[from++];
        }
        return Matrix<double>.Build.Dense(grid, grid, sum);
    }

    private Vector<double> Effects(Matrix<double>[] precisions)
    {
        var sum = Vector<double>.Build.Dense(_set.Times.Count);
        foreach (var (m, curve) in _set.Curves.Index())
        {
            var weighted = precisions[m] * Vector<double>.Build.Dense(curve.Targets);
            for (var i = 0; i < curve.At.Length; i++) sum[curve.At[i]] += weighted[i];
        }
        var effects = Vector<double>.Build.Dense(_set.Times.Count);
        if (_effectPrecision is not null) effects.SetSubVector(1, sum.Count - 1, _effectPrecision.Solve(sum.SubVector(1, sum.Count - 1)));
        return effects;
    }
}
