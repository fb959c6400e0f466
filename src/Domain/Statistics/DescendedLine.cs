namespace NeuralCapacitance.Domain.Statistics;

/// <summary>
/// The line c ≈ a·p + b after a fixed number of gradient steps from a random start (Chandrashekaran and Lane 2017). Of n points, with residuals
/// r_i = √w_i (c_i − a p_i − b): ∂L/∂a = −r·p/n − (1 − a)/eⁿ, ∂L/∂b = −Σr/n. The steps are too few to reach the minimum, so that
/// a spread of starts leaves a spread of lines. The loss is quadratic, so all steps together are one affine map of the start.
/// </summary>
internal sealed class DescendedLine
{
    private const int Steps = 50;
    private const double Rate = 0.01;

    private readonly double[] _from;
    private readonly double[] _to;
    private readonly double[] _roots;
    private readonly (double A, double B) _origin;
    private readonly (double A, double B) _ofA;
    private readonly (double A, double B) _ofB;

    /// <param name="from">p: the curve that is stretched; n values.</param>
    /// <param name="to">c: the curve that it is laid upon; n values.</param>
    /// <param name="recency">Whether later points count more: w_i = 10^(i/n), i from 0.</param>
    public DescendedLine(double[] from, double[] to, bool recency = false)
    {
        (_from, _to) = (from, to);
        _roots = [.. Enumerable.Range(0, from.Length).Select(i => recency ? Math.Sqrt(Math.Pow(10, (double)i / from.Length)) : 1)];
        _origin = Descend(0, 0);
        var (a, b) = (Descend(1, 0), Descend(0, 1));
        (_ofA, _ofB) = ((a.A - _origin.A, a.B - _origin.B), (b.A - _origin.A, b.B - _origin.B));
    }

    /// <summary>The line that a start leads to.</summary>
    public (double A, double B) From(double a, double b)
        => (_origin.A + (a * _ofA.A) + (b * _ofB.A), _origin.B + (a * _ofA.B) + (b * _ofB.B));

    /// <summary>‖r‖/n.</summary>
    public double Loss(double a, double b)
    {
        var sum = 0.0;
        for (var i = 0; i < _from.Length; i++)
        {
            var residual = _roots[i] * (_to[i] - (a * _from[i]) - b);
            sum += residual * residual;
        }
        return Math.Sqrt(sum) / _from.Length;
    }

    private (double A, double B) Descend(double a, double b)
    {
        var n = _from.Length;
        var pull = Math.Exp(-n);
        double ones = 0, p = 0, pp = 0, c = 0, cp = 0;
        for (var i = 0; i < n; i++)
        {
            ones += _roots[i] / n;
            p += _roots[i] * _from[i] / n;
            pp += _roots[i] * _from[i] * _from[i] / n;
            c += _roots[i] * _to[i] / n;
            cp += _roots[i] * _to[i] * _from[i] / n;
        }
        for (var step = 0; step < Steps; step++)
            (a, b) = (a + (Rate * (cp - (a * pp) - (b * p) + (pull * (1 - a)))), b + (Rate * (c - (a * p) - (b * ones))));
        return (a, b);
    }
}
