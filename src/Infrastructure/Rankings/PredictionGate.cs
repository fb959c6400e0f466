using System.Threading.RateLimiting;
using Microsoft.Extensions.Options;
using NeuralCapacitance.Infrastructure.History;

namespace NeuralCapacitance.Infrastructure.Rankings;

/// <summary>
/// Lets so many threads predict at once, and a bounded number of others wait, the one that came first first: rankings leave cores for everything else, however
/// many are asked for.
/// </summary>
public sealed class PredictionGate : IDisposable
{
    private readonly ConcurrencyLimiter _limiter;

    public PredictionGate(IOptions<RankingOptions> options)
    {
        Threads = options.Value.Predictions > 0 ? options.Value.Predictions : Math.Max(1, Environment.ProcessorCount / 2);
        _limiter = new ConcurrencyLimiter(new() { PermitLimit = Threads, QueueLimit = options.Value.MaxWaiting, QueueProcessingOrder = QueueProcessingOrder.OldestFirst });
    }

    /// <summary>Of all predictions together.</summary>
    public int Threads { get; }

    /// <summary>Whether who enters now need not wait, as far as can be seen.</summary>
    public bool IsFree => _limiter.GetStatistics() is not { CurrentAvailablePermits: 0 };

    /// <summary>Waits for a thread. What it lets in, it lets in until the pass is disposed.</summary>
    /// <param name="isQuick">False: it may take up to half of the threads that nobody else wants now.</param>
    /// <exception cref="PredictionsBusyException">Too many wait already.</exception>
    public async Task<PredictionPass> EnterAsync(bool isQuick, CancellationToken cancellationToken)
    {
        var one = await _limiter.AcquireAsync(1, cancellationToken);
        if (!one.IsAcquired)
        {
            one.Dispose();
            throw new PredictionsBusyException(Threads);
        }
        var wanted = isQuick || _limiter.GetStatistics()?.CurrentQueuedCount > 0 ? 0 : Threads / 2;
        var more = wanted == 0 ? null : _limiter.AttemptAcquire(wanted);
        return new PredictionPass(one, more, more?.IsAcquired == true ? 1 + wanted : 1);
    }

    public void Dispose() => _limiter.Dispose();
}

/// <summary>A place among the predictions, given up by disposing of it.</summary>
public sealed class PredictionPass : IDisposable
{
    private readonly RateLimitLease _one;
    private readonly RateLimitLease? _more;

    internal PredictionPass(RateLimitLease one, RateLimitLease? more, int threads)
    {
        (_one, _more) = (one, more);
        Threads = threads;
    }

    /// <summary>At most so many at once, this one included.</summary>
    public int Threads { get; }

    public void Dispose()
    {
        _more?.Dispose();
        _one.Dispose();
    }
}

/// <summary>More predictions are asked for than may wait.</summary>
public sealed class PredictionsBusyException(int threads) : Exception($"{threads} predictions are being computed, and as many others as may wait do.");
