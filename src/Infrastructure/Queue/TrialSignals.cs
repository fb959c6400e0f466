using System.Data.Common;
using NeuralCapacitance.Domain.Trials;
using NeuralCapacitance.Infrastructure.Postgres;
using Quartz;

namespace NeuralCapacitance.Infrastructure.Queue;

/// <summary>
/// The queue as Quartz triggers: one durable job, and a one-shot trigger for every signal. Only the number of signals matters;
/// which trial a firing runs is decided by priority and age when a slot takes it.
/// </summary>
internal sealed class TrialSignals(ISchedulerFactory schedulers, TimeProvider clock) : ITrialQueue
{
    /// <summary>
    /// Signals that wait at most. More would wake no slot sooner, and each costs the transaction of its job some milliseconds;
    /// <see cref="MissingSignals"/> adds others as these are used up.
    /// </summary>
    public const int MostPending = 100;

    public static JobKey Job { get; } = new("trial", "neural-capacitance");

    /// <summary>Creates Quartz's tables where they are missing, and the job.</summary>
    public async Task PrepareAsync(CancellationToken cancellationToken)
    {
        var scheduler = await schedulers.GetScheduler(cancellationToken);
        var job = JobBuilder.Create<TrialJob>().WithIdentity(Job).StoreDurably().RequestRecovery().Build();
        await scheduler.AddJob(job, new AddJobOptions { Replace = true }, cancellationToken);
    }

    public async Task EnqueueAsync(int count, DbTransaction transaction, CancellationToken cancellationToken)
    {
        var scheduler = await schedulers.GetScheduler(cancellationToken);
        try
        {
            using var enlisted = scheduler.EnlistTransaction(transaction);
            await AddAsync(scheduler, Math.Min(count, MostPending), cancellationToken);
        }
        catch (Exception e) when (e is not OperationCanceledException && !TransactionGuard.IsAlive(transaction))
        {
            // Quartz sends commands of its own, and has its own words for what became of them.
            throw new ConnectionLostException(e);
        }
    }

    /// <summary>Signals that no slot has taken yet.</summary>
    public async Task<int> CountPendingAsync(CancellationToken cancellationToken)
    {
        var scheduler = await schedulers.GetScheduler(cancellationToken);
        var pending = await scheduler.QueryTriggers(
            new() { Group = GroupMatcher<TriggerKey>.GroupEquals(Job.Group), State = TriggerState.Normal, Take = 0, IncludeTotalCount = true },
            cancellationToken);
        return pending.TotalCount ?? 0;
    }

    /// <summary>Makes signals that Quartz gave up (the job could not be made, say) ordinary ones again.</summary>
    public async Task ReviveAsync(CancellationToken cancellationToken)
    {
        var scheduler = await schedulers.GetScheduler(cancellationToken);
        await scheduler.ResetTriggersFromErrorState(GroupMatcher<TriggerKey>.GroupEquals(Job.Group), cancellationToken);
    }

    /// <summary><see cref="TrialFiring.Owner"/> of all firings that run on any node, dead ones included until their node is given up.</summary>
    public async Task<IReadOnlySet<string>> OwnersAsync(CancellationToken cancellationToken)
    {
        var scheduler = await schedulers.GetScheduler(cancellationToken);
        var firings = await scheduler.QueryFireInstances(new() { Take = PagedQuery.All }, cancellationToken);
        return firings.Items.Select(firing => firing.FireInstanceId).ToHashSet(StringComparer.Ordinal);
    }

    private async Task AddAsync(IScheduler scheduler, int count, CancellationToken cancellationToken)
    {
        for (var i = 0; i < count; i++)
        {
            var signal = TriggerBuilder.Create()
                .WithIdentity(Guid.CreateVersion7(clock.GetUtcNow()).ToString("N"), Job.Group)
                .ForJob(Job)
                .StartAt(clock.GetUtcNow())
                // A signal may wait for hours. Otherwise Quartz sets one older than a minute aside, until its next look at misfires.
                .WithSimpleSchedule(schedule => schedule.WithMisfireInstruction(SimpleTriggerMisfireInstruction.IgnoreMisfires))
                .Build();
            await scheduler.ScheduleJob(signal, cancellationToken: cancellationToken);
        }
    }
}
