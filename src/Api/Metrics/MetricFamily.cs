using System.Collections.Concurrent;
using System.Diagnostics.Metrics;

namespace NeuralCapacitance.Api.Metrics;

/// <summary>One instrument and all its series.</summary>
internal sealed class MetricFamily(Instrument instrument)
{
    /// <summary>A label with unbounded values must not eat the memory; OpenTelemetry has the same limit.</summary>
    private const int MaxSeries = 2_000;

    private static readonly double[] DefaultBounds = [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 300, 1_800];

    private readonly ConcurrentDictionary<string, Series> _series = new(StringComparer.Ordinal);
    private readonly double[] _bounds = BoundsOf(instrument);
    private readonly bool _addsUp = Metrics.Series.AddsUp(instrument);

    public SeriesKind Kind { get; } = Metrics.Series.KindOf(instrument);

    public string Name { get; } = PrometheusText.NameOf(instrument);

    public string Help { get; } = instrument.Description ?? instrument.Name;

    public IEnumerable<Series> Series => _series.Values.OrderBy(series => series.Labels, StringComparer.Ordinal);

    public void Record(double measurement, ReadOnlySpan<KeyValuePair<string, object?>> tags)
    {
        var labels = PrometheusText.Labels(tags);
        if (!_series.TryGetValue(labels, out var series))
        {
            if (_series.Count >= MaxSeries)
            {
                return;
            }

            series = _series.GetOrAdd(labels, static (key, self) => new Series(key, self.Kind, self._addsUp, self._bounds), this);
        }

        series.Record(measurement);
    }

    /// <summary>An observable instrument tells all of its series at every scrape; those it no longer tells are gone.</summary>
    public void ForgetObserved()
    {
        if (instrument.IsObservable)
        {
            _series.Clear();
        }
    }

    private static double[] BoundsOf(Instrument instrument) => instrument switch
    {
        Histogram<double> { Advice.HistogramBucketBoundaries: { } bounds } => [.. bounds],
        Histogram<long> { Advice.HistogramBucketBoundaries: { } bounds } => [.. bounds.Select(bound => (double)bound)],
        Histogram<int> { Advice.HistogramBucketBoundaries: { } bounds } => [.. bounds.Select(bound => (double)bound)],
        _ => DefaultBounds,
    };
}
