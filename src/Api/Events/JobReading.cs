using System.Net.ServerSentEvents;
using System.Text.Json;
using NeuralCapacitance.Api.Jobs;
using NeuralCapacitance.Api.Observations;
using NeuralCapacitance.Api.Trials;
using NeuralCapacitance.Domain.Jobs;
using NeuralCapacitance.Domain.Trials;
using NeuralCapacitance.Infrastructure.Jobs;
using NeuralCapacitance.Infrastructure.Trials;

namespace NeuralCapacitance.Api.Events;

/// <summary>Turns "the job may have changed" into what changed since the last look. The tables are the truth; a notification only says when to look.</summary>
internal sealed class JobReading(Guid jobId, PathString pathBase, JobStore jobs, JobReader reader, TrialStore trials, JsonSerializerOptions json)
{
    /// <summary>Observations that are kept for those who come, or come back.</summary>
    internal const int MostRecent = 64;

    private const int PageSize = 500;

    /// <summary>What is new since the last one, at first all but older observations; null: nothing has been written since.</summary>
    /// <param name="last">Null: nothing is known yet.</param>
    /// <exception cref="JobGoneException">There is no such job.</exception>
    public async Task<JobNews?> ReadAsync(JobSnapshot? last, CancellationToken cancellationToken)
    {
        if (last is not null && await jobs.FindVersionAsync(jobId, cancellationToken) == last.Version)
        {
            return null;
        }

        // The job first: if it has ended, then everything read after it is complete.
        var job = await reader.FindAsync(jobId, pathBase, cancellationToken) ?? throw new JobGoneException(jobId);
        var scores = (await trials.ScoresAsync(jobId, cancellationToken)).ToLookup(score => score.TrialId);
        var all = await trials.ListAsync(jobId, cancellationToken);
        var byId = all.ToDictionary(trial => trial.Id);
        var observations = last is null
            ? await trials.LastObservationsAsync(jobId, MostRecent, cancellationToken)
            : await NewObservationsAsync(last.LastObservation, cancellationToken);

        var standings = all.ToDictionary(trial => trial.Id, trial => TrialStanding.Of(trial, scores[trial.Id].Count()));
        var changed = all.Where(trial => last is null || last.Trials[trial.Id] != standings[trial.Id]).ToList();
        // Only a new attempt discards observations, and a note tells of it.
        var isRestarted = last is not null && changed.Exists(trial => last.Trials[trial.Id].IsOfAnotherRun(standings[trial.Id]));
        var standing = new JobStanding(job.State, job.Progress.EpochsDone, job.Race?.Round);
        var state = FrameOf(JobEvent.Job(job));
        var end = job.State.IsFinal ? FrameOf(JobEvent.End(job)) : null;
        var news = FramesOf(observations, byId);
        var batch = new EventBatch([.. changed.Select(FrameOfTrial), .. news, .. last?.Standing == standing ? Array.Empty<EventFrame>() : [state], .. end is null ? Array.Empty<EventFrame>() : [end]]);
        var (recent, recentAfter) = RecentWith(last, news, isRestarted);
        var snapshot = new JobSnapshot
        {
            Version = job.Version,
            Standing = standing,
            Trials = standings,
            TrialsById = byId,
            TrialFrames = new(() => [.. all.Select(FrameOfTrial)]),
            Recent = recent,
            RecentAfter = recentAfter,
            LastObservation = news.Count > 0 ? news[^1].Observation : last?.LastObservation ?? 0,
            Job = state,
            End = end,
        };
        return new(snapshot, batch);

        EventFrame FrameOfTrial(Trial trial) => FrameOf(JobEvent.Trial(TrialResponse.Of(trial, job.Spec, scores[trial.Id])));
    }

    /// <summary>The next observations whose id is greater than <paramref name="after"/> and at most <paramref name="through"/>; none: there are no more.</summary>
    public async Task<IReadOnlyList<EventFrame>> CatchUpAsync(JobSnapshot snapshot, long after, long through, CancellationToken cancellationToken)
    {
        var page = await trials.ObservationsAsync(jobId, after, PageSize, cancellationToken);
        return FramesOf([.. page.TakeWhile(observation => observation.Id <= through)], snapshot.TrialsById);
    }

    private async Task<List<Observation>> NewObservationsAsync(long after, CancellationToken cancellationToken)
    {
        var news = new List<Observation>();
        while (true)
        {
            var page = await trials.ObservationsAsync(jobId, after, PageSize, cancellationToken);
            news.AddRange(page);
            if (page.Count < PageSize) return news;
            after = page[^1].Id;
        }
    }

    private static (IReadOnlyList<EventFrame> Recent, long After) RecentWith(JobSnapshot? last, List<EventFrame> news, bool isRestarted)
    {
        // Of a job with fewer these are all.
        if (last is null) return (news, news.Count < MostRecent ? 0 : news[0].Observation - 1);
        if (isRestarted) return ([], news.Count > 0 ? news[^1].Observation : last.LastObservation);
        List<EventFrame> recent = [.. last.Recent, .. news];
        return recent.Count <= MostRecent ? (recent, last.RecentAfter) : (recent[^MostRecent..], recent[^(MostRecent + 1)].Observation);
    }

    private List<EventFrame> FramesOf(IReadOnlyList<Observation> observations, IReadOnlyDictionary<Guid, Trial> byId)
        => [.. observations.Select(o => EventFrame.Of(JobEvent.Observation(ObservationResponse.Of(o, byId[o.TrialId])), json, o.Id))];

    private EventFrame FrameOf(SseItem<object> item) => EventFrame.Of(item, json);
}

/// <param name="Snapshot">What is known now.</param>
/// <param name="Batch">What of it is new.</param>
internal sealed record JobNews(JobSnapshot Snapshot, EventBatch Batch);

/// <summary>The job was deleted, or never was.</summary>
internal sealed class JobGoneException(Guid id) : Exception($"There is no job {id}.");
