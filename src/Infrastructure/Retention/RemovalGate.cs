using Microsoft.EntityFrameworkCore;
using NeuralCapacitance.Infrastructure.Postgres;
using Npgsql;

namespace NeuralCapacitance.Infrastructure.Retention;

/// <summary>
/// Between "no job needs it" and "it is gone" no job must come that does. Who submits a job looks, under the shared half of a lock, whether what it needs is still there,
/// and inserts the job; who removes something holds the other half from its look at the jobs until it is out of sight.
/// </summary>
internal sealed class RemovalGate(NpgsqlDataSource dataSource)
{
    /// <summary>"NCRM" in ASCII.</summary>
    private const long LockKey = 0x4E43524D;

    /// <summary>Until the transaction ends, nothing is removed.</summary>
    public static Task EnterAsync(ServiceDbContext context, CancellationToken cancellationToken)
        => context.Database.ExecuteSqlAsync($"SELECT pg_advisory_xact_lock_shared({LockKey})", cancellationToken);

    /// <summary>
    /// Until it is disposed of, no job that needs something is inserted. A process that is frozen meanwhile loses it after a minute, so that jobs are taken in
    /// again.
    /// </summary>
    public async Task<IAsyncDisposable> CloseAsync(CancellationToken cancellationToken)
    {
        var connection = await dataSource.OpenConnectionAsync(cancellationToken);
        try
        {
            await using var take = new NpgsqlCommand($"SET idle_session_timeout = '60s'; SELECT pg_advisory_lock({LockKey})", connection);
            await take.ExecuteNonQueryAsync(cancellationToken);
            return new Closed(connection);
        }
        catch
        {
            await connection.DisposeAsync();
            throw;
        }
    }

    private sealed class Closed(NpgsqlConnection connection) : IAsyncDisposable
    {
        public async ValueTask DisposeAsync()
        {
            try
            {
                await using var release = new NpgsqlCommand($"SELECT pg_advisory_unlock({LockKey}); RESET idle_session_timeout", connection);
                await release.ExecuteNonQueryAsync(CancellationToken.None);
            }
            catch (NpgsqlException)
            {
                // The connection was lost, and the lock with it.
            }
            finally
            {
                await connection.DisposeAsync();
            }
        }
    }
}
