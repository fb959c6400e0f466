using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using NeuralCapacitance.Domain.Jobs;
using NeuralCapacitance.Domain.Trials;
using NeuralCapacitance.Infrastructure.Events;
using NeuralCapacitance.Infrastructure.Jobs;
using NeuralCapacitance.Infrastructure.Postgres;
using NeuralCapacitance.Infrastructure.Races;
using NeuralCapacitance.Infrastructure.Trials;

namespace NeuralCapacitance.Infrastructure.Queue;

/// <summary>
/// The truth is in our tables; Hangfire only wakes slots. From time to time this makes the second agree with the first: the free slots of this process have
/// signals as long as trials are queued, no trial is held by a worker that is gone, none is left queued in a job that is being cancelled, and no race
/// waits for a decision. Between two times it answers announcements of queued trials.
/// </summary>
internal sealed partial class QueueReconciliation(
    IDbContextFactory<ServiceDbContext> contexts,
    ChangeFeed changes,
    MissingSignals missing,
    JobStore jobs,
    TrialStore trials,
    RaceStore races,
    IOptions<QueueOptions> options,
    TimeProvider clock,
    ILogger<QueueReconciliation> logger) : BackgroundService
{
    private readonly LeaseWatch _watch = new(
        options.Value.CheckInWindow, TimeSpan.FromTicks(Math.Max(options.Value.CheckInWindow.Ticks / 2, 2 * options.Value.ReconcileInterval.Ticks)), clock);

    public async Task RunOnceAsync(CancellationToken cancellationToken)
    {
        await ReleaseDeadLeasesAsync(cancellationToken);
        await FinishCancelsAsync(cancellationToken);
        await SettleRacesAsync(cancellationToken);
        await missing.SendAsync(cancellationToken);
    }

    protected override Task ExecuteAsync(CancellationToken stoppingToken) => Task.WhenAll(RepeatAsync(stoppingToken), AnswerAsync(stoppingToken));

    private async Task RepeatAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(options.Value.ReconcileInterval, clock);
        do
        {
            try
            {
                await RunOnceAsync(stoppingToken);
            }
            catch (Exception e) when (!stoppingToken.IsCancellationRequested)
            {
                LogFailed(e);
            }
        }
        while (await timer.WaitForNextTickAsync(stoppingToken));
    }

    /// <summary>Somebody has queued trials: on this node, on another, or none that is known of (at the start, and when the feed reconnects).</summary>
    private async Task AnswerAsync(CancellationToken stoppingToken)
    {
        await foreach (var _ in changes.QueueChangesAsync(stoppingToken))
        {
            try
            {
                await missing.SendAsync(stoppingToken);
            }
            catch (Exception e) when (!stoppingToken.IsCancellationRequested)
            {
                LogNotAnswered(e);
            }
        }
    }

    private async Task ReleaseDeadLeasesAsync(CancellationToken cancellationToken)
    {
        foreach (var lease in _watch.Look(await SignsAsync(cancellationToken)))
        {
            try
            {
                await trials.ReleaseAsync(lease, cancellationToken);
                LogReleased(lease.TrialId, lease.Attempt, lease.Owner);
            }
            catch (LeaseLostException)
            {
                // It has moved on by itself.
            }
        }
    }

    private async Task<IReadOnlyList<LeaseSign>> SignsAsync(CancellationToken cancellationToken)
    {
        try
        {
            await using var context = await contexts.CreateDbContextAsync(cancellationToken);
            return await context.Trials.Where(t => t.State == TrialState.Running)
                .Select(t => new LeaseSign(new Lease(t.Id, t.Attempt, t.LeaseOwner!), t.LeaseSeenAt))
                .ToListAsync(cancellationToken);
        }
        catch
        {
            _watch.Forget();
            throw;
        }
    }

    /// <summary>A cancel leaves a trial that is just being claimed to its claimer; where that one died, nobody would end the trial.</summary>
    private async Task FinishCancelsAsync(CancellationToken cancellationToken)
    {
        foreach (var job in await HalfCancelledAsync(cancellationToken)) await jobs.CancelAsync(job, cancellationToken);
    }

    private async Task SettleRacesAsync(CancellationToken cancellationToken)
    {
        foreach (var job in await races.StalledAsync(cancellationToken))
        {
            try
            {
                if (await races.SettleAsync(job, cancellationToken)) LogSettled(job);
            }
            catch (Exception e) when (!cancellationToken.IsCancellationRequested)
            {
                // The others, and what else is to be put right, do not wait for this one.
                LogNotSettled(e, job);
            }
        }
    }

    private async Task<List<Guid>> HalfCancelledAsync(CancellationToken cancellationToken)
    {
        await using var context = await contexts.CreateDbContextAsync(cancellationToken);
        return await context.Jobs
            .Where(j => j.State == JobState.Cancelling && context.Trials.Any(t => t.JobId == j.Id && (t.State == TrialState.Queued || t.State == TrialState.Paused)))
            .Select(j => j.Id)
            .ToListAsync(cancellationToken);
    }

    [LoggerMessage(2211, LogLevel.Warning, "Trial {TrialId}: attempt {Attempt} of {Owner} has given no sign of life; the trial is queued again")]
    private partial void LogReleased(Guid trialId, int attempt, string owner);

    [LoggerMessage(2213, LogLevel.Warning, "The race of job {JobId} had stopped between two rounds; it goes on")]
    private partial void LogSettled(Guid jobId);

    [LoggerMessage(2214, LogLevel.Error, "The race of job {JobId} has stopped between two rounds and could not be decided; it is tried again at the next interval")]
    private partial void LogNotSettled(Exception exception, Guid jobId);

    [LoggerMessage(2215, LogLevel.Warning, "Queued trials were announced, and free slots could not be woken; it is tried again at the next interval")]
    private partial void LogNotAnswered(Exception exception);

    [LoggerMessage(2212, LogLevel.Warning, "Reconciling the queue failed; it is tried again at the next interval")]
    private partial void LogFailed(Exception exception);
}
