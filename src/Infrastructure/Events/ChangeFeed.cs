using System.Collections.Concurrent;
using System.Runtime.CompilerServices;
using System.Threading.Channels;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using NeuralCapacitance.Infrastructure.Postgres;
using NeuralCapacitance.Infrastructure.Queue;
using NeuralCapacitance.Infrastructure.Trials;
using Npgsql;

namespace NeuralCapacitance.Infrastructure.Events;

/// <summary>
/// Postgres LISTEN/NOTIFY on one shared connection that reconnects by itself. After a reconnect every subscriber is woken once,
/// since a notification may have been missed. A notification is a hint to read the tables, never the data itself.
/// </summary>
public sealed partial class ChangeFeed : BackgroundService
{
    /// <summary>A connection that is silent for so long is probed, so that a dead one is noticed.</summary>
    private static readonly TimeSpan ProbeInterval = TimeSpan.FromSeconds(15);

    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(500);

    private readonly ConcurrentDictionary<Subscription, Guid> _subscriptions = new();
    private readonly NpgsqlDataSource _dataSource;
    private readonly TrialStore _trials;
    private readonly OutageRetry _retry;
    private readonly OutageJournal _outages;
    private readonly IDbContextFactory<ServiceDbContext> _contexts;
    private readonly TimeProvider _clock;
    private readonly ILogger<ChangeFeed> _logger;

    internal ChangeFeed(
        NpgsqlDataSource dataSource,
        TrialStore trials,
        OutageRetry retry,
        OutageJournal outages,
        IDbContextFactory<ServiceDbContext> contexts,
        TimeProvider clock,
        ILogger<ChangeFeed> logger)
    {
        _dataSource = dataSource;
        _trials = trials;
        _retry = retry;
        _outages = outages;
        _contexts = contexts;
        _clock = clock;
        _logger = logger;
    }

    /// <summary>Yields once at the start and then whenever the job may have changed (observations, trial or job state). Changes in quick succession may be one.</summary>
    public async IAsyncEnumerable<bool> JobChangesAsync(Guid jobId, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var subscription = new Subscription();
        _subscriptions[subscription] = jobId;
        try
        {
            yield return true;
            await foreach (var change in subscription.Changes.ReadAllAsync(cancellationToken)) yield return change;
        }
        finally
        {
            _subscriptions.TryRemove(subscription, out _);
        }
    }

    /// <summary>The same for the queue: whenever trials may have been queued that no worker knows of.</summary>
    internal IAsyncEnumerable<bool> QueueChangesAsync(CancellationToken cancellationToken) => JobChangesAsync(QueuedTrials.ChangeId, cancellationToken);

    /// <summary>A token that is cancelled when the lease's job is asked to cancel, or the lease is lost to another attempt.</summary>
    /// <param name="lease">Of the attempt that wants to know.</param>
    /// <param name="cancellationToken">Ends the watch; cancel it when the attempt is over.</param>
    public async Task<CancellationToken> WatchLeaseAsync(Lease lease, CancellationToken cancellationToken)
    {
        var stop = new CancellationTokenSource();
        var jobId = await _retry.RunAsync(token => JobOfAsync(lease, token), cancellationToken);
        if (jobId is null) await stop.CancelAsync();
        else _ = WatchAsync(lease, jobId.Value, stop, cancellationToken);
        return stop.Token;
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        while (!stoppingToken.IsCancellationRequested)
        {
            try
            {
                await ListenAsync(stoppingToken);
            }
            catch (Exception e) when (e is NpgsqlException or IOException && !stoppingToken.IsCancellationRequested)
            {
                if (OutageRetry.Passes(e)) _outages.Note(e);
                else LogLost(e.Message);
                await Task.Delay(Pause, _clock, stoppingToken);
            }
        }
    }

    private async Task ListenAsync(CancellationToken cancellationToken)
    {
        await using var connection = await _dataSource.OpenConnectionAsync(cancellationToken);
        connection.Notification += (_, notification) =>
        {
            if (Guid.TryParse(notification.Payload, out var jobId)) Wake(jobId);
        };
        await using (var listen = new NpgsqlCommand($"LISTEN {JobTransaction.Channel}", connection)) await listen.ExecuteNonQueryAsync(cancellationToken);
        LogListening();
        Wake(null);
        while (true)
        {
            if (await connection.WaitAsync(ProbeInterval, cancellationToken)) continue;
            await using var probe = new NpgsqlCommand("SELECT 1", connection);
            await probe.ExecuteNonQueryAsync(cancellationToken);
        }
    }

    /// <param name="changed">Null: anything may have changed.</param>
    private void Wake(Guid? changed)
    {
        foreach (var (subscription, jobId) in _subscriptions)
        {
            if (changed is null || changed == jobId) subscription.Wake();
        }
    }

    private async Task WatchAsync(Lease lease, Guid jobId, CancellationTokenSource stop, CancellationToken cancellationToken)
    {
        try
        {
            await foreach (var _ in JobChangesAsync(jobId, cancellationToken))
            {
                if (await _retry.RunAsync(token => _trials.MayGoOnAsync(lease, token), cancellationToken)) continue;
                await stop.CancelAsync();
                return;
            }
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            // The attempt is over, and so is the watch.
        }
        catch (Exception e)
        {
            // An attempt that cannot be told to stop must not go on.
            LogWatchFailed(e, lease.TrialId);
            await stop.CancelAsync();
        }
    }

    private async Task<Guid?> JobOfAsync(Lease lease, CancellationToken cancellationToken)
    {
        await using var context = await _contexts.CreateDbContextAsync(cancellationToken);
        return await context.Trials.Where(t => t.Id == lease.TrialId).Select(t => (Guid?)t.JobId).SingleOrDefaultAsync(cancellationToken);
    }

    [LoggerMessage(2300, LogLevel.Debug, "Listening to changes of jobs")]
    private partial void LogListening();

    [LoggerMessage(2301, LogLevel.Warning, "The connection that listens to changes of jobs was lost ({Reason}); reconnecting")]
    private partial void LogLost(string reason);

    [LoggerMessage(2302, LogLevel.Error, "The watch over the lease of trial {TrialId} failed; the attempt is stopped")]
    private partial void LogWatchFailed(Exception exception, Guid trialId);

    /// <summary>Holds at most one change: a subscriber that is slow learns once that something changed.</summary>
    private sealed class Subscription
    {
        private readonly Channel<bool> _channel = Channel.CreateBounded<bool>(new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropWrite, SingleReader = true });

        public ChannelReader<bool> Changes => _channel.Reader;

        public void Wake() => _channel.Writer.TryWrite(true);
    }
}
