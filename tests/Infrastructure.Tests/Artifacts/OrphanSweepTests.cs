using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;
using NeuralCapacitance.Infrastructure.Artifacts;
using NeuralCapacitance.Infrastructure.Postgres;

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
        await _node.Trials.SucceedAsync(claimed.Lease, null, default);
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

        await new OrphanSweep(
            other.Services.GetRequiredService<IDbContextFactory<ServiceDbContext>>(), _node.Artifacts, TimeProvider.System, NullLogger<OrphanSweep>.Instance).RunOnceAsync(default);

        File.Exists(foreign).ShouldBeTrue();
    }

    private static OrphanSweep NewSweep(ServiceNode node)
        => new(node.Services.GetRequiredService<IDbContextFactory<ServiceDbContext>>(), node.Artifacts, TimeProvider.System, NullLogger<OrphanSweep>.Instance);

    private static string Write(string path, int hoursOld)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        File.WriteAllText(path, "numbers");
        File.SetLastWriteTimeUtc(path, TimeProvider.System.GetUtcNow().UtcDateTime.AddHours(-hoursOld));
        return path;
    }
}
