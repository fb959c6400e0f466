using System.Data;
using System.Data.Common;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Diagnostics;
using Microsoft.EntityFrameworkCore.Storage;

namespace NeuralCapacitance.Infrastructure.Postgres;

/// <summary>
/// Ends what goes on after a transaction's connection was lost, with a <see cref="ConnectionLostException"/>. EF Core would open
/// the connection anew and send the rest of the commands without the transaction, past its locks; or the driver would call the transaction
/// "already completed", which looks like a mistake of ours.
/// </summary>
internal sealed class TransactionGuard : IDbCommandInterceptor, IDbTransactionInterceptor
{
    public ValueTask<DbTransaction> TransactionStartedAsync(
        DbConnection connection, TransactionEndEventData eventData, DbTransaction result, CancellationToken cancellationToken = default)
    {
        Mark(eventData.Context, isInTransaction: true);
        return ValueTask.FromResult(result);
    }

    public Task TransactionCommittedAsync(DbTransaction transaction, TransactionEndEventData eventData, CancellationToken cancellationToken = default)
    {
        Mark(eventData.Context, isInTransaction: false);
        return Task.CompletedTask;
    }

    public Task TransactionRolledBackAsync(DbTransaction transaction, TransactionEndEventData eventData, CancellationToken cancellationToken = default)
    {
        Mark(eventData.Context, isInTransaction: false);
        return Task.CompletedTask;
    }

    public InterceptionResult<DbCommand> CommandCreating(CommandCorrelatedEventData eventData, InterceptionResult<DbCommand> result)
    {
        ThrowIfLost(eventData.Context);
        return result;
    }

    public ValueTask<InterceptionResult> TransactionCommittingAsync(
        DbTransaction transaction, TransactionEventData eventData, InterceptionResult result, CancellationToken cancellationToken = default)
    {
        ThrowIfLost(eventData.Context);
        return ValueTask.FromResult(result);
    }

    public ValueTask<InterceptionResult> CreatingSavepointAsync(
        DbTransaction transaction, TransactionEventData eventData, InterceptionResult result, CancellationToken cancellationToken = default)
    {
        ThrowIfLost(eventData.Context);
        return ValueTask.FromResult(result);
    }

    private static void Mark(DbContext? context, bool isInTransaction)
    {
        if (context is ServiceDbContext ours) ours.IsInTransaction = isInTransaction;
    }

    /// <summary>Where EF Core has opened the connection anew, it has let go of the transaction.</summary>
    private static void ThrowIfLost(DbContext? context)
    {
        if (context is ServiceDbContext { IsInTransaction: true } && !(context.Database.CurrentTransaction is { } current && IsAlive(current.GetDbTransaction())))
            throw new ConnectionLostException();
    }

    /// <summary>The driver has no question for it: of a transaction that has ended, however it did, it answers none.</summary>
    private static bool IsAlive(DbTransaction transaction)
    {
        try
        {
            _ = transaction.IsolationLevel;
            return transaction.Connection is { State: ConnectionState.Open };
        }
        catch (InvalidOperationException)
        {
            return false;
        }
    }
}
