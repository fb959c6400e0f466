using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using NeuralCapacitance.Infrastructure.Jobs;
using NeuralCapacitance.Infrastructure.Postgres;

namespace NeuralCapacitance.Infrastructure.Artifacts;

/// <summary>
/// Removes, on every node since its folder may be its own, the files that nothing needs (<see cref="Leftovers"/>), and Idempotency-Keys past their time.
/// </summary>
internal sealed partial class OrphanSweep(
    IDbContextFactory<ServiceDbContext> contexts, Leftovers leftovers, TimeProvider clock, ILogger<OrphanSweep> logger) : BackgroundService
{
    private static readonly TimeSpan Interval = TimeSpan.FromHours(1);

    public async Task RunOnceAsync(CancellationToken cancellationToken)
    {
        await ForgetKeysAsync(cancellationToken);
        Remove(await leftovers.FilesAsync(cancellationToken));
        Remove(await leftovers.CheckpointsAsync(cancellationToken));
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(Interval, clock);
        do
        {
            try
            {
                await RunOnceAsync(stoppingToken);
            }
            catch (Exception e) when (!stoppingToken.IsCancellationRequested)
            {
                LogFailed(e);
            }
        }
        while (await timer.WaitForNextTickAsync(stoppingToken));
    }

    private async Task ForgetKeysAsync(CancellationToken cancellationToken)
    {
        await using var context = await contexts.CreateDbContextAsync(cancellationToken);
        var oldest = await context.NowAsync(cancellationToken) - IdempotencyKey.Lifetime;
        await context.IdempotencyKeys.Where(k => k.CreatedAt < oldest).ExecuteDeleteAsync(cancellationToken);
    }

    private void Remove(IReadOnlyList<Leftover> found)
    {
        foreach (var leftover in found)
        {
            leftover.Delete();
            LogRemoved(leftover.File.FullName, leftover.Why);
        }
    }

    [LoggerMessage(2400, LogLevel.Information, "Removed {File}: {Reason}")]
    private partial void LogRemoved(string file, string reason);

    [LoggerMessage(2402, LogLevel.Warning, "The sweep of orphaned artifacts failed; it is tried again in an hour")]
    private partial void LogFailed(Exception exception);
}
