using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;
using NeuralCapacitance.Domain.Trials;
using NeuralCapacitance.Infrastructure.Access;
using NeuralCapacitance.Infrastructure.Postgres;
using NeuralCapacitance.Infrastructure.Postgres.Model;
using NeuralCapacitance.Infrastructure.Queue;

namespace NeuralCapacitance.Infrastructure.Workers;

/// <summary>The workers that there are, as their check-ins tell. The database's clock says who is alive.</summary>
public sealed class WorkerStore
{
    /// <summary>A place that nobody was seen at for so long is forgotten.</summary>
    public static readonly TimeSpan Kept = TimeSpan.FromHours(1);

    /// <summary>The same of one that takes no trials: who stopped it there may come back to it.</summary>
    public static readonly TimeSpan DrainedKept = TimeSpan.FromDays(7);

    private readonly IDbContextFactory<ServiceDbContext> _contexts;
    private readonly TimeSpan _window;

    internal WorkerStore(IDbContextFactory<ServiceDbContext> contexts, IOptions<QueueOptions> options)
    {
        _contexts = contexts;
        _window = options.Value.CheckInWindow;
    }

    /// <summary>By id, those that are gone for less than <see cref="Kept"/> too.</summary>
    public async Task<IReadOnlyList<WorkerInfo>> ListAsync(CancellationToken cancellationToken)
    {
        await using var context = await _contexts.CreateDbContextAsync(cancellationToken);
        var rows = await context.Workers.AsNoTracking().OrderBy(w => w.Id).ToListAsync(cancellationToken);
        return await DescribeAsync(context, rows, cancellationToken);
    }

    /// <summary>Whether any worker is alive.</summary>
    public async Task<bool> AnyAliveAsync(CancellationToken cancellationToken)
    {
        await using var context = await _contexts.CreateDbContextAsync(cancellationToken);
        var oldest = await context.NowAsync(cancellationToken) - _window;
        return await context.Workers.AnyAsync(w => w.SeenAt > oldest, cancellationToken);
    }

    /// <summary>From its commit on the worker takes no trials, or takes them again. What it runs goes on. It stays so over restarts of everybody.</summary>
    /// <param name="by">Null: the service itself.</param>
    /// <returns>Null: there is no such worker.</returns>
    public async Task<WorkerInfo?> DrainAsync(string id, bool draining, CancellationToken cancellationToken, Actor? by = null)
    {
        await using var context = await _contexts.CreateDbContextAsync(cancellationToken);
        await using var transaction = await context.BeginTransactionAsync(cancellationToken);
        var now = await context.NowAsync(cancellationToken);
        var known = context.Workers.Where(w => w.Id == id);
        var changed = await known.Where(w => w.DrainingSince == null == draining)
            .ExecuteUpdateAsync(set => set.SetProperty(w => w.DrainingSince, draining ? now : null), cancellationToken);
        if (changed > 0)
        {
            context.Note(by ?? Actor.Service, draining ? AuditAction.Drained : AuditAction.Resumed, AuditSubject.Worker(id), now);
            await context.SaveChangesAsync(cancellationToken);
            await context.AnnounceQueuedAsync(cancellationToken);
        }
        var row = await known.AsNoTracking().SingleOrDefaultAsync(cancellationToken);
        await transaction.CommitAsync(cancellationToken);
        return row is null ? null : (await DescribeAsync(context, [row], cancellationToken))[0];
    }

    /// <summary>Removes the places that nobody has been seen at for long.</summary>
    internal async Task ForgetAsync(CancellationToken cancellationToken)
    {
        await using var context = await _contexts.CreateDbContextAsync(cancellationToken);
        var now = await context.NowAsync(cancellationToken);
        var (oldest, oldestDrained) = (now - Kept, now - DrainedKept);
        await context.Workers.Where(w => (w.SeenAt ?? w.StartedAt) < (w.DrainingSince == null ? oldest : oldestDrained)).ExecuteDeleteAsync(cancellationToken);
    }

    private async Task<IReadOnlyList<WorkerInfo>> DescribeAsync(ServiceDbContext context, IReadOnlyCollection<WorkerRow> rows, CancellationToken cancellationToken)
    {
        var oldest = await context.NowAsync(cancellationToken) - _window;
        var running = (await context.Trials.AsNoTracking().Where(t => t.State == TrialState.Running).OrderBy(t => t.Id)
                .Join(context.Jobs, t => t.JobId, j => j.Id, (t, j) => new { t.LeaseOwner, Trial = new RunningTrial(t.Id, t.JobId, j.Owner, t.Candidate, t.Attempt, t.EpochsDone, t.EpochsTarget) })
                .ToListAsync(cancellationToken))
            .ToLookup(running => WorkerName.ProcessOf(running.LeaseOwner!), running => running.Trial, StringComparer.Ordinal);
        return [.. rows.Select(row => new WorkerInfo(
            row.Id,
            row.Process,
            row.Version,
            row.Device,
            row.Slots,
            row.SeenAt > oldest,
            MemoryOf(row.MemoryUsed, row.MemoryTotal),
            MemoryOf(row.DeviceMemoryUsed, row.DeviceMemoryTotal),
            row.StartedAt,
            row.SeenAt,
            row.DrainingSince,
            [.. running[row.Process]]))];
    }

    private static MemoryUse? MemoryOf(long? used, long? total) => used is { } u && total is { } t ? new(u, t) : null;
}
