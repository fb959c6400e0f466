using NeuralCapacitance.EndToEnd.Processes;
using NeuralCapacitance.Infrastructure.Tests;
using NeuralCapacitance.Worker.Tests.TensorBoard;

namespace NeuralCapacitance.EndToEnd.Recovery;

public sealed class WorkerLossTests(PostgresFixture postgres) : IClassFixture<PostgresFixture>, IAsyncLifetime
{
    private readonly Site _site = new(postgres.ConnectionString);

    public Task InitializeAsync() => _site.StartApiAsync();

    public async Task DisposeAsync() => await _site.DisposeAsync();

    [Fact]
    public async Task Another_worker_takes_over_a_killed_ones_trial_at_its_next_epoch_with_the_same_numbers()
    {
        using var curves = new TemporaryFolder();
        var writesCurves = $"--Worker:TensorBoard={curves.Path}";
        var job = await _site.SubmitAsync(Specs.Small);
        var first = _site.StartWorker("first", writesCurves);
        var caught = await _site.MidTrialAsync(job);
        await first.KillAsync();
        var before = await _site.JobAsync(job);

        _site.StartWorker("second", writesCurves);
        var after = await _site.SucceedsAsync(job);

        after.ShouldHaveEveryEpochOnce();
        after.ShouldStillHave(before);
        var trial = after.Trials.Single(t => t.Id == caught.Id);
        trial.Attempt.ShouldBe(2);
        var stored = before.ObservationsOf(caught).Count;
        after.ObservationsOf(trial).Select(o => o.Attempt).ShouldBe(
            [.. Enumerable.Repeat(1, stored), .. Enumerable.Repeat(2, trial.EpochsTarget + 1 - stored)]);
        EventFile.OfRun(Directory.GetDirectories(curves.Path, $"{trial.Candidate}#0", SearchOption.AllDirectories).ShouldHaveSingleItem())
            .Scalars().Where(s => s.Tag == "beta_eff").Select(s => s.Step).ShouldBe(Enumerable.Range(0, trial.EpochsTarget + 1).Select(epoch => (long)epoch));

        var undisturbed = await _site.SucceedsAsync(await _site.SubmitAsync(Specs.Small));
        undisturbed.Trials.ShouldAllBe(t => t.Attempt == 1);
        after.Numbers.ShouldBe(undisturbed.Numbers);
    }

    [Fact]
    public async Task A_worker_frozen_beyond_its_check_in_and_woken_up_changes_nothing_that_its_successor_wrote()
    {
        var job = await _site.SubmitAsync(Specs.Small);
        var frozen = _site.StartWorker("frozen");
        var caught = await _site.MidTrialAsync(job);
        frozen.Send(Signal.Stop);
        var before = await _site.JobAsync(job);

        _site.StartWorker("successor");
        var taken = await _site.JobAsync(job, "the successor's first observation", view => view.ObservationsOf(caught).Any(o => o.Attempt == 2));
        frozen.Send(Signal.Continue);
        await frozen.SaysAsync("another worker has the trial now");
        var after = await _site.SucceedsAsync(job);

        after.ShouldHaveEveryEpochOnce();
        after.ShouldStillHave(before);
        after.ShouldStillHave(taken);
        after.Trials.Single(t => t.Id == caught.Id).Attempt.ShouldBe(2);
        after.ObservationsOf(caught).Select(o => o.Attempt).ShouldBeInOrder();

        var undisturbed = await _site.SucceedsAsync(await _site.SubmitAsync(Specs.Small));
        after.Numbers.ShouldBe(undisturbed.Numbers);
    }

    [Fact]
    public async Task A_frozen_worker_that_is_about_to_end_its_trial_when_it_wakes_does_not_end_its_successors()
    {
        var job = await _site.SubmitAsync(Specs.Small);
        var frozen = _site.StartWorker("frozen");
        var caught = (await _site.JobAsync(job, "the last epoch of a trial", view => view.Trials[0].EpochsDone == view.Trials[0].EpochsTarget - 1)).Trials[0];
        frozen.Send(Signal.Stop);
        var before = await _site.JobAsync(job);
        before.Trials[0].State.ShouldBe("running", "the trial was too quick to be frozen before its end");

        _site.StartWorker("successor");
        await _site.JobAsync(job, "the successor to have the trial", view => view.Trials[0].Attempt == 2);
        frozen.Send(Signal.Continue);
        await frozen.SaysAsync("another worker has the trial now");
        var after = await _site.SucceedsAsync(job);

        after.ShouldHaveEveryEpochOnce();
        after.ShouldStillHave(before);
        after.Trials.Single(t => t.Id == caught.Id).Attempt.ShouldBe(2);
        var undisturbed = await _site.SucceedsAsync(await _site.SubmitAsync(Specs.Small));
        after.Numbers.ShouldBe(undisturbed.Numbers);
    }

    [Fact]
    public async Task A_lost_trial_comes_before_a_backlog_that_is_younger()
    {
        const int backlog = 500;
        var job = await _site.SubmitAsync(Specs.Small);
        var lost = _site.StartWorker("lost");
        await _site.MidTrialAsync(job);
        await lost.KillAsync();
        var crowd = await Task.WhenAll(Enumerable.Range(0, backlog / Specs.BacklogTrials).Select(_ => _site.SubmitAsync(Specs.Backlog)));

        _site.StartWorker("heir");
        var after = await _site.SucceedsAsync(job);

        after.ShouldHaveEveryEpochOnce();
        var waiting = 0;
        foreach (var other in crowd) waiting += (await _site.JobAsync(other)).Trials.Count(trial => trial.State == "queued");
        waiting.ShouldBeGreaterThan(backlog * 9 / 10);
        foreach (var other in crowd) await _site.CancelAsync(other);
    }

    [Fact]
    public async Task A_worker_told_to_stop_hands_its_trial_back_and_ends()
    {
        var job = await _site.SubmitAsync(Specs.Small);
        var stopped = _site.StartWorker("stopped");
        var caught = await _site.MidTrialAsync(job);
        stopped.Send(Signal.Terminate);
        (await stopped.EndsAsync()).ShouldBe(0, stopped.Output);
        var before = await _site.JobAsync(job);
        before.Trials.Single(t => t.Id == caught.Id).State.ShouldBe("queued");

        _site.StartWorker("next");
        var after = await _site.SucceedsAsync(job);

        after.ShouldHaveEveryEpochOnce();
        after.ShouldStillHave(before);
        after.Trials.Single(t => t.Id == caught.Id).Attempt.ShouldBe(2);
    }
}
