using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Npgsql;

namespace NeuralCapacitance.Infrastructure.Postgres;

/// <summary>One line when the database is lost, and one when it is back, however many met it meanwhile. Watches from before the first who needs the database.</summary>
internal sealed partial class OutageWatch(NpgsqlDataSource database, OutageJournal journal, TimeProvider clock, ILogger<OutageWatch> logger)
    : BackgroundService, IHostedLifecycleService
{
    private const int TimeoutSeconds = 5;

    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(500);

    public Task StartingAsync(CancellationToken cancellationToken) => base.StartAsync(cancellationToken);

    public override Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StartedAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StoppingAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StoppedAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        while (true)
        {
            var reason = await journal.NextAsync(stoppingToken);
            var start = clock.GetTimestamp();
            LogLost(reason);
            while (!await AnswersAsync(stoppingToken)) await Task.Delay(Pause, clock, stoppingToken);
            LogBack(clock.GetElapsedTime(start).TotalSeconds, journal.Close());
        }
    }

    private async Task<bool> AnswersAsync(CancellationToken cancellationToken)
    {
        try
        {
            await using var probe = database.CreateCommand("SELECT 1");
            probe.CommandTimeout = TimeoutSeconds;
            await probe.ExecuteScalarAsync(cancellationToken);
            return true;
        }
        catch (Exception e) when (e is NpgsqlException or IOException or TimeoutException or InvalidOperationException)
        {
            return false;
        }
    }

    [LoggerMessage(2012, LogLevel.Warning, "The database is not available ({Reason}); what needs it waits, and what is said of it is counted and not logged")]
    private partial void LogLost(string reason);

    [LoggerMessage(2013, LogLevel.Warning, "The database is back after {Seconds:F1} s; its absence was met {Count} times")]
    private partial void LogBack(double seconds, long count);
}
