using System.Diagnostics.Metrics;

namespace NeuralCapacitance.Api.Metrics;

/// <summary>What kind of exposition an instrument gets.</summary>
internal enum SeriesKind
{
    Counter,
    Gauge,
    Histogram,
}

/// <summary>One instrument with one set of labels. Measurements come from many threads.</summary>
internal sealed class Series(string labels, SeriesKind kind, bool isSum, double[] bounds)
{
    private readonly Lock _lock = new();
    private readonly long[] _buckets = kind is SeriesKind.Histogram ? new long[bounds.Length + 1] : [];
    private double _value;
    private long _count;

    /// <summary>As written between the braces; empty without labels.</summary>
    public string Labels => labels;

    /// <summary>Upper bounds of the buckets, ascending, without +∞.</summary>
    public IReadOnlyList<double> Bounds => bounds;

    public void Record(double measurement)
    {
        lock (_lock)
        {
            if (kind is SeriesKind.Histogram)
            {
                var bucket = Array.BinarySearch(bounds, measurement);
                _buckets[bucket >= 0 ? bucket : ~bucket]++;
                _count++;
            }

            _value = isSum ? _value + measurement : measurement;
        }
    }

    /// <summary>Sum or last value, number of measurements, and measurements per bucket (not cumulative).</summary>
    public (double Value, long Count, long[] Buckets) Read()
    {
        lock (_lock)
        {
            return (_value, _count, [.. _buckets]);
        }
    }

    /// <summary>Whether measurements of this instrument add up here; an observable one reports totals by itself.</summary>
    public static bool AddsUp(Instrument instrument)
    {
        var type = instrument.GetType().GetGenericTypeDefinition();
        return type == typeof(Counter<>) || type == typeof(UpDownCounter<>) || type == typeof(Histogram<>);
    }

    public static SeriesKind KindOf(Instrument instrument)
    {
        var type = instrument.GetType().GetGenericTypeDefinition();
        return type == typeof(Counter<>) || type == typeof(ObservableCounter<>) ? SeriesKind.Counter
            : type == typeof(Histogram<>) ? SeriesKind.Histogram
            : SeriesKind.Gauge;
    }
}
