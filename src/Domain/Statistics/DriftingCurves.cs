using MathNet.Numerics.LinearAlgebra;
using MathNet.Numerics.LinearAlgebra.Factorization;

namespace NeuralCapacitance.Domain.Statistics;

/// <summary>Several curves on a common grid of times.</summary>
/// <param name="Times">u of the grid, increasing.</param>
/// <param name="Curves">Each with at least one point.</param>
internal sealed record CurveSet(IReadOnlyList<double> Times, IReadOnlyList<WeightedCurve> Curves)
{
    /// <summary>How long after the last time the curves are asked for: their drift goes on until then.</summary>
    public double Ahead { get; init; }
}

/// <summary>One curve: a target at some points of the grid.</summary>
/// <param name="At">Positions in the grid, increasing.</param>
/// <param name="Targets">y.</param>
/// <param name="Weights">Variance of the noise relative to σ².</param>
internal sealed record WeightedCurve(int[] At, double[] Targets, double[] Weights)
{
    /// <summary>x, at the same points; null: none.</summary>
    public double[]? Covariate { get; init; }

    /// <summary>x where the curves are asked for.</summary>
    public double CovariateAtEnd { get; init; }
}

/// <summary>A scaled inverse χ² prior of σ².</summary>
internal sealed record NoisePrior(double Freedom, double Sd);

/// <summary>A coefficient that is known so well.</summary>
internal sealed record Coefficient(double Mean, double Variance);

/// <summary>
/// y_mi = a_m + g_i + γ x_mi + f_m(u_i) + ε_mi for all curves m together: a level each, an effect g_i of each time that all curves
/// share, a covariate, and each its own drift (<see cref="DriftingCurve"/>). Levels and time effects have flat priors and are integrated
/// out; γ has a Gaussian one. σ² is set to its posterior mean, with γ free.
/// </summary>
internal sealed class DriftingCurves
{
    /// <summary>Keeps time effects that nothing determines at 0; far below any precision that matters.</summary>
    private const double Ridge = 1e-10;

    /// <summary>A covariate that differs less than this between curves, in its own units and those of σ, says nothing of its coefficient.</summary>
    private const double LeastInformation = 1e-12;

    private readonly CurveSet _set;
    private readonly DriftingCurve[] _curves;
    private readonly Cholesky<double>? _effectPrecision;
    private readonly Vector<double> _effects;
    private readonly Vector<double> _ofCovariate;

    /// <param name="drift">Variance of the drift per unit of time, in units of σ².</param>
    /// <param name="covariate">Prior of γ; null where curves have no covariate.</param>
    public DriftingCurves(CurveSet set, double drift, NoisePrior prior, Coefficient? covariate = null)
    {
        covariate ??= new Coefficient(Mean: 0, Variance: 1);
        _set = set;
        Drift = drift;
        _curves = [.. set.Curves.Select(c => new DriftingCurve([.. c.At.Select(i => set.Times[i])], c.Weights, drift))];
        var precisions = Array.ConvertAll(_curves, c => c.Precision());
        _effectPrecision = EffectPrecision(precisions);
        _effects = Effects(precisions, c => c.Targets);
        _ofCovariate = Effects(precisions, Covariate);

        var (yy, xy, xx) = (0.0, 0.0, 0.0);
        foreach (var (m, curve) in set.Curves.Index())
        {
            var y = Rest(curve, curve.Targets, _effects);
            var x = Rest(curve, Covariate(curve), _ofCovariate);
            var weighted = precisions[m] * x;
            (yy, xy, xx) = (yy + y.DotProduct(precisions[m] * y), xy + y.DotProduct(weighted), xx + x.DotProduct(weighted));
        }
        var isTold = xx > LeastInformation;
        var free = isTold ? xy / xx : covariate.Mean;
        var freedom = Math.Max(0, set.Curves.Sum(c => c.At.Length - 1) - (set.Times.Count - 1) - (isTold ? 1 : 0)) + prior.Freedom;
        NoiseVariance = (Math.Max(0, yy - (isTold ? free * xy : 0)) + (prior.Freedom * prior.Sd * prior.Sd)) / freedom;
        var precision = (xx / NoiseVariance) + (1 / covariate.Variance);
        CovariateCoefficient = isTold ? new Coefficient(((xy / NoiseVariance) + (covariate.Mean / covariate.Variance)) / precision, 1 / precision) : covariate;
        LogEvidence = -0.5 * (_curves.Sum(c => c.LogDeterminant) + (_effectPrecision?.DeterminantLn ?? 0) + (freedom * Math.Log(NoiseVariance))
            + (isTold ? Math.Log(NoiseVariance + (covariate.Variance * xx)) + (Math.Pow(free - covariate.Mean, 2) / (covariate.Variance + (NoiseVariance / xx))) : 0));
    }

    public double Drift { get; }

    /// <summary>σ².</summary>
    public double NoiseVariance { get; }

    /// <summary>γ, given the curves.</summary>
    public Coefficient CovariateCoefficient { get; }

    /// <summary>Log marginal likelihood up to a constant that does not depend on the drift, with σ² at its posterior mean.</summary>
    public double LogEvidence { get; }

    /// <summary>
    /// The joint posterior of every curve's a_m + f_m + γ x_m where they are asked for, with the time effect g of the last time of the grid: noise apart.
    /// A curve that is behind is carried forward by the time effects of the others, and its drift goes on.
    /// </summary>
    public (Vector<double> Mean, Matrix<double> Covariance) AtEnd()
    {
        var (count, grid) = (_curves.Length, _set.Times.Count);
        var byEffects = Matrix<double>.Build.Dense(count, grid);
        var own = Vector<double>.Build.Dense(count);
        foreach (var (m, curve) in _set.Curves.Index())
        {
            byEffects[m, grid - 1] = 1;
            foreach (var (i, weight) in _curves[m].EndWeights.Index()) byEffects[m, curve.At[i]] -= weight;
            own[m] = NoiseVariance * (_curves[m].EndVariance + (Drift * (_set.Times[^1] + _set.Ahead - _set.Times[curve.At[^1]])));
        }
        var unseen = Vector<double>.Build.Dense(count, m => _set.Curves[m].CovariateAtEnd) - AtEnd(Covariate, byEffects, _ofCovariate);
        var mean = AtEnd(c => c.Targets, byEffects, _effects) + (CovariateCoefficient.Mean * unseen);
        var covariance = Matrix<double>.Build.DiagonalOfDiagonalVector(own) + (CovariateCoefficient.Variance * unseen.OuterProduct(unseen));
        if (_effectPrecision is null) return (mean, covariance);
        var free = byEffects.SubMatrix(0, count, 1, grid - 1);
        return (mean, (NoiseVariance * free * _effectPrecision.Solve(free.Transpose())) + covariance);
    }

    private Vector<double> AtEnd(Func<WeightedCurve, double[]> values, Matrix<double> byEffects, Vector<double> effects)
        => Vector<double>.Build.Dense(_curves.Length, m => _curves[m].EndWeights.Zip(values(_set.Curves[m]), (weight, value) => weight * value).Sum()) + (byEffects * effects);

    private static double[] Covariate(WeightedCurve curve) => curve.Covariate ?? new double[curve.At.Length];

    private static Vector<double> Rest(WeightedCurve curve, double[] values, Vector<double> effects)
        => Vector<double>.Build.Dense(curve.At.Length, i => values[i] - effects[curve.At[i]]);

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

    private Vector<double> Effects(Matrix<double>[] precisions, Func<WeightedCurve, double[]> values)
    {
        var sum = Vector<double>.Build.Dense(_set.Times.Count);
        foreach (var (m, curve) in _set.Curves.Index())
        {
            var weighted = precisions[m] * Vector<double>.Build.Dense(values(curve));
            for (var i = 0; i < curve.At.Length; i++) sum[curve.At[i]] += weighted[i];
        }
        var effects = Vector<double>.Build.Dense(_set.Times.Count);
        if (_effectPrecision is not null) effects.SetSubVector(1, sum.Count - 1, _effectPrecision.Solve(sum.SubVector(1, sum.Count - 1)));
        return effects;
    }
}
