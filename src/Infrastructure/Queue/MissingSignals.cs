using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Logging;
using NeuralCapacitance.Infrastructure.Postgres;
using NeuralCapacitance.Infrastructure.Workers;
using Npgsql;

namespace NeuralCapacitance.Infrastructure.Queue;

/// <summary>
/// Every process sees to it that its own free slots are woken: table <c>trials</c> is the outbox, and what is missing of signals is sent from here, when
/// trials are announced, when a slot becomes free, and from time to time. One signal too many finds nothing to do; one too few is sent the next time.
/// </summary>
internal sealed partial class MissingSignals(
    IDbContextFactory<ServiceDbContext> contexts, NpgsqlDataSource dataSource, TrialSignals signals, SlotGate slots, DrainGate gate, ILogger<MissingSignals> logger)
{
    /// <summary>One process at a time counts and sends; "NCQR" in ASCII.</summary>
    public const long LockKey = 0x4E435152;

    public async Task SendAsync(CancellationToken cancellationToken)
    {
        var free = slots.Free;
        if (free == 0 || gate.IsClosed) return;
        await using var context = await contexts.CreateDbContextAsync(cancellationToken);
        if (await context.CountQueuedAsync(1, cancellationToken) == 0) return;

        await using var connection = await dataSource.OpenConnectionAsync(cancellationToken);
        await using var turn = await connection.BeginTransactionAsync(cancellationToken);
        await TakeTurnAsync(connection, cancellationToken);
        var pending = signals.CountPending();
        var queued = await context.CountQueuedAsync(pending + free, cancellationToken);
        var missing = Math.Min(free, queued - pending);
        if (missing <= 0) return;
        missing = Math.Min(missing, Math.Max(signals.CountSlots(), slots.Count) - pending);
        if (missing <= 0) return;
        signals.Send(missing);
        LogSent(missing, queued);
    }

    /// <summary>Until the transaction ends. The process whose turn it is may be frozen: then this one does not wait for it, and at worst a signal is sent twice.</summary>
    private static async Task TakeTurnAsync(NpgsqlConnection connection, CancellationToken cancellationToken)
    {
        await using var take = new NpgsqlCommand($"SET LOCAL lock_timeout = '1s'; SELECT pg_advisory_xact_lock({LockKey})", connection);
        try
        {
            await take.ExecuteNonQueryAsync(cancellationToken);
        }
        catch (PostgresException e) when (e.SqlState == PostgresErrorCodes.LockNotAvailable)
        {
            // Goes on out of turn.
        }
    }

    [LoggerMessage(2210, LogLevel.Debug, "Sent {Missing} signals; {Queued} trials or more are queued")]
    private partial void LogSent(int missing, int queued);
}
