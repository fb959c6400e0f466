using Microsoft.Extensions.Logging;

namespace NeuralCapacitance.Infrastructure.Postgres.Embedded;

/// <summary>Starts the private server again when its process is gone although somebody uses it: killed, or ended by the kernel for lack of memory.</summary>
/// <param name="runs">Whether there is a server.</param>
/// <param name="restore">Starts it, or finds that another process has. Fails with an <see cref="EmbeddedPostgresException"/>.</param>
internal sealed class ServerGuard(string folder, Func<bool> runs, Func<CancellationToken, Task> restore, ILogger logger) : IAsyncDisposable
{
    private static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(250);

    /// <summary>What the dead server started may hold its memory for a moment.</summary>
    private static readonly TimeSpan RetryPause = TimeSpan.FromMilliseconds(500);

    private readonly CancellationTokenSource _stop = new();
    private Task _watching = Task.CompletedTask;

    public void Begin() => _watching = Task.Run(() => WatchAsync(_stop.Token));

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await _watching.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        _stop.Dispose();
    }

    private async Task WatchAsync(CancellationToken cancellationToken)
    {
        using var timer = new PeriodicTimer(Interval);
        while (await timer.WaitForNextTickAsync(cancellationToken))
        {
            if (!runs()) await RestoreAsync(cancellationToken);
        }
    }

    private async Task RestoreAsync(CancellationToken cancellationToken)
    {
        EmbeddedPostgresLog.Died(logger, folder);
        var start = TimeProvider.System.GetTimestamp();
        for (var failures = 0; ; failures++)
        {
            try
            {
                await restore(cancellationToken);
                EmbeddedPostgresLog.Restored(logger, folder, TimeProvider.System.GetElapsedTime(start).TotalSeconds);
                return;
            }
            catch (Exception e) when (e is EmbeddedPostgresException or IOException or UnauthorizedAccessException)
            {
                // Once: it is tried for as long as it takes.
                if (failures == 1) EmbeddedPostgresLog.NotRestored(logger, folder, e.Message);
            }
            await Task.Delay(RetryPause, cancellationToken);
        }
    }
}
