using System.Numerics;

namespace NeuralCapacitance.Domain.Statistics;

/// <summary>What the dual of a ν-SVR comes to.</summary>
/// <param name="Coefficients">a − a*, one per row, each in [−C, C]; they sum to 0.</param>
/// <param name="Intercept">b of f(x) = Σ coefficient · K(row, x) + b.</param>
/// <param name="Tube">Half the width of the tube inside which an error costs nothing, ≥ 0; 0 where ν leaves it no width.</param>
/// <param name="Converged">Whether the tolerance was met within the steps allowed.</param>
internal sealed record NuSvrSolution(double[] Coefficients, double Intercept, double Tube, bool Converged)
{
    /// <summary>f at a point.</summary>
    /// <param name="kernel">K(row, point) of each row.</param>
    public double At(ReadOnlySpan<double> kernel)
    {
        var value = Intercept;
        for (var i = 0; i < kernel.Length; i++) value += Coefficients[i] * kernel[i];
        return value;
    }
}

/// <summary>
/// Minimises ½ (a − a*)'K(a − a*) − y'(a − a*) over 0 ≤ a, a* ≤ C with Σ(a − a*) = 0 and Σ(a + a*) = Cνn (Schölkopf et al. 2000; Chang and Lin 2002).
/// The two sums fix Σa and Σa* at Cνn/2 each, so a step moves weight between two entries of a, or two of a*. Which two: the one whose
/// gradient is least and the partner that promises the greatest decrease (Fan, Chen and Lin 2005).
/// </summary>
internal sealed class NuSvrDual
{
    /// <summary>Least curvature along a step: two equal rows have none.</summary>
    private const double LeastCurvature = 1e-12;

    /// <summary>Rows are padded to whole vectors, as everything is; padded weights are NaN, which is neither below the bound nor above 0.</summary>
    private readonly double[][] _kernel;

    private readonly int _rows;
    private readonly double[] _diagonal;
    private readonly double _bound;
    private readonly double[] _above;
    private readonly double[] _below;

    /// <summary>Fit without intercept, minus target.</summary>
    private readonly double[] _errors;

    private readonly double[] _gains;

    private NuSvrDual(double[][] kernel, double[] targets, double c, double nu)
    {
        var n = targets.Length;
        (_rows, _bound) = (n, c);
        _kernel = Array.ConvertAll(kernel, row => Padded(row));
        _diagonal = Padded([.. kernel.Select((row, i) => row[i])]);
        _errors = Padded(Array.ConvertAll(targets, y => -y));
        _gains = Padded(new double[n]);
        (_above, _below) = (Padded(new double[n], double.NaN), Padded(new double[n], double.NaN));
        var rest = c * nu * n / 2;
        for (var i = 0; i < n; i++)
        {
            _above[i] = _below[i] = Math.Min(rest, c);
            rest -= _above[i];
        }
    }

    /// <param name="kernel">n×n, symmetric, positive semi-definite.</param>
    /// <param name="targets">n.</param>
    /// <param name="c">C &gt; 0.</param>
    /// <param name="nu">In (0, 1]: at most this share of the rows lies outside the tube.</param>
    /// <param name="tolerance">Of the optimality conditions, in units of the targets.</param>
    /// <param name="steps">At most so many.</param>
    public static NuSvrSolution Solve(double[][] kernel, double[] targets, double c, double nu, double tolerance, int steps, CancellationToken cancellationToken = default)
    {
        var dual = new NuSvrDual(kernel, targets, c, nu);
        var converged = false;
        for (var step = 0; step < steps && !converged; step++)
        {
            cancellationToken.ThrowIfCancellationRequested();
            converged = !dual.Step(tolerance);
        }
        var (above, below) = (dual.Level(1, dual._above), dual.Level(-1, dual._below));
        return new NuSvrSolution([.. dual._above.Zip(dual._below, (a, b) => a - b).Take(targets.Length)], (below - above) / 2, Math.Max(0, -(above + below) / 2), converged);
    }

    /// <returns>Whether there was anything left to gain.</returns>
    private bool Step(double tolerance)
    {
        var (up, down) = (Pair(1, _above, tolerance), Pair(-1, _below, tolerance));
        var (sign, weights, pair) = up.Gain >= down.Gain ? (1, _above, up) : (-1, _below, down);
        if (pair.Gain <= 0) return false;

        var (to, from) = (pair.To, pair.From);
        var step = Math.Min(Math.Min(_bound - weights[to], weights[from]), (Gradient(sign, from) - Gradient(sign, to)) / Curvature(to, from));
        weights[to] = step >= _bound - weights[to] ? _bound : weights[to] + step;
        weights[from] = step >= weights[from] ? 0 : weights[from] - step;
        var (rowTo, rowFrom) = (_kernel[to], _kernel[from]);
        var signedStep = new Vector<double>(sign * step);
        for (var i = 0; i < _errors.Length; i += Vector<double>.Count)
            (new Vector<double>(_errors, i) + (signedStep * (new Vector<double>(rowTo, i) - new Vector<double>(rowFrom, i)))).CopyTo(_errors, i);
        return true;
    }

    /// <summary>Where to move weight to, where from, and what that would gain; nothing where the conditions hold to the tolerance.</summary>
    private (int To, int From, double Gain) Pair(int sign, double[] weights, double tolerance)
    {
        var (least, greatest) = Extremes(sign, weights);
        if (!(greatest - least > tolerance)) return (-1, -1, 0);

        var to = 0;
        while (weights[to] >= _bound || Gradient(sign, to) > least) to++;
        var gain = Gains(sign, weights, to);
        return gain > 0 ? (to, Array.IndexOf(_gains, gain), gain) : (-1, -1, 0);
    }

    /// <summary>The least gradient of weights below the bound, and the greatest of those above 0.</summary>
    private (double Least, double Greatest) Extremes(int sign, double[] weights)
    {
        var least = new Vector<double>(double.PositiveInfinity);
        var greatest = new Vector<double>(double.NegativeInfinity);
        var (signs, bound) = (new Vector<double>(sign), new Vector<double>(_bound));
        for (var i = 0; i < weights.Length; i += Vector<double>.Count)
        {
            var (gradient, weight) = (signs * new Vector<double>(_errors, i), new Vector<double>(weights, i));
            least = Vector.ConditionalSelect(Vector.LessThan(weight, bound) & Vector.LessThan(gradient, least), gradient, least);
            greatest = Vector.ConditionalSelect(Vector.GreaterThan(weight, Vector<double>.Zero) & Vector.GreaterThan(gradient, greatest), gradient, greatest);
        }
        var extremes = (Least: least[0], Greatest: greatest[0]);
        for (var lane = 1; lane < Vector<double>.Count; lane++)
            extremes = (Math.Min(extremes.Least, least[lane]), Math.Max(extremes.Greatest, greatest[lane]));
        return extremes;
    }

    /// <summary>What moving weight to an entry would gain, from each of the others, 0 where it cannot.</summary>
    /// <returns>The greatest.</returns>
    private double Gains(int sign, double[] weights, int to)
    {
        var row = _kernel[to];
        var greatest = Vector<double>.Zero;
        var (signs, least, own) = (new Vector<double>(sign), new Vector<double>(Gradient(sign, to)), new Vector<double>(_diagonal[to]));
        var (two, flat) = (new Vector<double>(2), new Vector<double>(LeastCurvature));
        for (var j = 0; j < weights.Length; j += Vector<double>.Count)
        {
            var slope = (signs * new Vector<double>(_errors, j)) - least;
            var curvature = own + new Vector<double>(_diagonal, j) - (two * new Vector<double>(row, j));
            curvature = Vector.ConditionalSelect(Vector.LessThan(curvature, flat), flat, curvature);
            var may = Vector.GreaterThan(slope, Vector<double>.Zero) & Vector.GreaterThan(new Vector<double>(weights, j), Vector<double>.Zero);
            var gain = Vector.ConditionalSelect(may, slope * slope / curvature, Vector<double>.Zero);
            greatest = Vector.ConditionalSelect(Vector.GreaterThan(gain, greatest), gain, greatest);
            gain.CopyTo(_gains, j);
        }
        var most = greatest[0];
        for (var lane = 1; lane < Vector<double>.Count; lane++) most = Math.Max(most, greatest[lane]);
        return most;
    }

    private static double[] Padded(double[] values, double with = 0)
    {
        var padded = new double[(values.Length + Vector<double>.Count - 1) / Vector<double>.Count * Vector<double>.Count];
        Array.Fill(padded, with);
        values.CopyTo(padded, 0);
        return padded;
    }

    private double Gradient(int sign, int i) => sign * _errors[i];

    private double Curvature(int i, int j) => Math.Max(_diagonal[i] + _diagonal[j] - (2 * _kernel[i][j]), LeastCurvature);

    /// <summary>The gradient of weights between their bounds; where there are none, the middle of what those at the bounds allow.</summary>
    private double Level(int sign, double[] weights)
    {
        var (sum, free, low, high) = (0.0, 0, double.NegativeInfinity, double.PositiveInfinity);
        for (var i = 0; i < _rows; i++)
        {
            var gradient = Gradient(sign, i);
            if (weights[i] <= 0) high = Math.Min(high, gradient);
            else if (weights[i] >= _bound) low = Math.Max(low, gradient);
            else (sum, free) = (sum + gradient, free + 1);
        }
        if (free > 0) return sum / free;
        return double.IsInfinity(high) ? low : double.IsInfinity(low) ? high : (low + high) / 2;
    }
}
