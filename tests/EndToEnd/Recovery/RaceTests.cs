using NeuralCapacitance.EndToEnd.Processes;
using NeuralCapacitance.Infrastructure.Tests;

namespace NeuralCapacitance.EndToEnd.Recovery;

public sealed class RaceTests(PostgresFixture postgres) : IClassFixture<PostgresFixture>, IAsyncLifetime
{
    private readonly Site _site = new(postgres.ConnectionString);

    public Task InitializeAsync() => _site.StartApiAsync();

    public async Task DisposeAsync() => await _site.DisposeAsync();

    [Fact]
    public async Task A_race_whose_worker_is_killed_decides_as_an_undisturbed_one()
    {
        var job = await _site.SubmitAsync(Specs.Race);
        var first = _site.StartWorker("first");
        await _site.JobAsync(job, "a trial beyond the first round", view => view.Trials.Any(t => t is { State: "running", EpochsTarget: > 2 }));
        await first.KillAsync();
        var before = await _site.JobAsync(job);

        _site.StartWorker("second");
        _site.StartWorker("third");
        var after = await _site.SucceedsAsync(job);

        after.ShouldHaveEveryEpochOnce();
        after.ShouldStillHave(before);
        after.Trials.ShouldAllBe(t => t.State == "succeeded" || t.State == "dropped");
        var again = await _site.SubmitAsync(Specs.Race);
        await _site.SucceedsAsync(again);
        var decisions = await _site.DecisionsAsync(job);
        decisions.ShouldBe(await _site.DecisionsAsync(again));
        decisions.Count(d => d.Contains("\"is_leader\": true", StringComparison.Ordinal) && d.Contains("stopped", StringComparison.Ordinal)).ShouldBe(1);
    }

    [Fact]
    public async Task A_race_that_is_cancelled_leaves_no_trial_waiting()
    {
        var job = await _site.SubmitAsync(Specs.EndlessRace);
        _site.StartWorker("worker");
        await _site.JobAsync(job, "a paused trial", view => view.Trials.Any(t => t.State == "paused"));

        await _site.CancelAsync(job);

        var cancelled = await _site.JobAsync(job, "the job to be cancelled", view => view.State == "cancelled");
        cancelled.Trials.ShouldAllBe(t => t.State == "cancelled");
    }
}
