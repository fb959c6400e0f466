using System.Buffers.Binary;
using Microsoft.Extensions.Options;
using NeuralCapacitance.Infrastructure.Artifacts;
using NeuralCapacitance.Infrastructure.Storage;
using NeuralCapacitance.Worker.Weights;

namespace NeuralCapacitance.Worker.Tests.Weights;

public sealed class WeightsSearchTests : IDisposable
{
    private static readonly TimeSpan Patient = TimeSpan.FromMinutes(5);

    private readonly string _folder = Directory.CreateTempSubdirectory("nc-search-").FullName;

    private string Root => Path.Combine(_folder, "service");

    private string Data => Path.Combine(_folder, "data");

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void Files_that_are_named_like_weights_and_begin_like_them_are_found_by_the_names_that_a_job_takes()
    {
        byte[] pickle = [0x80, 0x02, 0x8a, 0x0a, 0x6c, 0xfc, 0x9c, 0x46, 0xf9, 0x20, 0x6a, 0xa8, 0x50, 0x19, (byte)'.'];
        byte[] keras = [0x89, (byte)'H', (byte)'D', (byte)'F', (byte)'\r', (byte)'\n', 0x1a, (byte)'\n'];
        Write("data/zoo/resnet18.safetensors", Safetensors);
        Write("data/zoo/deep/er/Best.PTH.TAR", "PK\x03\x04 and more of it"u8.ToArray());
        Write("data/old.bin", pickle);
        Write("data/xception.h5", keras);
        Write("service/artifacts/mine/own.pt", Safetensors);
        Write("data/notes.txt", Safetensors);
        Write("data/pointer.pth", "version https://git-lfs.github.com/spec/v1"u8.ToArray());
        Write("data/empty.pt", []);
        Write("data/cifar/data_batch_1.bin", new byte[100]);

        var artifacts = Artifacts(Data);
        var found = new WeightsSearch(artifacts).Find(100, Patient, CancellationToken.None);

        found.More.ShouldBeNull();
        found.Files.Select(file => file.Path).ShouldBe(["mine/own.pt", "old.bin", "xception.h5", "zoo/deep/er/Best.PTH.TAR", "zoo/resnet18.safetensors"]);
        found.Files[^1].Bytes.ShouldBe(Safetensors.Length);
        found.Files.ShouldAllBe(file => File.Exists(artifacts.ResolveWeights(file.Path)));
    }

    [Fact]
    public void Hidden_ones_and_what_the_service_keeps_itself_are_left_out()
    {
        Write("data/.cache/a.pth", Safetensors);
        Write("data/.b.pth", Safetensors);
        Write("data/__MACOSX/c.pth", Safetensors);
        Write($"service/artifacts/weights/{Guid.NewGuid()}/d.safetensors", Safetensors);
        Write("service/artifacts/checkpoints/e.pt", Safetensors);
        Write("service/artifacts/scratch/f/f.pt", Safetensors);
        Write("service/uploads/pets/g.pt", Safetensors);
        Write("service/weights/resnet18-f37072fd.pth", Safetensors);
        Write("service/artifacts/h.pt", Safetensors);

        Names(Data).ShouldBe(["h.pt"]);
        // The service's own folder may lie in a data root.
        Names(_folder).ShouldBe(["h.pt"]);
        Names(Root).ShouldBe(["h.pt"]);
    }

    [Fact]
    public void A_data_root_inside_the_services_folder_is_one_all_the_same()
    {
        Write("service/images/zoo/a.pth", Safetensors);

        Names(Path.Combine(Root, "images")).ShouldBe(["zoo/a.pth"]);
        Names(_folder).ShouldBeEmpty();
    }

    [Fact]
    public void Of_two_roots_with_the_same_name_the_first_is_meant_once()
    {
        Write("data/a.pth", Safetensors);
        Write("more/a.pth", [.. Safetensors, 1]);
        Write("more/b.pth", Safetensors);

        var found = new WeightsSearch(Artifacts(Data, Path.Combine(_folder, "more"))).Find(100, Patient, CancellationToken.None);

        found.Files.Select(file => (file.Path, file.Bytes)).ShouldBe([("a.pth", Safetensors.Length), ("b.pth", Safetensors.Length)]);
    }

    [Fact]
    public void Links_to_files_inside_are_followed_and_others_are_not()
    {
        Write("data/blobs/0af3", Safetensors);
        Write("outside/secret.pth", Safetensors);
        Write($"service/artifacts/weights/{Guid.NewGuid()}/saved.safetensors", Safetensors);
        Directory.CreateDirectory(Path.Combine(Data, "snapshots"));
        File.CreateSymbolicLink(Path.Combine(Data, "snapshots", "model.safetensors"), "../blobs/0af3");
        File.CreateSymbolicLink(Path.Combine(Data, "out.pth"), Path.Combine(_folder, "outside", "secret.pth"));
        File.CreateSymbolicLink(Path.Combine(Data, "theirs.safetensors"), Directory.GetFiles(Path.Combine(Root, "artifacts", "weights"), "*", SearchOption.AllDirectories)[0]);
        Directory.CreateSymbolicLink(Path.Combine(Data, "again"), Data);

        Names(Data).ShouldBe(["snapshots/model.safetensors"]);
    }

    [Fact]
    public void More_than_wanted_and_more_than_time_allows_is_said()
    {
        foreach (var name in new[] { "a", "b", "c" }) Write($"data/{name}.pth", Safetensors);
        var search = new WeightsSearch(Artifacts(Data));

        var two = search.Find(2, Patient, CancellationToken.None);
        two.Files.Count.ShouldBe(2);
        two.More.ShouldBe("there are more than 2 files; a job may name others");
        search.Find(3, Patient, CancellationToken.None).More.ShouldBeNull();
        var none = search.Find(3, TimeSpan.Zero, CancellationToken.None);
        none.Files.ShouldBeEmpty();
        none.More.ShouldBe("the search was ended after 0 s; a job may name others");
        Should.Throw<OperationCanceledException>(() => search.Find(3, Patient, new CancellationToken(canceled: true)));
    }

    private static byte[] Safetensors
    {
        get
        {
            var file = new byte[sizeof(long) + 2];
            BinaryPrimitives.WriteInt64LittleEndian(file, 2);
            "{}"u8.CopyTo(file.AsSpan(sizeof(long)));
            return file;
        }
    }

    private string[] Names(string dataRoot) => [.. new WeightsSearch(Artifacts(dataRoot)).Find(100, Patient, CancellationToken.None).Files.Select(file => file.Path)];

    private ArtifactStore Artifacts(params string[] dataRoots)
    {
        foreach (var root in dataRoots) Directory.CreateDirectory(root);
        return new(Options.Create(new StorageOptions { Root = Root, DataRoots = dataRoots }));
    }

    private void Write(string path, byte[] content)
    {
        var file = Path.Combine(_folder, path);
        Directory.CreateDirectory(Path.GetDirectoryName(file)!);
        File.WriteAllBytes(file, content);
    }
}
