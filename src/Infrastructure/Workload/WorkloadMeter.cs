using System.Diagnostics.Metrics;
using Microsoft.Extensions.Logging;
using NeuralCapacitance.Domain.Jobs;
using NeuralCapacitance.Domain.Trials;
using NeuralCapacitance.Infrastructure.Postgres.Model;
using Npgsql;

namespace NeuralCapacitance.Infrastructure.Workload;

/// <summary>
/// Jobs, trials and epochs as instruments. Only the tables know them, whichever process did the work. They are read when <see cref="RefreshAsync"/> is
/// called; whoever asks in between gets what was read last, at once. While the database is away they tell nothing but how old the last reading is.
/// </summary>
public sealed partial class WorkloadMeter
{
    public const string Name = "NeuralCapacitance";

    private readonly NpgsqlDataSource _database;
    private readonly TimeProvider _clock;
    private readonly ILogger<WorkloadMeter> _logger;
    private volatile WorkloadSnapshot? _last;
    private long _readAt;

    /// <summary>Makes the instruments: what nobody listens to is not told.</summary>
    public WorkloadMeter(NpgsqlDataSource database, IMeterFactory meters, TimeProvider clock, ILogger<WorkloadMeter> logger)
    {
        (_database, _clock, _logger) = (database, clock, logger);
        _readAt = clock.GetTimestamp();
        Publish(meters.Create(Name));
    }

    /// <summary>Reads the tables now.</summary>
    public async Task RefreshAsync(CancellationToken cancellationToken)
    {
        _last = await TryReadAsync(cancellationToken);
        if (_last is not null) Interlocked.Exchange(ref _readAt, _clock.GetTimestamp());
    }

    private async Task<WorkloadSnapshot?> TryReadAsync(CancellationToken cancellationToken)
    {
        try
        {
            return await WorkloadSnapshot.ReadAsync(_database, cancellationToken);
        }
        catch (NpgsqlException e)
        {
            // No answer is told as no measurement: a zero would be a lie. /health/ready says that the database is away.
            LogUnread(e.Message);
            return null;
        }
    }

    private void Publish(Meter meter)
    {
        meter.CreateObservableGauge("neuralcapacitance.jobs", () => Tell(now => ByState(now.Jobs)), "{job}", "Jobs by state");
        meter.CreateObservableGauge("neuralcapacitance.trials", () => Tell(now => ByState(now.Trials)), "{trial}", "Trials by state");
        meter.CreateObservableCounter("neuralcapacitance.attempts", () => Tell<long>(now => [new(now.Attempts)]), "{attempt}", "Times that a worker took a trial");
        meter.CreateObservableCounter("neuralcapacitance.epochs", () => Tell<long>(now => [new(now.Epochs)]), "{epoch}", "Epochs trained and observed");
        meter.CreateObservableCounter("neuralcapacitance.epoch.time", () => Tell(EpochSeconds), "s", "Time spent in epochs, by phase");
        meter.CreateObservableGauge(
            "neuralcapacitance.tables.age", () => _clock.GetElapsedTime(Interlocked.Read(ref _readAt)).TotalSeconds, "s", "Since jobs, trials and epochs were last read from the tables, or the start");
    }

    private IEnumerable<Measurement<T>> Tell<T>(Func<WorkloadSnapshot, IEnumerable<Measurement<T>>> measure) where T : struct => _last is { } now ? measure(now) : [];

    /// <summary>A state that nobody is in is told too: 0 is not the same as no answer.</summary>
    private static IEnumerable<Measurement<long>> ByState<TState>(IReadOnlyDictionary<TState, long> counts) where TState : struct, Enum
        => Enum.GetValues<TState>().Select(state => new Measurement<long>(counts.GetValueOrDefault(state), new KeyValuePair<string, object?>("state", StateText.Of(state))));

    private static IEnumerable<Measurement<double>> EpochSeconds(WorkloadSnapshot now) =>
    [
        new(now.TrainSeconds, new KeyValuePair<string, object?>("phase", "train")),
        new(now.BetaSeconds, new KeyValuePair<string, object?>("phase", "beta")),
        new(now.ValidationSeconds, new KeyValuePair<string, object?>("phase", "validation")),
    ];

    [LoggerMessage(2900, LogLevel.Debug, "The tables could not be read for the metrics: {Reason}")]
    private partial void LogUnread(string reason);
}
