using System.Data;
using System.Data.Common;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Diagnostics;
using Microsoft.EntityFrameworkCore.Storage;

namespace NeuralCapacitance.Infrastructure.Postgres;

/// <summary>
/// Ends what goes on after the connection of a <see cref="ServiceDbContext.BeginTransactionAsync">transaction</see> was lost, with a <see cref="ConnectionLostException"/>. EF Core would open
/// the connection anew and send the rest of the commands without the transaction, past its locks; or the driver would call the transaction
/// "already completed", which looks like a mistake of ours.
/// </summary>
internal sealed class TransactionGuard : IDbCommandInterceptor, IDbTransactionInterceptor
{
    /// <summary>The driver has no question for it: of a transaction that has ended, however it did, it answers none.</summary>
    public static bool IsAlive(DbTransaction transaction)
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

    public Task TransactionCommittedAsync(DbTransaction transaction, TransactionEndEventData eventData, CancellationToken cancellationToken = default)
    {
        End(eventData.Context);
        return Task.CompletedTask;
    }

    public Task TransactionRolledBackAsync(DbTransaction transaction, TransactionEndEventData eventData, CancellationToken cancellationToken = default)
    {
        End(eventData.Context);
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

    private static void End(DbContext? context)
    {
        if (context is ServiceDbContext ours) ours.IsInTransaction = false;
    }

    /// <summary>Where EF Core has opened the connection anew, it has let go of the transaction.</summary>
    private static void ThrowIfLost(DbContext? context)
    {
        if (context is ServiceDbContext { IsInTransaction: true } && !(context.Database.CurrentTransaction is { } current && IsAlive(current.GetDbTransaction())))
            throw new ConnectionLostException();
    }
}
