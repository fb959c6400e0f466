using System.Diagnostics.Metrics;
using Microsoft.Extensions.Logging;
using NeuralCapacitance.Infrastructure.Workload;
using Npgsql;

namespace NeuralCapacitance.Infrastructure.Workers;

/// <summary>The workers as an instrument, read when <see cref="RefreshAsync"/> is called. While the database is away it tells nothing.</summary>
public sealed partial class WorkersMeter
{
    private static readonly string[] States = ["alive", "draining", "gone"];

    private readonly WorkerStore _workers;
    private readonly ILogger<WorkersMeter> _logger;
    private volatile IReadOnlyDictionary<string, int>? _last;

    /// <summary>Makes the instrument: what nobody listens to is not told.</summary>
    public WorkersMeter(WorkerStore workers, IMeterFactory meters, ILogger<WorkersMeter> logger)
    {
        (_workers, _logger) = (workers, logger);
        meters.Create(WorkloadMeter.Name).CreateObservableGauge("neuralcapacitance.workers", Tell, "{worker}", "Workers by state; those that stopped in good order are none");
    }

    /// <summary>Reads the table now.</summary>
    public async Task RefreshAsync(CancellationToken cancellationToken)
    {
        try
        {
            var workers = await _workers.ListAsync(cancellationToken);
            _last = workers.Where(worker => worker.SeenAt is not null).CountBy(StateOf).ToDictionary(StringComparer.Ordinal);
        }
        catch (NpgsqlException e)
        {
            LogUnread(e.Message);
            _last = null;
        }
    }

    private static string StateOf(WorkerInfo worker)
    {
        if (!worker.IsAlive) return "gone";
        return worker.DrainingSince is null ? "alive" : "draining";
    }

    private IEnumerable<Measurement<int>> Tell()
        => _last is { } now ? States.Select(state => new Measurement<int>(now.GetValueOrDefault(state), new KeyValuePair<string, object?>("state", state))) : [];

    [LoggerMessage(2233, LogLevel.Debug, "The workers could not be read for the metrics: {Reason}")]
    private partial void LogUnread(string reason);
}
