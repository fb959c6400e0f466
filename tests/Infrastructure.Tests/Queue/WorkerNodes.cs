using System.Diagnostics;
using System.Globalization;
using Microsoft.Extensions.DependencyInjection;
using NeuralCapacitance.Domain.Jobs;
using NeuralCapacitance.Domain.Trials;
using NeuralCapacitance.Infrastructure.Queue;

namespace NeuralCapacitance.Infrastructure.Tests.Queue;

internal static class WorkerNodes
{
    /// <summary>A worker in this process, which gives up on a silent one after 2 s.</summary>
    public static Task<ServiceNode> StartAsync(string connectionString, TimeSpan perEpoch, int slots = 1) => ServiceNode.StartAsync(
        connectionString,
        services => services.AddSingleton(new Pace(perEpoch)).AddTrialExecution<EpochExecutor>(slots),
        ("Queue:CheckInInterval", "00:00:01"),
        ("Queue:CheckInGrace", "00:00:01"),
        ("Queue:ReconcileInterval", "00:00:00.5"));

    /// <summary>The same as a process of its own.</summary>
    public static Process StartProcess(string connectionString, TimeSpan perEpoch) => Process.Start(
        "dotnet",
        [typeof(WorkerNodes).Assembly.Location, "worker", connectionString, perEpoch.TotalMilliseconds.ToString(CultureInfo.InvariantCulture)]);

    public static async Task SignalAsync(this Process process, string signal)
    {
        using var kill = Process.Start("kill", [$"-{signal}", process.Id.ToString(CultureInfo.InvariantCulture)]);
        await kill.WaitForExitAsync();
    }

    /// <summary>Waits until the job's state is <paramref name="state"/>, woken by its changes.</summary>
    public static async Task<Job> WaitForAsync(this ServiceNode node, Guid jobId, JobState state)
    {
        Job? job = null;
        await node.WaitUntilAsync(jobId, async () => (job = await node.Jobs.FindAsync(jobId, default))!.State == state, $"job {jobId} to be {state}");
        return job!;
    }

    public static Task WaitForObservationsAsync(this ServiceNode node, Guid jobId, int count) => node.WaitUntilAsync(
        jobId, async () => (await node.Trials.ObservationsAsync(jobId, 0, 1000, default)).Count >= count, $"{count} observations of job {jobId}");

    public static Task WaitForTrialsAsync(this ServiceNode node, Guid jobId, TrialState state, int count) => node.WaitUntilAsync(
        jobId, async () => (await node.Trials.ListAsync(jobId, default)).Count(trial => trial.State == state) == count, $"{count} trials of job {jobId} to be {state}");

    private static async Task WaitUntilAsync(this ServiceNode node, Guid jobId, Func<Task<bool>> holds, string what)
    {
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(60));
        try
        {
            await foreach (var _ in node.Changes.JobChangesAsync(jobId, patience.Token))
            {
                if (await holds()) return;
            }
        }
        catch (OperationCanceledException e)
        {
            throw new TimeoutException($"Waited 60 s for {what}.", e);
        }
    }

    /// <summary>Each trial ended well and has each of its epochs once.</summary>
    public static async Task ShouldBeWholeAsync(this ServiceNode node, Guid jobId)
    {
        var trials = await node.Trials.ListAsync(jobId, default);
        trials.ShouldAllBe(trial => trial.State == TrialState.Succeeded && trial.EpochsDone == trial.EpochsTarget);
        var observations = await node.Trials.ObservationsAsync(jobId, 0, 1000, default);
        foreach (var trial in trials)
            observations.Where(o => o.TrialId == trial.Id).Select(o => o.Epoch).ShouldBe(Enumerable.Range(0, trial.EpochsTarget + 1));
        observations.Count.ShouldBe(trials.Sum(trial => trial.EpochsTarget + 1));
    }
}
