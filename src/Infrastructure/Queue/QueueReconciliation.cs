using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using NeuralCapacitance.Domain.Jobs;
using NeuralCapacitance.Domain.Trials;
using NeuralCapacitance.Infrastructure.Jobs;
using NeuralCapacitance.Infrastructure.Postgres;
using NeuralCapacitance.Infrastructure.Races;
using NeuralCapacitance.Infrastructure.Trials;

namespace NeuralCapacitance.Infrastructure.Queue;

/// <summary>
/// The truth is in our tables; Quartz only wakes slots. From time to time this makes the second agree with the first: the queued
/// trials have signals, no trial is held by a firing that no longer runs, none is left queued in a job that is being cancelled, and no race
/// waits for a decision.
/// </summary>
internal sealed partial class QueueReconciliation(
    IDbContextFactory<ServiceDbContext> contexts,
    TrialSignals signals,
    MissingSignals missing,
    JobStore jobs,
    TrialStore trials,
    RaceStore races,
    IOptions<QueueOptions> options,
    TimeProvider clock,
    ILogger<QueueReconciliation> logger) : BackgroundService
{
    /// <summary>Leases without a firing when last looked. A recovery takes a moment to move a trial to its new firing; only one seen twice is dead.</summary>
    private HashSet<Lease> _suspects = [];

    public async Task RunOnceAsync(CancellationToken cancellationToken)
    {
        await ReleaseDeadLeasesAsync(cancellationToken);
        await signals.ReviveAsync(cancellationToken);
        await FinishCancelsAsync(cancellationToken);
        await SettleRacesAsync(cancellationToken);
        await missing.AddAsync(cancellationToken);
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
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

    private async Task ReleaseDeadLeasesAsync(CancellationToken cancellationToken)
    {
        // Leases first: a firing exists before its lease does.
        var leases = await LeasesAsync(cancellationToken);
        var owners = await signals.OwnersAsync(cancellationToken);
        var dead = leases.Where(lease => !owners.Contains(lease.Owner)).ToHashSet();
        foreach (var lease in dead.Intersect(_suspects))
        {
            try
            {
                await trials.ReleaseAsync(lease, cancellationToken);
                LogReleased(lease.TrialId, lease.Attempt);
            }
            catch (LeaseLostException)
            {
                // It has moved on by itself.
            }
        }
        _suspects = dead;
    }

    private async Task<List<Lease>> LeasesAsync(CancellationToken cancellationToken)
    {
        await using var context = await contexts.CreateDbContextAsync(cancellationToken);
        return await context.Trials.Where(t => t.State == TrialState.Running)
            .Select(t => new Lease(t.Id, t.Attempt, t.LeaseOwner!))
            .ToListAsync(cancellationToken);
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

    [LoggerMessage(2211, LogLevel.Warning, "Trial {TrialId}: attempt {Attempt} has no firing any more; the trial is queued again")]
    private partial void LogReleased(Guid trialId, int attempt);

    [LoggerMessage(2213, LogLevel.Warning, "The race of job {JobId} had stopped between two rounds; it goes on")]
    private partial void LogSettled(Guid jobId);

    [LoggerMessage(2214, LogLevel.Error, "The race of job {JobId} has stopped between two rounds and could not be decided; it is tried again at the next interval")]
    private partial void LogNotSettled(Exception exception, Guid jobId);

    [LoggerMessage(2212, LogLevel.Warning, "Reconciling the queue failed; it is tried again at the next interval")]
    private partial void LogFailed(Exception exception);
}
