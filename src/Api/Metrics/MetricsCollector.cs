using System.Collections.Concurrent;
using System.Diagnostics.Metrics;

namespace NeuralCapacitance.Api.Metrics;

/// <summary>Listens to the process's instruments and keeps what <c>/metrics</c> shows (docs/adr/0006).</summary>
public sealed class MetricsCollector : IDisposable
{
    /// <summary>Meters whose names start like this are shown: our own, HTTP and the process, and the queue.</summary>
    internal static readonly string[] Meters =
        ["NeuralCapacitance", "Microsoft.AspNetCore.Hosting", "Microsoft.AspNetCore.Server.Kestrel", "System.Runtime", "Npgsql"];

    private readonly ConcurrentDictionary<Instrument, MetricFamily> _families = new();
    private readonly MeterListener _listener = new();
    private readonly Lock _scrape = new();

    public MetricsCollector()
    {
        _listener.InstrumentPublished = (instrument, listener) =>
        {
            if (Meters.Any(name => instrument.Meter.Name.StartsWith(name, StringComparison.Ordinal)))
            {
                listener.EnableMeasurementEvents(instrument, _families.GetOrAdd(instrument, static found => new MetricFamily(found)));
            }
        };
        // The scope of a meter is its factory; when that is disposed (a test host ends) its instruments go.
        _listener.MeasurementsCompleted = (instrument, _) => ((IDictionary<Instrument, MetricFamily>)_families).Remove(instrument);
        Listen<byte>(value => value);
        Listen<short>(value => value);
        Listen<int>(value => value);
        Listen<long>(value => value);
        Listen<float>(value => value);
        Listen<double>(value => value);
        Listen<decimal>(value => (double)value);
    }

    public void Start() => _listener.Start();

    /// <summary>Asks the observable instruments, then hands out everything by name. Instruments of one name form one family.</summary>
    internal IReadOnlyList<IGrouping<string, MetricFamily>> Collect()
    {
        lock (_scrape)
        {
            foreach (var family in _families.Values)
            {
                family.ForgetObserved();
            }

            _listener.RecordObservableInstruments();
            return [.. _families.Values.GroupBy(family => family.Name, StringComparer.Ordinal).OrderBy(group => group.Key, StringComparer.Ordinal)];
        }
    }

    public void Dispose() => _listener.Dispose();

    private void Listen<T>(Func<T, double> toDouble)
        where T : struct
        => _listener.SetMeasurementEventCallback<T>((_, measurement, tags, state) => ((MetricFamily)state!).Record(toDouble(measurement), tags));
}
