using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using NeuralCapacitance.Domain.Jobs;
using NeuralCapacitance.Domain.Trials;
using NeuralCapacitance.Infrastructure.Postgres;
using NeuralCapacitance.Infrastructure.Queue;
using NeuralCapacitance.Infrastructure.Tests.Queue;
using NeuralCapacitance.Infrastructure.Workers;

namespace NeuralCapacitance.Infrastructure.Tests.Workers;

public sealed class WorkerStoreTests
{
    private static readonly TimeSpan Slow = TimeSpan.FromMilliseconds(400);

    [Fact]
    public async Task A_worker_tells_what_it_is_and_runs_and_leaves_the_list_when_it_stops()
    {
        var database = await PostgresFixture.NewDatabaseAsync();
        await using var asks = await ServiceNode.StartAsync(database);
        var workers = asks.Services.GetRequiredService<WorkerStore>();
        (await workers.ListAsync(default)).ShouldBeEmpty();
        await using (var node = await WorkerNodes.StartAsync(database, Slow, slots: 2))
        {
            var job = await asks.Jobs.SubmitAsync(candidates: 2);
            await asks.WaitForTrialsAsync(job.Id, TrialState.Running, 2);

            var worker = (await workers.ListAsync(default)).ShouldHaveSingleItem();

            worker.Id.ShouldBe($"{Environment.MachineName.ToLowerInvariant()}-cpu");
            worker.Process.ShouldBe(WorkerName.OfThisProcess);
            (worker.IsAlive, worker.Slots, worker.Device, worker.DrainingSince).ShouldBe((true, 2, "cpu", null));
            worker.Memory.ShouldNotBeNull().Used.ShouldBeInRange(1, worker.Memory.Total);
            worker.Trials.Select(trial => trial.JobId).ShouldBe([job.Id, job.Id]);
            (await workers.AnyAliveAsync(default)).ShouldBeTrue();
            await asks.Jobs.CancelAsync(job.Id, default);
        }

        (await workers.ListAsync(default)).ShouldBeEmpty();
        (await workers.AnyAliveAsync(default)).ShouldBeFalse();
    }

    [Fact]
    public async Task A_draining_worker_finishes_what_it_runs_and_takes_nothing_more_until_it_is_resumed()
    {
        var database = await PostgresFixture.NewDatabaseAsync();
        await using var asks = await ServiceNode.StartAsync(database);
        await using var node = await WorkerNodes.StartAsync(database, Slow);
        var workers = asks.Services.GetRequiredService<WorkerStore>();
        var id = (await workers.ListAsync(default))[0].Id;
        var job = await asks.Jobs.SubmitAsync(candidates: 3);
        await asks.WaitForTrialsAsync(job.Id, TrialState.Running, 1);

        (await workers.DrainAsync(id, draining: true, default)).ShouldNotBeNull().DrainingSince.ShouldNotBeNull();
        await asks.WaitForTrialsAsync(job.Id, TrialState.Succeeded, 1);
        // Longer than any of the worker's intervals: had it looked for another trial, it would have one.
        await Task.Delay(TimeSpan.FromSeconds(3));

        (await asks.Trials.ListAsync(job.Id, default)).Count(trial => trial.State == TrialState.Queued).ShouldBe(2);
        (await workers.ListAsync(default))[0].Trials.ShouldBeEmpty();

        await workers.DrainAsync(id, draining: false, default);
        await asks.WaitForAsync(job.Id, JobState.Succeeded);
    }

    [Fact]
    public async Task A_drain_is_of_the_place_and_outlives_whoever_worked_there()
    {
        var database = await PostgresFixture.NewDatabaseAsync();
        await using var asks = await ServiceNode.StartAsync(database);
        var workers = asks.Services.GetRequiredService<WorkerStore>();
        string id;
        await using (await WorkerNodes.StartAsync(database, Slow))
        {
            id = (await workers.ListAsync(default))[0].Id;
            await workers.DrainAsync(id, draining: true, default);
        }
        var gone = (await workers.ListAsync(default)).ShouldHaveSingleItem();
        (gone.IsAlive, gone.SeenAt).ShouldBe((false, null));

        await using var again = await WorkerNodes.StartAsync(database, Slow);
        var job = await asks.Jobs.SubmitAsync(candidates: 2);
        await Task.Delay(TimeSpan.FromSeconds(2));

        (await workers.ListAsync(default)).ShouldHaveSingleItem().Id.ShouldBe(id);
        (await asks.Trials.ListAsync(job.Id, default)).ShouldAllBe(trial => trial.State == TrialState.Queued);
        await workers.DrainAsync(id, draining: false, default);
        await asks.WaitForAsync(job.Id, JobState.Succeeded);
    }

    [Fact]
    public async Task Others_run_what_a_draining_worker_does_not()
    {
        var database = await PostgresFixture.NewDatabaseAsync();
        await using var asks = await ServiceNode.StartAsync(database);
        await using var here = await WorkerNodes.StartAsync(database, TimeSpan.FromMilliseconds(20));
        var workers = asks.Services.GetRequiredService<WorkerStore>();
        await workers.DrainAsync((await workers.ListAsync(default))[0].Id, draining: true, default);
        using var there = WorkerNodes.StartProcess(database, TimeSpan.FromMilliseconds(20));
        try
        {
            var job = await asks.Jobs.SubmitAsync(candidates: 6);

            await asks.WaitForAsync(job.Id, JobState.Succeeded);

            await asks.ShouldBeWholeAsync(job.Id);
            (await asks.Trials.ListAsync(job.Id, default)).ShouldAllBe(trial => WorkerName.ProcessOf(trial.LeaseOwner!) != WorkerName.OfThisProcess);
            (await workers.ListAsync(default)).Select(worker => worker.Id).Distinct().Count().ShouldBe(2, "two living workers have a place each");
        }
        finally
        {
            there.Kill();
            await there.WaitForExitAsync();
        }
    }

    [Fact]
    public async Task A_worker_that_was_lost_is_gone_after_a_while_and_forgotten_later()
    {
        var database = await PostgresFixture.NewDatabaseAsync();
        await using var asks = await ServiceNode.StartAsync(database);
        var workers = asks.Services.GetRequiredService<WorkerStore>();
        await AddAsync(asks, "lately", "now() - interval '10 minutes'", "NULL");
        await AddAsync(asks, "long-ago", "now() - interval '2 hours'", "NULL");
        await AddAsync(asks, "drained", "now() - interval '2 days'", "now() - interval '3 days'");
        await AddAsync(asks, "drained-long-ago", "now() - interval '8 days'", "now() - interval '9 days'");
        (await workers.ListAsync(default)).ShouldAllBe(worker => !worker.IsAlive);

        await workers.ForgetAsync(default);

        (await workers.ListAsync(default)).Select(worker => worker.Id).ShouldBe(["drained", "lately"]);
    }

    [Fact]
    public async Task Nobody_can_drain_a_worker_that_there_is_not()
    {
        await using var asks = await ServiceNode.StartAsync(await PostgresFixture.NewDatabaseAsync());

        (await asks.Services.GetRequiredService<WorkerStore>().DrainAsync("nobody", draining: true, default)).ShouldBeNull();
    }

    [Fact]
    public async Task A_node_is_ready_only_while_a_worker_lives()
    {
        var database = await PostgresFixture.NewDatabaseAsync();
        await using var asks = await ServiceNode.StartAsync(database);
        var checks = asks.Services.GetRequiredService<HealthCheckService>();
        var without = (await checks.CheckHealthAsync(check => check.Name == "workers")).Entries["workers"];
        without.Status.ShouldBe(HealthStatus.Unhealthy);
        without.Description.ShouldNotBeNull().ShouldContain("No worker lives");

        await using var node = await WorkerNodes.StartAsync(database, Slow);

        (await checks.CheckHealthAsync(check => check.Name == "workers")).Status.ShouldBe(HealthStatus.Healthy);
    }

    [Fact]
    public async Task A_worker_touches_a_file_when_it_has_checked_in()
    {
        var file = Path.Combine(Directory.CreateTempSubdirectory("nc-check-in-").FullName, "alive");
        await using var node = await ServiceNode.StartAsync(
            await PostgresFixture.NewDatabaseAsync(), services => services.AddSingleton(new Pace(Slow)).AddTrialExecution<EpochExecutor>(1),
            ("Queue:CheckInInterval", "00:00:01"), ("Queue:CheckInFile", file));

        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(60));
        while (!File.Exists(file)) await Task.Delay(50, patience.Token);
        Directory.Delete(Path.GetDirectoryName(file)!, recursive: true);
    }

    private static async Task AddAsync(ServiceNode node, string id, string seen, string draining)
    {
        await using var context = await node.Services.GetRequiredService<IDbContextFactory<ServiceDbContext>>().CreateDbContextAsync();
#pragma warning disable EF1002 // The test's own words.
        await context.Database.ExecuteSqlRawAsync(
            $"INSERT INTO workers (id, process, instance, version, device, slots, started_at, seen_at, draining_since) VALUES ('{id}', 'elsewhere:1', gen_random_uuid(), '1', 'cpu', 1, {seen}, {seen}, {draining})");
#pragma warning restore EF1002
    }
}
