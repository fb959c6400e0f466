using System.Text.Json;
using Microsoft.AspNetCore.Http.Json;
using Microsoft.Extensions.Options;
using NeuralCapacitance.Api.Jobs;
using NeuralCapacitance.Infrastructure.Events;
using NeuralCapacitance.Infrastructure.Jobs;
using NeuralCapacitance.Infrastructure.Postgres;
using NeuralCapacitance.Infrastructure.Trials;

namespace NeuralCapacitance.Api.Events;

/// <summary>
/// One <see cref="JobBroadcast"/> for each job that is followed: it begins with the first who follows and ends with the last. However many follow, and however
/// many jobs, a few of the database's connections are enough, each for as long as one look takes.
/// </summary>
internal sealed partial class JobBroadcasts(
    JobStore jobs, JobReader reader, TrialStore trials, ChangeFeed changes, OutageRetry retry, IOptions<JsonOptions> json, TimeProvider time, ILogger<JobBroadcasts> logger)
    : IDisposable
{
    /// <summary>Looks at changed jobs at a time.</summary>
    private const int MostReads = 4;

    /// <summary>Pages of older observations at a time; apart from those looks, so that who comes late makes nobody wait.</summary>
    private const int MostCatchUps = 2;

    private readonly JsonSerializerOptions _json = json.Value.SerializerOptions;
    private readonly EventBatch _heartbeat = new([EventFrame.Of(JobEvent.Heartbeat, json.Value.SerializerOptions)]);
    private readonly SemaphoreSlim _reads = new(MostReads);
    private readonly SemaphoreSlim _catchUps = new(MostCatchUps);
    private readonly Dictionary<(Guid Job, PathString PathBase), Entry> _entries = [];
    private readonly Lock _gate = new();

    /// <summary>Jobs that are followed now.</summary>
    internal int Count
    {
        get
        {
            lock (_gate) return _entries.Count;
        }
    }

    /// <returns>To be disposed of by who follows; null: there is no such job.</returns>
    /// <exception cref="Npgsql.NpgsqlException">The database does not answer.</exception>
    public async Task<JobSubscription?> SubscribeAsync(Guid jobId, PathString pathBase, CancellationToken cancellationToken)
    {
        var entry = Enter((jobId, pathBase));
        try
        {
            await entry.Broadcast.IsRead.WaitAsync(cancellationToken);
            return new(entry.Broadcast, _catchUps, () => Leave(entry));
        }
        catch (Exception e)
        {
            Leave(entry);
            if (e is JobGoneException) return null;
            throw;
        }
    }

    public void Dispose()
    {
        lock (_gate)
        {
            foreach (var entry in _entries.Values) entry.Stop.Cancel();
        }

        _reads.Dispose();
        _catchUps.Dispose();
    }

    private Entry Enter((Guid Job, PathString PathBase) key)
    {
        lock (_gate)
        {
            if (!_entries.TryGetValue(key, out var entry))
            {
                var reading = new JobReading(key.Job, key.PathBase, jobs, reader, trials, _json);
                entry = new(key, new(reading, changes, retry, _reads, _heartbeat, time));
                _entries.Add(key, entry);
                _ = Task.Run(() => RunAsync(entry));
            }

            entry.Followers++;
            return entry;
        }
    }

    private void Leave(Entry entry)
    {
        lock (_gate)
        {
            if (--entry.Followers > 0) return;
            Forget(entry);
        }

        entry.Stop.Cancel();
    }

    /// <summary>Whoever comes from now on gets a new one.</summary>
    private void Forget(Entry entry)
    {
        if (_entries.TryGetValue(entry.Key, out var current) && current == entry) _entries.Remove(entry.Key);
    }

    private async Task RunAsync(Entry entry)
    {
        try
        {
            await entry.Broadcast.RunAsync(entry.Key.Job, entry.Stop.Token);
        }
        catch (Exception e) when (entry.Broadcast.IsRead.IsCompletedSuccessfully)
        {
            // Its followers' streams have ended; they come back with what they know.
            LogFailed(e, entry.Key.Job);
        }
        catch (Exception) when (!entry.Broadcast.IsRead.IsCompletedSuccessfully)
        {
            // Who waited for the first look is told.
        }
        finally
        {
            lock (_gate) Forget(entry);
        }
    }

    [LoggerMessage(4300, LogLevel.Error, "The events of job {JobId} cannot be told; its followers have to come back")]
    private partial void LogFailed(Exception exception, Guid jobId);

    private sealed class Entry((Guid Job, PathString PathBase) key, JobBroadcast broadcast)
    {
        public (Guid Job, PathString PathBase) Key => key;

        public JobBroadcast Broadcast => broadcast;

        public CancellationTokenSource Stop { get; } = new();

        /// <summary>Those who wait for the first look included.</summary>
        public int Followers { get; set; }
    }
}
