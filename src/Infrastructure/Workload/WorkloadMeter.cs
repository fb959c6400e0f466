using System.Diagnostics.Metrics;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using NeuralCapacitance.Domain.Jobs;
using NeuralCapacitance.Domain.Trials;
using NeuralCapacitance.Infrastructure.Postgres.Model;
using Npgsql;

namespace NeuralCapacitance.Infrastructure.Workload;

/// <summary>
/// Jobs, trials and epochs as instruments. Only the tables know them, whichever process did the work, so they are read from there: every
/// <see cref="Interval"/>, in the background. Whoever asks in between gets what was read last, at once. While the database is away they tell nothing.
/// </summary>
public sealed partial class WorkloadMeter(NpgsqlDataSource database, IMeterFactory meters, TimeProvider clock, ILogger<WorkloadMeter> logger) : BackgroundService
{
    public const string Name = "NeuralCapacitance";

    /// <summary>A scraper commonly asks every 15 s to 60 s.</summary>
    public static readonly TimeSpan Interval = TimeSpan.FromSeconds(15);

    private volatile WorkloadSnapshot? _last;

    /// <summary>Makes the instruments before the first request: what nobody listens to is not told.</summary>
    public override Task StartAsync(CancellationToken cancellationToken)
    {
        Publish();
        return base.StartAsync(cancellationToken);
    }

    /// <summary>Reads the tables now.</summary>
    public async Task RefreshAsync(CancellationToken cancellationToken) => _last = await TryReadAsync(cancellationToken);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(Interval, clock);
        do
        {
            await RefreshAsync(stoppingToken);
        }
        while (await timer.WaitForNextTickAsync(stoppingToken));
    }

    private async Task<WorkloadSnapshot?> TryReadAsync(CancellationToken cancellationToken)
    {
        try
        {
            return await WorkloadSnapshot.ReadAsync(database, cancellationToken);
        }
        catch (NpgsqlException e)
        {
            // No answer is told as no measurement: a zero would be a lie. /health/ready says that the database is away.
            LogUnread(e.Message);
            return null;
        }
    }

    private void Publish()
    {
        var meter = meters.Create(Name);
        meter.CreateObservableGauge("neuralcapacitance.jobs", () => Tell(now => ByState(now.Jobs)), "{job}", "Jobs by state");
        meter.CreateObservableGauge("neuralcapacitance.trials", () => Tell(now => ByState(now.Trials)), "{trial}", "Trials by state");
        meter.CreateObservableCounter("neuralcapacitance.attempts", () => Tell<long>(now => [new(now.Attempts)]), "{attempt}", "Times that a worker took a trial");
        meter.CreateObservableCounter("neuralcapacitance.epochs", () => Tell<long>(now => [new(now.Epochs)]), "{epoch}", "Epochs trained and observed");
        meter.CreateObservableCounter("neuralcapacitance.epoch.time", () => Tell(EpochSeconds), "s", "Time spent in epochs, by phase");
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
