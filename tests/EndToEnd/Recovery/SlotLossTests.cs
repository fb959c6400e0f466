using NeuralCapacitance.EndToEnd.Processes;
using NeuralCapacitance.Infrastructure.Tests;

namespace NeuralCapacitance.EndToEnd.Recovery;

/// <summary>The processes that workers run trials in.</summary>
public sealed class SlotLossTests(PostgresFixture postgres) : IClassFixture<PostgresFixture>, IAsyncLifetime
{
    private const string LibTorch = "libtorch_cpu";

    private readonly Site _site = new(postgres.ConnectionString);

    public Task InitializeAsync() => _site.StartApiAsync();

    public async Task DisposeAsync() => await _site.DisposeAsync();

    [Fact]
    public async Task A_killed_worker_takes_its_trial_s_process_along()
    {
        var job = await _site.SubmitAsync(Specs.Small);
        var worker = _site.StartWorker("worker");
        await _site.MidTrialAsync(job);
        var slot = Children.Of(worker.Id).ShouldHaveSingleItem();

        await worker.KillAsync();

        await Eventually.Async("the trial's process to end", () => Task.FromResult(Children.IsAlive(slot)), alive => !alive);
    }

    [Fact]
    public async Task Only_the_trial_s_process_needs_libtorch()
    {
        var job = await _site.SubmitAsync(Specs.Small);
        var worker = _site.StartWorker("worker");
        await _site.MidTrialAsync(job);

        Children.HasLoaded(Children.Of(worker.Id).Single(), LibTorch).ShouldBeTrue();
        Children.HasLoaded(worker.Id, LibTorch).ShouldBeFalse();
        Children.HasLoaded(_site.Api.Id, LibTorch).ShouldBeFalse();
    }

    [Fact]
    public async Task A_trial_whose_process_is_killed_goes_on_in_another_with_the_same_numbers_and_its_worker_notices_only_that()
    {
        var job = await _site.SubmitAsync(Specs.Small);
        var worker = _site.StartWorker("worker");
        var caught = await _site.MidTrialAsync(job);
        var slot = Children.Of(worker.Id).Single();

        Signals.Send(slot, Signal.Kill);
        var after = await _site.SucceedsAsync(job);

        await worker.SaysAsync("was killed from outside (SIGKILL)");
        after.ShouldHaveEveryEpochOnce();
        after.Trials.Single(t => t.Id == caught.Id).Attempt.ShouldBe(1);
        Children.Of(worker.Id).ShouldHaveSingleItem().ShouldNotBe(slot);
        var undisturbed = await _site.SucceedsAsync(await _site.SubmitAsync(Specs.Small));
        after.Numbers.ShouldBe(undisturbed.Numbers);
    }

    [Fact]
    public async Task Two_slots_of_a_worker_give_the_numbers_of_one()
    {
        var job = await _site.SubmitAsync(Specs.Shared);
        var two = _site.StartWorker("two", "--Worker:Slots=2");
        var together = await _site.SucceedsAsync(job);
        Children.Of(two.Id).Count.ShouldBe(2);
        two.Send(Signal.Terminate);
        (await two.EndsAsync()).ShouldBe(0, two.Output);

        _site.StartWorker("one");
        var alone = await _site.SucceedsAsync(await _site.SubmitAsync(Specs.Shared));

        together.ShouldHaveEveryEpochOnce();
        together.Trials.ShouldContain(t => together.Trials.Any(other => other.Id != t.Id && other.StartedAt < t.FinishedAt && t.StartedAt < other.FinishedAt));
        together.Numbers.ShouldBe(alone.Numbers);
    }
}
