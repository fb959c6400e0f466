using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using NeuralCapacitance.Infrastructure.Postgres;

namespace NeuralCapacitance.Infrastructure.Queue;

/// <summary>Says from time to time of each trial that runs in this process that its worker lives. Nothing runs: nothing is said.</summary>
internal sealed partial class LeaseCheckIns(
    IDbContextFactory<ServiceDbContext> contexts, Firings firings, IOptions<QueueOptions> options, TimeProvider clock, ILogger<LeaseCheckIns> logger) : BackgroundService
{
    /// <summary>After a failure. When a lost database is back, nobody must wait long for the first sign of life.</summary>
    private static readonly TimeSpan RetryPause = TimeSpan.FromSeconds(1);

    public async Task CheckInAsync(CancellationToken cancellationToken)
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
                LogFailed(e.GetBaseException().Message);
                if (pause > RetryPause) pause = RetryPause;
            }
            await Task.Delay(pause, clock, stoppingToken);
        }
    }

    [LoggerMessage(2203, LogLevel.Warning, "Checking in failed ({Reason}); trying again")]
    private partial void LogFailed(string reason);
}
