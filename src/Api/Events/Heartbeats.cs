using System.Runtime.CompilerServices;

namespace NeuralCapacitance.Api.Events;

internal static class Heartbeats
{
    /// <summary>Yields false whenever the feed was quiet for so long.</summary>
    public static async IAsyncEnumerable<bool> WithHeartbeatsAsync(
        this IAsyncEnumerable<bool> feed, TimeSpan interval, TimeProvider time, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var enumerator = feed.GetAsyncEnumerator(stop.Token);
        var next = Task.FromResult(true);
        try
        {
            while (true)
            {
                next = enumerator.MoveNextAsync().AsTask();
                while (await IsQuietAsync(next, interval, time, stop.Token))
                {
                    yield return false;
                }

                if (!await next)
                {
                    yield break;
                }

                yield return true;
            }
        }
        finally
        {
            // An enumerator cannot be disposed while it moves.
            await stop.CancelAsync();
            await ((Task)next).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            await enumerator.DisposeAsync();
        }
    }

    private static async Task<bool> IsQuietAsync(Task next, TimeSpan interval, TimeProvider time, CancellationToken cancellationToken)
    {
        using var answered = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var first = await Task.WhenAny(next, Task.Delay(interval, time, answered.Token));
        await answered.CancelAsync();
        return first != next && !cancellationToken.IsCancellationRequested;
    }
}
