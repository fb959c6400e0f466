namespace NeuralCapacitance.Benchmarks.Load;

/// <summary>How long requests took, in milliseconds, told by whichever thread measured them.</summary>
internal sealed class Latencies
{
    private readonly List<double> _milliseconds = [];
    private readonly Lock _gate = new();

    public int Count
    {
        get
        {
            lock (_gate) return _milliseconds.Count;
        }
    }

    public void Add(TimeSpan latency)
    {
        lock (_gate) _milliseconds.Add(latency.TotalMilliseconds);
    }

    public Quantiles Summarize()
    {
        double[] sorted;
        lock (_gate) sorted = [.. _milliseconds.Order()];
        return sorted.Length == 0
            ? new(0, double.NaN, double.NaN, double.NaN)
            : new(sorted.Length, sorted[sorted.Length / 2], sorted[(int)(0.99 * (sorted.Length - 1))], sorted[^1]);
    }
}

/// <summary>Milliseconds; NaN of none.</summary>
internal sealed record Quantiles(int Count, double Median, double P99, double Max)
{
    public IEnumerable<Figure> Figures(string name) => [new($"{name}_p50_ms", Median), new($"{name}_p99_ms", P99), new($"{name}_max_ms", Max)];
}
