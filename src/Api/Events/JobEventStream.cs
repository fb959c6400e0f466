using System.Net.ServerSentEvents;
using System.Runtime.CompilerServices;
using NeuralCapacitance.Api.Jobs;
using NeuralCapacitance.Api.Observations;
using NeuralCapacitance.Api.Trials;
using NeuralCapacitance.Domain.Jobs;
using NeuralCapacitance.Domain.Trials;
using NeuralCapacitance.Infrastructure.Events;
using NeuralCapacitance.Infrastructure.Trials;

namespace NeuralCapacitance.Api.Events;

/// <summary>Turns "the job may have changed" into what changed. The tables are the truth; a notification only says when to look.</summary>
public sealed class JobEventStream(
    JobReader jobs, TrialStore trials, ObservationReader observations, ChangeFeed changes, TimeProvider time)
{
    /// <summary>Proxies commonly close a connection that is quiet for 30 to 60 s.</summary>
    internal static readonly TimeSpan HeartbeatInterval = TimeSpan.FromSeconds(15);

    /// <summary>Ends after the <c>end</c> event, when the job is deleted, and when nobody listens any more or the service stops: the client reconnects with its last event id.</summary>
    /// <param name="after">Observations up to this id are known to the client.</param>
    internal async IAsyncEnumerable<SseItem<object>> ReadAsync(
        Guid jobId, PathString pathBase, long after, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await using var events = TellAsync(jobId, pathBase, after, cancellationToken).GetAsyncEnumerator(cancellationToken);
        while (await MoveAsync(events, cancellationToken))
        {
            yield return events.Current;
        }
    }

    private static async Task<bool> MoveAsync(IAsyncEnumerator<SseItem<object>> events, CancellationToken cancellationToken)
    {
        try
        {
            return await events.MoveNextAsync();
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            return false;
        }
    }

    private async IAsyncEnumerable<SseItem<object>> TellAsync(
        Guid jobId, PathString pathBase, long after, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        (JobState State, int EpochsDone, int? Round)? knownJob = null;
        var knownTrials = new Dictionary<Guid, (TrialState, int, int, int)>();
        await foreach (var changed in WithHeartbeats(stop => changes.JobChangesAsync(jobId, stop), cancellationToken))
        {
            if (!changed)
            {
                yield return JobEvent.Heartbeat;
            }

            // The job first: if it has ended, then everything read after it is complete.
            if (await jobs.FindAsync(jobId, pathBase, cancellationToken) is not { } job)
            {
                yield break;
            }

            var scores = (await trials.ScoresAsync(jobId, cancellationToken)).ToLookup(score => score.TrialId);
            foreach (var trial in await trials.ListAsync(jobId, cancellationToken))
            {
                var now = (trial.State, trial.Attempt, trial.Notes.Count, scores[trial.Id].Count());
                if (!knownTrials.TryGetValue(trial.Id, out var known) || known != now)
                {
                    knownTrials[trial.Id] = now;
                    yield return JobEvent.Trial(TrialResponse.Of(trial, job.Spec, scores[trial.Id]));
                }
            }

            await foreach (var observation in observations.AllAsync(jobId, after, cancellationToken))
            {
                after = observation.Id;
                yield return JobEvent.Observation(observation);
            }

            var standing = (job.State, job.Progress.EpochsDone, job.Race?.Round);
            if (knownJob != standing)
            {
                knownJob = standing;
                yield return JobEvent.Job(job);
            }

            if (job.State.IsFinal)
            {
                yield return JobEvent.End(job);
                yield break;
            }
        }
    }

    private async Task<bool> IsQuietAsync(Task next, CancellationToken cancellationToken)
    {
        using var answered = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var first = await Task.WhenAny(next, Task.Delay(HeartbeatInterval, time, answered.Token));
        await answered.CancelAsync();
        return first != next && !cancellationToken.IsCancellationRequested;
    }

    /// <summary>Yields false whenever the feed was quiet for <see cref="HeartbeatInterval"/>.</summary>
    private async IAsyncEnumerable<bool> WithHeartbeats(
        Func<CancellationToken, IAsyncEnumerable<bool>> feed, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var enumerator = feed(stop.Token).GetAsyncEnumerator(stop.Token);
        var next = Task.FromResult(true);
        try
        {
            while (true)
            {
                next = enumerator.MoveNextAsync().AsTask();
                while (await IsQuietAsync(next, stop.Token))
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
}
