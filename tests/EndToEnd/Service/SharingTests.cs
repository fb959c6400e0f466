using NeuralCapacitance.Infrastructure.Tests;

namespace NeuralCapacitance.EndToEnd.Service;

public sealed class SharingTests(PostgresFixture postgres) : IClassFixture<PostgresFixture>, IAsyncLifetime
{
    private readonly Site _site = new(postgres.ConnectionString);

    public Task InitializeAsync() => _site.StartApiAsync();

    public async Task DisposeAsync() => await _site.DisposeAsync();

    [Fact]
    public async Task Two_workers_share_the_trials_of_one_job()
    {
        const string ready = "Application started";
        var workers = new[] { _site.StartWorker("one"), _site.StartWorker("two") };
        foreach (var worker in workers) await worker.SaysAsync(ready);

        var done = await _site.SucceedsAsync(await _site.SubmitAsync(Specs.Shared));

        done.ShouldHaveEveryEpochOnce();
        done.Trials.ShouldAllBe(trial => trial.Attempt == 1);
        foreach (var worker in workers) await worker.SaysAsync("Trial finished");
        done.Trials.ShouldContain(a => done.Trials.Any(b => b.Id != a.Id && b.StartedAt < a.FinishedAt && a.StartedAt < b.FinishedAt), "no two trials ran at the same time");
    }

    [Fact]
    public async Task A_cancelled_job_stops_in_the_middle_of_an_epoch_on_another_process()
    {
        var worker = _site.StartWorker("worker");
        var job = await _site.SubmitAsync(Specs.LongEpochs);
        // Epoch 0, before training: from here on the worker trains, for minutes.
        await _site.JobAsync(job, "the first observation", view => view.Observations.Count == 1);

        await _site.CancelAsync(job);
        var cancelled = await _site.JobAsync(job, "the job to be cancelled", view => view.State == "cancelled");

        cancelled.Trials.ShouldAllBe(trial => trial.State == "cancelled");
        cancelled.Observations.Count.ShouldBe(1);
        await worker.SaysAsync("Trial stopped");

        // The slot is free again.
        await _site.SucceedsAsync(await _site.SubmitAsync(Specs.Small));
    }
}
