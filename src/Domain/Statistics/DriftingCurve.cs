using MathNet.Numerics.LinearAlgebra;

namespace NeuralCapacitance.Domain.Statistics;

/// <summary>
/// What one curve y_i = a + f(u_i) + ε_i tells once its level a is unknown: f a Brownian motion of variance
/// q per unit of u, ε_i independent of variance w_i; all variances in units of a common σ². Taking
/// differences removes a (restricted likelihood). Their covariance is tridiagonal, so that nothing costs more than its own size.
/// </summary>
internal sealed class DriftingCurve
{
    private readonly double[] _pivots;
    private readonly double[] _ratios;
    private readonly int _points;

    /// <param name="times">u, increasing.</param>
    /// <param name="weights">w, positive.</param>
    /// <param name="drift">q, ≥ 0.</param>
    public DriftingCurve(IReadOnlyList<double> times, IReadOnlyList<double> weights, double drift)
    {
        _points = times.Count;
        (_pivots, _ratios) = (new double[_points - 1], new double[_points - 1]);
        for (var i = 0; i < _points - 1; i++)
        {
            // LDL' of the differences' covariance, whose off-diagonal entries are −w.
            _ratios[i] = i == 0 ? 0 : -weights[i] / _pivots[i - 1];
            _pivots[i] = (drift * (times[i + 1] - times[i])) + weights[i] + weights[i + 1] + (i == 0 ? 0 : _ratios[i] * weights[i]);
        }
        LogDeterminant = _pivots.Sum(Math.Log);

        // Covariance of the differences with what is asked, which is y at the last point − ε.
        var asked = new double[_points - 1];
        if (_points > 1) asked[^1] = -weights[^1];
        double[] solved = [.. asked];
        Solve(solved);
        EndWeights = new double[_points];
        Spread(solved, EndWeights);
        EndWeights[^1] += 1;
        EndVariance = weights[^1] + (_points > 1 ? weights[^1] * solved[^1] : 0);
    }

    /// <summary>ln |covariance of the differences|.</summary>
    public double LogDeterminant { get; }

    /// <summary>The best linear unbiased estimate of a + f at the last point is the sum of these times y; they sum to 1.</summary>
    public double[] EndWeights { get; }

    /// <summary>Variance of that estimate, in units of σ².</summary>
    public double EndVariance { get; }

    /// <summary>P = D'T⁻¹D with D taking differences and T their covariance: y'Py is the curve's part of the restricted likelihood.</summary>
    public Matrix<double> Precision()
    {
        var columns = new double[_points * _points];
        var differences = new double[_points - 1];
        for (var column = 0; column < _points; column++)
        {
            Array.Clear(differences);
            if (column > 0) differences[column - 1] = 1;
            if (column < _points - 1) differences[column] = -1;
            Solve(differences);
            Spread(differences, columns.AsSpan(column * _points, _points));
        }
        return Matrix<double>.Build.Dense(_points, _points, columns);
    }

    /// <summary>Multiplies by T⁻¹, in place.</summary>
    private void Solve(double[] x)
    {
        for (var i = 1; i < x.Length; i++) x[i] -= _ratios[i] * x[i - 1];
        for (var i = x.Length - 1; i >= 0; i--) x[i] = (x[i] / _pivots[i]) - (i == x.Length - 1 ? 0 : _ratios[i + 1] * x[i + 1]);
    }

    /// <summary>D' times a vector, added to <paramref name="y"/>.</summary>
    private static void Spread(double[] differences, Span<double> y)
    {
        for (var i = 0; i < differences.Length; i++)
        {
            y[i] -= differences[i];
            y[i + 1] += differences[i];
        }
    }
}
