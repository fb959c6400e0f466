using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using NeuralCapacitance.Infrastructure.Postgres;
using NeuralCapacitance.Infrastructure.Workers;

namespace NeuralCapacitance.Infrastructure.Queue;

/// <summary>Says from time to time that this worker lives, and so does each trial that it runs.</summary>
internal sealed partial class LeaseCheckIns(
    IDbContextFactory<ServiceDbContext> contexts,
    Firings firings,
    WorkerRegister register,
    WorkerStore workers,
    OutageRetry retry,
    OutageJournal outages,
    IOptions<QueueOptions> options,
    TimeProvider clock,
    ILogger<LeaseCheckIns> logger) : BackgroundService
{
    /// <summary>After a failure. When a lost database is back, nobody must wait long for the first sign of life.</summary>
    private static readonly TimeSpan RetryPause = TimeSpan.FromSeconds(1);

    /// <summary>For saying that the worker leaves.</summary>
    private static readonly TimeSpan LastWriteTimeout = TimeSpan.FromSeconds(3);

    /// <summary>Before the first trial is taken: whether any may be is said of the worker's place.</summary>
    public override async Task StartAsync(CancellationToken cancellationToken)
    {
        await retry.RunAsync(register.TakePlaceAsync, cancellationToken);
        await base.StartAsync(cancellationToken);
    }

    public override async Task StopAsync(CancellationToken cancellationToken)
    {
        await base.StopAsync(cancellationToken);
        try
        {
            using var timeout = new CancellationTokenSource(LastWriteTimeout, clock);
            await register.LeaveAsync(timeout.Token);
        }
        catch (Exception e)
        {
            LogNotLeft(e.GetBaseException().Message);
        }
    }

    public async Task CheckInAsync(CancellationToken cancellationToken)
    {
        await CheckLeasesInAsync(cancellationToken);
        await register.CheckInAsync(cancellationToken);
        TouchFile();
        await workers.ForgetAsync(cancellationToken);
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        while (true)
        {
            var pause = options.Value.CheckInInterval;
            try
            {
                await CheckInAsync(stoppingToken);
            }
            catch (Exception e) when (!stoppingToken.IsCancellationRequested)
            {
                if (OutageRetry.Passes(e)) outages.Note(e);
                else LogFailed(e.GetBaseException().Message);
                if (pause > RetryPause) pause = RetryPause;
            }
            await Task.Delay(pause, clock, stoppingToken);
        }
    }

    private async Task CheckLeasesInAsync(CancellationToken cancellationToken)
    {
        var owners = firings.Owners.ToArray();
        if (owners.Length == 0) return;
        await using var context = await contexts.CreateDbContextAsync(cancellationToken);
        // A row that is locked is being written to, which nobody waits for here: locks on trials are taken after that of their job.
        await context.Database.ExecuteSqlAsync(
            $"""
             UPDATE trials SET lease_seen_at = clock_timestamp()
             WHERE id IN (SELECT id FROM trials WHERE state = 'running' AND lease_owner = ANY({owners}) FOR UPDATE SKIP LOCKED)
             """,
            cancellationToken);
    }

    private void TouchFile()
    {
        if (options.Value.CheckInFile is not { Length: > 0 } file) return;
        try
        {
            File.WriteAllText(file, "");
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            LogNotTouched(file, e.Message);
        }
    }

    [LoggerMessage(2203, LogLevel.Warning, "Checking in failed ({Reason}); trying again")]
    private partial void LogFailed(string reason);

    [LoggerMessage(2204, LogLevel.Warning, "The file {File} could not be touched: {Reason}")]
    private partial void LogNotTouched(string file, string reason);

    [LoggerMessage(2205, LogLevel.Information, "The other nodes could not be told that this worker stops ({Reason}); they notice it by its silence")]
    private partial void LogNotLeft(string reason);
}
