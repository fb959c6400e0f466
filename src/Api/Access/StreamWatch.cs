using NeuralCapacitance.Api.Problems;

namespace NeuralCapacitance.Api.Access;

/// <summary>A stream of events lasts as long as its job, which may be days. Who has lost the key meanwhile reads no further.</summary>
internal sealed class StreamWatch(KnownKeys keys, TimeProvider clock)
{
    private const string Streams = "/events";

    public async Task InvokeAsync(HttpContext context, RequestDelegate next)
    {
        if (!IsStream(context) || context.User.KeyHashOf() is not { } hash)
        {
            await next(context);
            return;
        }

        using var ended = CancellationTokenSource.CreateLinkedTokenSource(context.RequestAborted);
        var watching = WatchAsync(context, hash, ended.Token);
        try
        {
            await next(context);
        }
        finally
        {
            await ended.CancelAsync();
            await watching;
        }
    }

    private static bool IsStream(HttpContext context)
        => context.GetEndpoint() is RouteEndpoint { RoutePattern.RawText: { } pattern } && pattern.EndsWith(Streams, StringComparison.Ordinal);

    private async Task WatchAsync(HttpContext context, string hash, CancellationToken ended)
    {
        using var timer = new PeriodicTimer(KnownKeys.Belief, clock);
        try
        {
            while (await timer.WaitForNextTickAsync(ended))
            {
                if (await IsLiveAsync(hash, ended)) continue;
                context.Abort();
                return;
            }
        }
        catch (OperationCanceledException)
        {
            // The stream ended first.
        }
    }

    private async ValueTask<bool> IsLiveAsync(string hash, CancellationToken cancellationToken)
    {
        try
        {
            return await keys.FindByHashAsync(hash, cancellationToken) is not null;
        }
        catch (Exception e) when (ProblemExceptionHandler.IsDatabaseUnavailable(e))
        {
            // The next look will tell.
            return true;
        }
    }
}
