using Microsoft.Extensions.Options;
using NeuralCapacitance.Infrastructure.Artifacts;
using NeuralCapacitance.Infrastructure.Storage;

namespace NeuralCapacitance.Infrastructure.Tests.Artifacts;

public sealed class ArtifactStoreTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("nc-artifacts-").FullName;
    private readonly string _data;
    private readonly ArtifactStore _artifacts;

    public ArtifactStoreTests()
    {
        _data = Directory.CreateDirectory(Path.Combine(_folder, "data")).FullName;
        _artifacts = new(Options.Create(new StorageOptions { Root = Path.Combine(_folder, "root"), DataRoots = [_data] }));
    }

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void Written_file_is_whole_and_alone()
    {
        var path = _artifacts.CheckpointPath(Guid.NewGuid(), attempt: 1);
        _artifacts.WriteAtomically(path, temporary => File.WriteAllText(temporary, "first"));
        _artifacts.WriteAtomically(path, temporary => File.WriteAllText(temporary, "second"));

        File.ReadAllText(path).ShouldBe("second");
        Directory.GetFiles(Path.GetDirectoryName(path)!).ShouldBe([path]);
    }

    [Fact]
    public void Reader_sees_the_old_file_until_the_new_one_is_whole()
    {
        var path = _artifacts.CheckpointPath(Guid.NewGuid(), attempt: 1);
        _artifacts.WriteAtomically(path, temporary => File.WriteAllText(temporary, "old"));
        _artifacts.WriteAtomically(path, temporary =>
        {
            File.WriteAllText(temporary, "ne");
            File.ReadAllText(path).ShouldBe("old");
            Path.GetDirectoryName(temporary).ShouldBe(Path.GetDirectoryName(path));
            File.AppendAllText(temporary, "w");
        });
        File.ReadAllText(path).ShouldBe("new");
    }

    [Fact]
    public void The_last_attempts_checkpoint_is_found_and_older_ones_are_deleted()
    {
        var (trial, other) = (Guid.NewGuid(), Guid.NewGuid());
        _artifacts.FindCheckpoint(trial).ShouldBeNull();
        foreach (var path in (string[])[.. new[] { 2, 9, 10 }.Select(attempt => _artifacts.CheckpointPath(trial, attempt)), _artifacts.CheckpointPath(other, 1)])
            _artifacts.WriteAtomically(path, temporary => File.WriteAllText(temporary, "numbers"));

        _artifacts.FindCheckpoint(trial).ShouldBe(_artifacts.CheckpointPath(trial, 10));
        _artifacts.DeleteCheckpoints(trial, attempt: 10);
        Directory.GetFiles(_artifacts.Checkpoints).ShouldBe([_artifacts.CheckpointPath(trial, 10), _artifacts.CheckpointPath(other, 1)], ignoreOrder: true);
        _artifacts.DeleteCheckpoints(trial);
        _artifacts.FindCheckpoint(trial).ShouldBeNull();
        File.Exists(_artifacts.CheckpointPath(other, 1)).ShouldBeTrue();
    }

    [Fact]
    public void Full_disk_leaves_the_old_file_and_no_debris()
    {
        var path = _artifacts.CheckpointPath(Guid.NewGuid(), attempt: 1);
        _artifacts.WriteAtomically(path, temporary => File.WriteAllText(temporary, "old"));

        // /dev/full answers every write as a full disk does.
        var failure = Should.Throw<IOException>(() => _artifacts.WriteAtomically(path, temporary =>
        {
            File.CreateSymbolicLink(temporary, "/dev/full");
            File.WriteAllText(temporary, "new");
        }));

        failure.Message.ShouldContain("No space left on device");
        File.ReadAllText(path).ShouldBe("old");
        Directory.GetFileSystemEntries(Path.GetDirectoryName(path)!).ShouldBe([path]);
    }

    [Fact]
    public void Write_that_fails_half_way_leaves_nothing()
    {
        var path = _artifacts.WeightsPath(Guid.NewGuid(), Guid.NewGuid());
        Should.Throw<InvalidOperationException>(() => _artifacts.WriteAtomically(path, temporary =>
        {
            File.WriteAllText(temporary, "half");
            throw new InvalidOperationException("The tensor is gone.");
        }));
        Directory.GetFileSystemEntries(Path.GetDirectoryName(path)!).ShouldBeEmpty();
    }

    [Fact]
    public void Weights_are_found_under_the_artifacts_and_the_data_roots()
    {
        var own = _artifacts.WeightsPath(Guid.NewGuid(), Guid.NewGuid());
        _artifacts.WriteAtomically(own, temporary => File.WriteAllText(temporary, "w"));
        var given = Path.Combine(_data, "zoo", "resnet8.safetensors");
        Directory.CreateDirectory(Path.GetDirectoryName(given)!);
        File.WriteAllText(given, "w");

        _artifacts.ResolveWeights(Path.GetRelativePath(_artifacts.Root, own)).ShouldBe(own);
        _artifacts.ResolveWeights("zoo/resnet8.safetensors").ShouldBe(given);
        _artifacts.ResolveWeights(given).ShouldBe(given);
    }

    [Theory]
    [InlineData("../secret")]
    [InlineData("zoo/../../secret")]
    [InlineData("/etc/passwd")]
    [InlineData("")]
    [InlineData(".")]
    [InlineData("absent.safetensors")]
    public void Weights_outside_the_roots_or_absent_are_refused_without_naming_a_place(string path)
    {
        File.WriteAllText(Path.Combine(_folder, "secret"), "s");
        var refusal = Should.Throw<ArgumentException>(() => _artifacts.ResolveWeights(path));
        refusal.Message.ShouldContain("in a data root or among the artifacts");
        refusal.Message.ShouldNotContain(_folder, customMessage: "clients learn no place on the machine");
        refusal.Message.ShouldEndWith("relative to the root.");
    }

    [Fact]
    public void Link_that_leads_out_of_the_roots_is_refused_and_one_that_stays_inside_is_followed()
    {
        File.WriteAllText(Path.Combine(_folder, "secret"), "s");
        File.CreateSymbolicLink(Path.Combine(_data, "out"), Path.Combine(_folder, "secret"));
        Directory.CreateSymbolicLink(Path.Combine(_data, "up"), _folder);
        File.WriteAllText(Path.Combine(_data, "w"), "w");
        File.CreateSymbolicLink(Path.Combine(_data, "in"), "w");

        Should.Throw<ArgumentException>(() => _artifacts.ResolveWeights("out"));
        Should.Throw<ArgumentException>(() => _artifacts.ResolveWeights("up/secret"));
        _artifacts.ResolveWeights("in").ShouldBe(Path.Combine(_data, "w"));
    }

    [Fact]
    public void Sibling_whose_name_begins_like_a_root_is_outside()
    {
        var sibling = _data + "-private";
        Directory.CreateDirectory(sibling);
        File.WriteAllText(Path.Combine(sibling, "w"), "w");
        Should.Throw<ArgumentException>(() => _artifacts.ResolveWeights($"../{Path.GetFileName(sibling)}/w"));
    }
}
