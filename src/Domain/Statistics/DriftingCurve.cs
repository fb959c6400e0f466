using MathNet.Numerics.LinearAlgebra;

namespace NeuralCapacitance.Domain.Statistics;

/// <summary>
/// What one curve y_i = a + f(u_i) + b G_i + ε_i tells once its level a is unknown: f a Brownian motion of variance
/// q per unit of u, b the curve's own share in a growth G that is given, of variance c, ε_i independent of variance w_i; all variances in units of a common σ². Taking
/// differences removes a (restricted likelihood). But for b their covariance is tridiagonal, and b adds a product of two vectors (Sherman and Morrison), so that nothing
/// costs more than its own size.
/// </summary>
internal sealed class DriftingCurve
{
    private readonly double[] _pivots;
    private readonly double[] _ratios;
    private readonly int _points;

    /// <summary>The differences of G, and they multiplied by T⁻¹ without b; empty where there is no b.</summary>
    private readonly double[] _growth = [];
    private readonly double[] _solvedGrowth = [];
    private readonly double _gain;

    /// <param name="times">u, increasing.</param>
    /// <param name="weights">w, positive.</param>
    /// <param name="drift">q, ≥ 0.</param>
    /// <param name="own">Of b.</param>
    public DriftingCurve(IReadOnlyList<double> times, IReadOnlyList<double> weights, double drift, OwnGrowth own)
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
        if (own.Variance > 0)
        {
            _growth = [.. Enumerable.Range(1, _points - 1).Select(i => own.Growth[i] - own.Growth[i - 1])];
            _solvedGrowth = [.. _growth];
            Solve(_solvedGrowth, _gain);
            var told = own.Variance * Dot(_growth, _solvedGrowth);
            _gain = own.Variance / (1 + told);
            LogDeterminant += Math.Log(1 + told);
        }

        // Covariance of the differences with what is asked, which is y at the last point − ε + b times the growth ahead.
        var asked = Array.ConvertAll(_growth.Length == 0 ? new double[_points - 1] : _growth, g => own.Variance * own.Ahead * g);
        if (_points > 1) asked[^1] -= weights[^1];
        double[] solved = [.. asked];
        Solve(solved, _gain);
        EndWeights = new double[_points];
        Spread(solved, EndWeights);
        EndWeights[^1] += 1;
        EndVariance = weights[^1] + (own.Variance * own.Ahead * own.Ahead) - Dot(asked, solved);
    }

    /// <summary>ln |covariance of the differences|.</summary>
    public double LogDeterminant { get; }

    /// <summary>The best linear unbiased estimate of a + f + b (G + the growth ahead) at the last point is the sum of these times y; they sum to 1.</summary>
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
            Solve(differences, _gain);
            Spread(differences, columns.AsSpan(column * _points, _points));
        }
        return Matrix<double>.Build.Dense(_points, _points, columns);
    }

    /// <summary>Multiplies by T⁻¹, in place.</summary>
    /// <param name="gain">0 leaves b out.</param>
    private void Solve(double[] x, double gain)
    {
        for (var i = 1; i < x.Length; i++) x[i] -= _ratios[i] * x[i - 1];
        for (var i = x.Length - 1; i >= 0; i--) x[i] = (x[i] / _pivots[i]) - (i == x.Length - 1 ? 0 : _ratios[i + 1] * x[i + 1]);
        if (gain <= 0) return;
        var byGrowth = gain * Dot(_growth, x);
        for (var i = 0; i < x.Length; i++) x[i] -= byGrowth * _solvedGrowth[i];
    }

    private static double Dot(double[] a, double[] b)
    {
        var sum = 0.0;
        for (var i = 0; i < a.Length; i++) sum += a[i] * b[i];
        return sum;
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

/// <summary>b: how much a curve's own part in the common growth differs from the others'.</summary>
/// <param name="Growth">G at the curve's points.</param>
/// <param name="Ahead">How much G still grows after the last of them.</param>
/// <param name="Variance">c, in units of σ²; 0: all grow alike.</param>
internal sealed record OwnGrowth(IReadOnlyList<double> Growth, double Ahead, double Variance);
