using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Storage;
using Microsoft.Extensions.Logging;
using NeuralCapacitance.Domain.Jobs;
using NeuralCapacitance.Domain.Trials;
using NeuralCapacitance.Infrastructure.Postgres;

namespace NeuralCapacitance.Infrastructure.Queue;

/// <summary>
/// Keeps as many signals waiting as trials are queued, up to <see cref="TrialSignals.MostPending"/>. One signal too many is harmless,
/// one too few would be a slot that idles beside a queued trial.
/// </summary>
internal sealed partial class MissingSignals(IDbContextFactory<ServiceDbContext> contexts, TrialSignals signals, ILogger<MissingSignals> logger)
{
    /// <summary>One node at a time; "NCQR" in ASCII.</summary>
    private const long LockKey = 0x4E435152;

    /// <summary>Does nothing where another node is at it.</summary>
    public async Task AddAsync(CancellationToken cancellationToken)
    {
        await using var context = await contexts.CreateDbContextAsync(cancellationToken);
        await using var transaction = await context.BeginTransactionAsync(cancellationToken);
        var mine = await context.Database.SqlQuery<bool>($"SELECT pg_try_advisory_xact_lock({LockKey}) AS \"Value\"").SingleAsync(cancellationToken);
        if (!mine) return;
        var queued = await context.Trials.Where(t => t.State == TrialState.Queued)
            .Join(context.Jobs, t => t.JobId, j => j.Id, (_, j) => j.State)
            .CountAsync(state => state == JobState.Queued || state == JobState.Running, cancellationToken);
        if (queued == 0) return;
        var missing = Math.Min(queued, TrialSignals.MostPending) - await signals.CountPendingAsync(cancellationToken);
        if (missing <= 0) return;
        await signals.EnqueueAsync(missing, transaction.GetDbTransaction(), cancellationToken);
        await transaction.CommitAsync(cancellationToken);
        LogAdded(missing, queued);
    }

    [LoggerMessage(2210, LogLevel.Debug, "Added {Missing} signals for {Queued} queued trials")]
    private partial void LogAdded(int missing, int queued);
}
