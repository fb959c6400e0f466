using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;
using NeuralCapacitance.Domain.Jobs;
using NeuralCapacitance.Infrastructure.Artifacts;
using NeuralCapacitance.Infrastructure.Jobs;
using NeuralCapacitance.Infrastructure.Postgres;
using NeuralCapacitance.Infrastructure.Queue;
using NeuralCapacitance.Infrastructure.Tests.Queue;
using NeuralCapacitance.Infrastructure.Workers;

namespace NeuralCapacitance.Infrastructure.Tests.Postgres;

/// <summary>Nodes whose clocks are minutes away from each other, and from the database's.</summary>
public sealed class ClockTests
{
    [Theory]
    [InlineData(5)]
    [InlineData(-5)]
    public async Task A_node_with_a_wrong_clock_neither_delays_jobs_nor_takes_trials_from_others(int minutes)
    {
        var database = await PostgresFixture.NewDatabaseAsync();
        await using var wrong = await StartAsync(database, TimeSpan.FromMinutes(minutes), work: false);
        await using var worker = await StartAsync(database, TimeSpan.Zero, work: true);
        await using var otherWorker = await StartAsync(database, TimeSpan.FromMinutes(minutes), work: true);

        var job = await wrong.Jobs.SubmitAsync(candidates: 4);
        await worker.WaitForAsync(job.Id, JobState.Succeeded);

        await worker.ShouldBeWholeAsync(job.Id);
        var trials = await worker.Trials.ListAsync(job.Id, default);
        trials.ShouldAllBe(trial => trial.Attempt == 1, "no living worker was taken for a dead one");
        var done = (await worker.Jobs.FindAsync(job.Id, default))!;
        var now = await NowAsync(worker);
        DateTimeOffset[] times = [done.CreatedAt, done.StartedAt!.Value, .. trials.Select(trial => trial.StartedAt!.Value).Order(), done.FinishedAt!.Value, now];
        times.ShouldBeInOrder();
        (now - done.CreatedAt).ShouldBeLessThan(TimeSpan.FromMinutes(4), "the wrong clock stamped nothing");
        (await worker.Trials.ObservationsAsync(job.Id, 0, 1000, default)).ShouldAllBe(o => o.RecordedAt >= done.CreatedAt && o.RecordedAt <= now);
    }

    [Theory]
    [InlineData(25)]
    [InlineData(-25)]
    public async Task An_idempotency_key_is_as_old_as_the_database_says(int hours)
    {
        var database = await PostgresFixture.NewDatabaseAsync();
        await using var right = await StartAsync(database, TimeSpan.Zero, work: false);
        await using var wrong = await StartAsync(database, TimeSpan.FromHours(hours), work: false);
        var key = new IdempotencyKey("the same", "hash");
        var first = await right.Jobs.CreateAsync(Specs.Of(2), "{}", key, default);

        var again = await wrong.Jobs.CreateAsync(Specs.Of(2), "{}", key, default);
        await SweepOf(wrong, TimeSpan.FromHours(hours)).RunOnceAsync(default);

        again.Replayed.ShouldBeTrue();
        again.Job.Id.ShouldBe(first.Job.Id);
        (await right.Jobs.ReplayAsync(key, default))!.Id.ShouldBe(first.Job.Id);
    }

    [Fact]
    public async Task A_sweep_by_a_clock_that_is_ahead_leaves_files_that_are_being_written()
    {
        await using var node = await StartAsync(await PostgresFixture.NewDatabaseAsync(), TimeSpan.FromHours(3), work: false);
        var young = Path.Combine(Directory.CreateDirectory(node.Artifacts.Checkpoints).FullName, ".young.tmp");
        await File.WriteAllTextAsync(young, "half of a checkpoint");

        await SweepOf(node, TimeSpan.FromHours(3)).RunOnceAsync(default);

        File.Exists(young).ShouldBeTrue();
    }

    [Theory]
    [InlineData(5)]
    [InlineData(-5)]
    public async Task Workers_of_wrong_clocks_are_alive_as_long_as_they_check_in(int minutes)
    {
        var database = await PostgresFixture.NewDatabaseAsync();
        await using var asks = await StartAsync(database, TimeSpan.Zero, work: false);
        await using var worker = await StartAsync(database, TimeSpan.FromMinutes(minutes), work: true);

        (await asks.Services.GetRequiredService<WorkerStore>().ListAsync(default)).ShouldHaveSingleItem().IsAlive.ShouldBeTrue();
    }

    private static Task<ServiceNode> StartAsync(string database, TimeSpan ahead, bool work) => ServiceNode.StartAsync(
        database,
        services =>
        {
            services.AddSingleton<TimeProvider>(new SkewedTime(ahead));
            if (work) services.AddSingleton(new Pace(TimeSpan.FromMilliseconds(50))).AddTrialExecution<EpochExecutor>(1);
        },
        ("Queue:CheckInInterval", "00:00:01"),
        ("Queue:CheckInGrace", "00:00:02"),
        ("Queue:ReconcileInterval", "00:00:00.5"));

    private static OrphanSweep SweepOf(ServiceNode node, TimeSpan ahead)
        => new(node.Services.GetRequiredService<IDbContextFactory<ServiceDbContext>>(), node.Services.GetRequiredService<Leftovers>(), new SkewedTime(ahead), NullLogger<OrphanSweep>.Instance);

    private static async Task<DateTimeOffset> NowAsync(ServiceNode node)
    {
        await using var context = await node.Services.GetRequiredService<IDbContextFactory<ServiceDbContext>>().CreateDbContextAsync();
        return await context.NowAsync(default);
    }
}
