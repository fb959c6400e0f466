namespace NeuralCapacitance.Evaluation.Rankings;

/// <summary>Spearman's ρ of a sample in which every pair counts a whole number of times, as a bootstrap needs it: sorted once, asked often.</summary>
internal sealed class ResampledSpearman
{
    private const int LeastPairs = 3;

    private readonly Sorted _x;
    private readonly Sorted _y;

    public ResampledSpearman(IReadOnlyList<double> x, IReadOnlyList<double> y) => (_x, _y) = (new Sorted(x), new Sorted(y));

    /// <param name="times">How often each pair counts.</param>
    /// <returns>NaN where it is undefined, or rests on fewer than three different pairs.</returns>
    public double Of(ReadOnlySpan<int> times)
    {
        (int pairs, int total) = (0, 0);
        foreach (int n in times)
        {
            total += n;
            if (n > 0) pairs++;
        }

        if (pairs < LeastPairs) return double.NaN;
        Span<double> x = stackalloc double[times.Length];
        Span<double> y = stackalloc double[times.Length];
        _x.Ranks(times, x);
        _y.Ranks(times, y);
        double middle = (total + 1) / 2.0; // the mean of ranks, whatever the ties
        double xx = 0, yy = 0, xy = 0;
        for (int i = 0; i < times.Length; i++)
        {
            (double dx, double dy) = (x[i] - middle, y[i] - middle);
            xx += times[i] * dx * dx;
            yy += times[i] * dy * dy;
            xy += times[i] * dx * dy;
        }

        return xx > 0 && yy > 0 ? Math.Clamp(xy / Math.Sqrt(xx * yy), -1, 1) : double.NaN;
    }

    private sealed class Sorted
    {
        private readonly int[] _order;
        private readonly bool[] _tied; // with the one before it in this order

        public Sorted(IReadOnlyList<double> values)
        {
            _order = [.. Enumerable.Range(0, values.Count).OrderBy(i => values[i])];
            _tied = [.. _order.Select((value, i) => i > 0 && values[value] <= values[_order[i - 1]])];
        }

        /// <summary>Ties share the mean of their positions.</summary>
        public void Ranks(ReadOnlySpan<int> times, Span<double> ranks)
        {
            int before = 0;
            for (int i = 0; i < _order.Length;)
            {
                (int end, int count) = (i, 0);
                do count += times[_order[end++]]; while (end < _order.Length && _tied[end]);
                for (; i < end; i++) ranks[_order[i]] = before + ((count + 1) / 2.0);
                before += count;
            }
        }
    }
}
