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

    private readonly double[][] _kernel;
    private readonly double[] _targets;
    private readonly double _bound;
    private readonly double[] _above;
    private readonly double[] _below;
    private readonly double[] _fit;

    private NuSvrDual(double[][] kernel, double[] targets, double c, double nu)
    {
        var n = targets.Length;
        (_kernel, _targets, _bound) = (kernel, targets, c);
        (_above, _below, _fit) = (new double[n], new double[n], new double[n]);
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
    public static NuSvrSolution Solve(double[][] kernel, double[] targets, double c, double nu, double tolerance, int steps)
    {
        var dual = new NuSvrDual(kernel, targets, c, nu);
        var converged = false;
        for (var step = 0; step < steps && !converged; step++) converged = !dual.Step(tolerance);
        var (above, below) = (dual.Level(1, dual._above), dual.Level(-1, dual._below));
        return new NuSvrSolution([.. dual._above.Zip(dual._below, (a, b) => a - b)], (below - above) / 2, Math.Max(0, -(above + below) / 2), converged);
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
        for (var i = 0; i < _fit.Length; i++) _fit[i] += sign * step * (rowTo[i] - rowFrom[i]);
        return true;
    }

    /// <summary>Where to move weight to, where from, and what that would gain; nothing where the conditions hold to the tolerance.</summary>
    private (int To, int From, double Gain) Pair(int sign, double[] weights, double tolerance)
    {
        var (to, least) = (-1, double.PositiveInfinity);
        for (var i = 0; i < weights.Length; i++)
        {
            var gradient = Gradient(sign, i);
            if (weights[i] < _bound && gradient < least) (to, least) = (i, gradient);
        }
        if (to < 0) return (-1, -1, 0);

        var best = (To: to, From: -1, Gain: 0.0);
        var greatest = double.NegativeInfinity;
        for (var j = 0; j < weights.Length; j++)
        {
            if (weights[j] <= 0) continue;
            var slope = Gradient(sign, j) - least;
            greatest = Math.Max(greatest, slope);
            if (slope <= 0) continue;
            var gain = slope * slope / Curvature(to, j);
            if (gain > best.Gain) best = (to, j, gain);
        }
        return greatest > tolerance ? best : (-1, -1, 0);
    }

    private double Gradient(int sign, int i) => sign * (_fit[i] - _targets[i]);

    private double Curvature(int i, int j) => Math.Max(_kernel[i][i] + _kernel[j][j] - (2 * _kernel[i][j]), LeastCurvature);

    /// <summary>The gradient of weights between their bounds; where there are none, the middle of what those at the bounds allow.</summary>
    private double Level(int sign, double[] weights)
    {
        var (sum, free, low, high) = (0.0, 0, double.NegativeInfinity, double.PositiveInfinity);
        for (var i = 0; i < weights.Length; i++)
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
