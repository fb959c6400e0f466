using System.Reflection;
using Hangfire;
using Hangfire.Common;
using Hangfire.States;

namespace NeuralCapacitance.Infrastructure.Queue;

/// <summary>
/// Hangfire jobs that each wake one free slot, of whatever process. Only their number matters; which trial a slot runs is decided by priority and age
/// when it claims one.
/// </summary>
internal sealed class TrialSignals(JobStorage storage, IJobFilterProvider filters, TimeProvider clock)
{
    public const string Queue = "trials";

    private static readonly MethodInfo Run = typeof(TrialJob).GetMethod(nameof(TrialJob.RunAsync))!;

    private readonly BackgroundJobClient _client = new(storage, filters);

    public void Send(int count)
    {
        for (var i = 0; i < count; i++)
            _client.Create(new Job(typeof(TrialJob), Run, Guid.CreateVersion7(clock.GetUtcNow()), null), new EnqueuedState(Queue));
    }

    /// <summary>Those that no slot has taken yet.</summary>
    public int CountPending() => (int)storage.GetMonitoringApi().EnqueuedCount(Queue);

    /// <summary>Of all workers that there are, busy or not.</summary>
    public int CountSlots() => storage.GetMonitoringApi().Servers().Where(server => server.Queues.Contains(Queue)).Sum(server => server.WorkersCount);
}
