using Hangfire;
using Microsoft.Extensions.DependencyInjection;
using NeuralCapacitance.Domain.Jobs;
using NeuralCapacitance.Domain.Trials;
using NeuralCapacitance.Infrastructure.Queue;

namespace NeuralCapacitance.Infrastructure.Tests.Queue;

/// <summary>Several nodes on one database; some are processes of their own, to be killed and frozen for real.</summary>
public sealed class ClusterTests : IAsyncLifetime
{
    private static readonly TimeSpan Quick = TimeSpan.FromMilliseconds(5);
    private static readonly TimeSpan Slow = TimeSpan.FromMilliseconds(400);

    private string _database = null!;
    private ServiceNode _client = null!;

    public async Task InitializeAsync()
    {
        _database = await PostgresFixture.NewDatabaseAsync();
        _client = await ServiceNode.StartAsync(_database);
    }

    public async Task DisposeAsync() => await _client.DisposeAsync();

    [Fact]
    public async Task Nodes_share_a_jobs_trials_and_each_epoch_is_stored_once()
    {
        await using var first = await WorkerNodes.StartAsync(_database, Quick, slots: 2);
        await using var second = await WorkerNodes.StartAsync(_database, Quick, slots: 2);
        var job = await _client.Jobs.SubmitAsync(candidates: 6, repeats: 2);

        var finished = await _client.WaitForAsync(job.Id, JobState.Succeeded);

        await _client.ShouldBeWholeAsync(job.Id);
        (await _client.Trials.ListAsync(job.Id, default)).ShouldAllBe(trial => trial.Attempt == 1);
        finished.FinishedAt.ShouldNotBeNull();
    }

    [Fact]
    public async Task Node_takes_as_many_trials_at_once_as_it_has_slots()
    {
        await using var worker = await WorkerNodes.StartAsync(_database, TimeSpan.FromMinutes(10), slots: 3);
        var job = await _client.Jobs.SubmitAsync(candidates: 5);

        await _client.WaitForTrialsAsync(job.Id, TrialState.Running, count: 3);
        worker.Services.GetRequiredService<SlotGate>().Free.ShouldBe(0);
        worker.Services.GetRequiredService<JobStorage>().GetMonitoringApi().Servers().ShouldHaveSingleItem().WorkersCount.ShouldBe(3);
    }

    [Fact]
    public async Task Trial_of_a_killed_node_goes_on_elsewhere_after_its_last_epoch()
    {
        using var victim = WorkerNodes.StartProcess(_database, Slow);
        var job = await _client.Jobs.SubmitAsync(candidates: 2);
        await _client.WaitForObservationsAsync(job.Id, 2);
        await victim.SignalAsync("KILL");
        await victim.WaitForExitAsync();

        await using var heir = await WorkerNodes.StartAsync(_database, Quick);
        await _client.WaitForAsync(job.Id, JobState.Succeeded);

        await _client.ShouldBeWholeAsync(job.Id);
        (await _client.Trials.ListAsync(job.Id, default)).Select(trial => trial.Attempt).ShouldBe([2, 1], ignoreOrder: true);
    }

    [Fact]
    public async Task Node_that_was_frozen_writes_nothing_more_when_it_wakes()
    {
        using var frozen = WorkerNodes.StartProcess(_database, Slow);
        try
        {
            var job = await _client.Jobs.SubmitAsync(candidates: 2);
            await _client.WaitForObservationsAsync(job.Id, 2);
            await frozen.SignalAsync("STOP");
            await using var heir = await WorkerNodes.StartAsync(_database, Slow);
            var before = await _client.Trials.ObservationsAsync(job.Id, 0, 1000, default);
            await _client.WaitForObservationsAsync(job.Id, before.Count + 1);
            await frozen.SignalAsync("CONT");

            await _client.WaitForAsync(job.Id, JobState.Succeeded);

            await _client.ShouldBeWholeAsync(job.Id);
            (await _client.Trials.ObservationsAsync(job.Id, 0, 1000, default)).Take(before.Count).ShouldBe(before);
        }
        finally
        {
            frozen.Kill();
            await frozen.WaitForExitAsync();
        }
    }

    [Fact]
    public async Task Node_that_shuts_down_hands_its_trial_over()
    {
        var job = await _client.Jobs.SubmitAsync(candidates: 2);
        await using (await WorkerNodes.StartAsync(_database, Slow)) await _client.WaitForObservationsAsync(job.Id, 2);
        (await _client.Trials.ListAsync(job.Id, default)).ShouldAllBe(trial => trial.State == TrialState.Queued);
        (await _client.Jobs.FindAsync(job.Id, default))!.State.ShouldBe(JobState.Queued);

        await using var heir = await WorkerNodes.StartAsync(_database, Quick);
        await _client.WaitForAsync(job.Id, JobState.Succeeded);

        await _client.ShouldBeWholeAsync(job.Id);
    }

    [Fact]
    public async Task Cancel_on_one_node_stops_the_trial_on_another()
    {
        await using var worker = await WorkerNodes.StartAsync(_database, TimeSpan.FromMinutes(10));
        var job = await _client.Jobs.SubmitAsync(candidates: 2);
        await _client.WaitForAsync(job.Id, JobState.Running);

        (await _client.Jobs.CancelAsync(job.Id, default))!.State.ShouldBe(JobState.Cancelling);
        await _client.WaitForAsync(job.Id, JobState.Cancelled);

        (await _client.Trials.ListAsync(job.Id, default)).ShouldAllBe(trial => trial.State == TrialState.Cancelled);
    }
}
