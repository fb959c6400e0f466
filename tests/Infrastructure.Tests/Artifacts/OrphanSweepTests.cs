using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using NeuralCapacitance.Infrastructure.Artifacts;
using NeuralCapacitance.Infrastructure.Postgres;
using NeuralCapacitance.Infrastructure.Retention;

namespace NeuralCapacitance.Infrastructure.Tests.Artifacts;

public sealed class OrphanSweepTests : IAsyncLifetime
{
    private ServiceNode _node = null!;

    public async Task InitializeAsync() => _node = await ServiceNode.StartAsync(await PostgresFixture.NewDatabaseAsync());

    public async Task DisposeAsync() => await _node.DisposeAsync();

    [Fact]
    public async Task Old_temporary_files_and_artifacts_of_no_trial_go_and_the_rest_stays()
    {
        var job = await _node.Jobs.SubmitAsync(candidates: 2);
        var trial = (await _node.Trials.ListAsync(job.Id, default))[0].Id;
        string[] kept =
        [
            Write(_node.Artifacts.CheckpointPath(trial, attempt: 1), hoursOld: 5),
            Write(_node.Artifacts.WeightsPath(job.Id, trial), hoursOld: 5),
            Write(_node.Artifacts.CheckpointPath(Guid.NewGuid(), attempt: 1), hoursOld: 0),
            Write(Path.Combine(_node.Artifacts.Root, "checkpoints", ".young.tmp"), hoursOld: 0),
            Write(Path.Combine(_node.Artifacts.Root, "weights", "my-own.safetensors"), hoursOld: 5),
        ];
        string[] gone =
        [
            Write(_node.Artifacts.CheckpointPath(Guid.NewGuid(), attempt: 1), hoursOld: 2),
            Write(_node.Artifacts.WeightsPath(Guid.NewGuid(), Guid.NewGuid()), hoursOld: 2),
            Write(Path.Combine(_node.Artifacts.Root, "checkpoints", ".old.tmp"), hoursOld: 2),
        ];

        await NewSweep(_node).RunOnceAsync(default);

        kept.ShouldAllBe(file => File.Exists(file));
        gone.ShouldAllBe(file => !File.Exists(file));
        Directory.Exists(Path.GetDirectoryName(gone[1])).ShouldBeFalse();
    }

    [Fact]
    public async Task Of_a_trial_that_ended_only_the_weights_are_kept()
    {
        var job = await _node.Jobs.SubmitAsync(candidates: 2);
        var claimed = (await _node.Trials.ClaimAsync())!;
        await _node.Trials.SucceedAsync(claimed.Lease, Path.GetRelativePath(_node.Artifacts.Root, _node.Artifacts.WeightsPath(job.Id, claimed.Trial.Id)), default);
        var checkpoint = Write(_node.Artifacts.CheckpointPath(claimed.Trial.Id, claimed.Lease.Attempt), hoursOld: 2);
        var weights = Write(_node.Artifacts.WeightsPath(job.Id, claimed.Trial.Id), hoursOld: 2);

        await NewSweep(_node).RunOnceAsync(default);

        File.Exists(checkpoint).ShouldBeFalse();
        File.Exists(weights).ShouldBeTrue();
    }

    [Fact]
    public async Task Artifacts_of_another_database_are_left_alone()
    {
        var foreign = Write(_node.Artifacts.CheckpointPath(Guid.NewGuid(), attempt: 1), hoursOld: 2);
        await using var other = await ServiceNode.StartAsync(await PostgresFixture.NewDatabaseAsync());
        await NewSweep(_node).RunOnceAsync(default);
        File.Exists(foreign).ShouldBeFalse();
        foreign = Write(_node.Artifacts.CheckpointPath(Guid.NewGuid(), attempt: 1), hoursOld: 2);

        await NewSweep(other, _node.Artifacts).RunOnceAsync(default);

        File.Exists(foreign).ShouldBeTrue();
    }

    [Fact]
    public async Task Models_of_attempts_that_were_killed_go_and_what_is_announced_or_at_work_stays()
    {
        var job = await _node.Jobs.SubmitAsync(candidates: 2);
        var ended = (await _node.Trials.ClaimAsync())!;
        var heir = (await _node.Trials.TakeOverAsync(ended.Lease))!;
        var announced = Write(_node.Artifacts.ModelPath(job.Id, heir.Trial.Id, heir.Lease.Attempt), hoursOld: 2);
        await _node.Trials.SucceedAsync(heir.Lease, Path.GetRelativePath(_node.Artifacts.Root, announced), default);
        var running = (await _node.Trials.ClaimAsync())!;
        var next = (await _node.Trials.TakeOverAsync(running.Lease))!;
        string[] gone =
        [
            Write(_node.Artifacts.ModelPath(job.Id, heir.Trial.Id, ended.Lease.Attempt), hoursOld: 2),
            Write(_node.Artifacts.ModelPath(job.Id, next.Trial.Id, running.Lease.Attempt), hoursOld: 2),
        ];
        string[] kept =
        [
            announced,
            Write(_node.Artifacts.ModelPath(job.Id, next.Trial.Id, next.Lease.Attempt), hoursOld: 2),
            Write(_node.Artifacts.CheckpointPath(next.Trial.Id, running.Lease.Attempt), hoursOld: 2),
        ];

        await NewSweep(_node).RunOnceAsync(default);

        gone.ShouldAllBe(file => !File.Exists(file));
        kept.ShouldAllBe(file => File.Exists(file));
    }

    [Fact]
    public async Task Training_state_of_trials_that_ended_is_kept_as_long_as_the_settings_say_and_that_of_others_always()
    {
        await using var node = await ServiceNode.StartAsync(await PostgresFixture.NewDatabaseAsync(), null, ("Retention:CheckpointAge", "00:30:00"), ("Retention:CheckpointCount", "1"));
        await node.Jobs.SubmitAsync(candidates: 4);
        var ended = new List<string>();
        for (var trial = 0; trial < 3; trial++)
        {
            var claimed = (await node.Trials.ClaimAsync())!;
            await node.Trials.SucceedAsync(claimed.Lease, null, default);
            ended.Add(Write(node.Artifacts.CheckpointPath(claimed.Trial.Id, 1), hoursOld: trial == 0 ? 1 : 0));
        }
        File.SetLastWriteTimeUtc(ended[1], TimeProvider.System.GetUtcNow().UtcDateTime.AddMinutes(-5));
        var waits = (await node.Trials.ClaimAsync())!;
        await node.Trials.ReleaseAsync(waits.Lease, default);
        var resumed = Write(node.Artifacts.CheckpointPath(waits.Trial.Id, 1), hoursOld: 500);

        await NewSweep(node).RunOnceAsync(default);

        ended.Select(File.Exists).ShouldBe([false, false, true]);
        File.Exists(resumed).ShouldBeTrue("the next attempt goes on from it");
    }

    private static OrphanSweep NewSweep(ServiceNode node) => NewSweep(node, node.Artifacts);

    private static OrphanSweep NewSweep(ServiceNode node, ArtifactStore artifacts)
    {
        var contexts = node.Services.GetRequiredService<IDbContextFactory<ServiceDbContext>>();
        return new(
            contexts,
            new Leftovers(contexts, artifacts, node.Services.GetRequiredService<IOptions<RetentionOptions>>(), TimeProvider.System, NullLogger<Leftovers>.Instance),
            TimeProvider.System,
            NullLogger<OrphanSweep>.Instance);
    }

    private static string Write(string path, int hoursOld)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        File.WriteAllText(path, "numbers");
        File.SetLastWriteTimeUtc(path, TimeProvider.System.GetUtcNow().UtcDateTime.AddHours(-hoursOld));
        return path;
    }
}
