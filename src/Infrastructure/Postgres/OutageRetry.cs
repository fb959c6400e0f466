using System.Data.Common;
using Npgsql;

namespace NeuralCapacitance.Infrastructure.Postgres;

/// <summary>Waits out a lost database: repeats an action, with growing pauses, for as long as it fails for a passing reason.</summary>
public sealed class OutageRetry(TimeProvider clock, OutageJournal journal)
{
    /// <summary>The driver has no name for it.</summary>
    private const string IdleInTransactionSessionTimeout = "25P03";

    private static readonly TimeSpan FirstPause = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan LongestPause = TimeSpan.FromSeconds(10);

    /// <param name="action">May be repeated after it has taken effect, when the answer to its commit is lost.</param>
    public async Task<T> RunAsync<T>(Func<CancellationToken, Task<T>> action, CancellationToken cancellationToken)
    {
        for (var pause = FirstPause; ; pause = TimeSpan.FromTicks(Math.Min(2 * pause.Ticks, LongestPause.Ticks)))
        {
            try
            {
                return await action(cancellationToken);
            }
            catch (Exception e) when (Passes(e) && !cancellationToken.IsCancellationRequested)
            {
                journal.Note(e);
            }
            await Task.Delay(pause, clock, cancellationToken);
        }
    }

    public Task RunAsync(Func<CancellationToken, Task> action, CancellationToken cancellationToken) => RunAsync(
        async token =>
        {
            await action(token);
            return true;
        },
        cancellationToken);

    /// <summary>
    /// Whether the same call may well succeed a little later: the server restarts, starts, cannot be reached, or ended the session. Looks through
    /// the exceptions that wrap the driver's own. Null passes for no outage.
    /// </summary>
    public static bool Passes(Exception? exception) => exception switch
    {
        null => false,
        PostgresException
        {
            SqlState: PostgresErrorCodes.AdminShutdown or PostgresErrorCodes.CrashShutdown or PostgresErrorCodes.CannotConnectNow
                or IdleInTransactionSessionTimeout
        } => true,
        DbException { IsTransient: true } => true,
        // EF Core wraps what the driver throws.
        _ => Passes(exception.InnerException),
    };
}
