using NeuralCapacitance.Infrastructure.Artifacts;

namespace NeuralCapacitance.Infrastructure.Tests.Artifacts;

/// <summary>That bytes outlive a power cut cannot be seen here; that every file and folder is opened for it can.</summary>
public sealed class DiskFlushTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("nc-flush-").FullName;

    private string Deep => Path.Combine(_folder, "a", "b", "c.bin");

    public DiskFlushTests()
    {
        Directory.CreateDirectory(Path.GetDirectoryName(Deep)!);
        File.WriteAllText(Deep, "deep");
        File.WriteAllText(Path.Combine(_folder, "top.bin"), "top");
    }

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void One_by_one_every_file_of_the_tree_is_opened()
    {
        using (new FileStream(Deep, FileMode.Open, FileAccess.Read, FileShare.None))
            Should.Throw<IOException>(() => DiskFlush.OneByOne(_folder)).Message.ShouldContain("c.bin");

        DiskFlush.OneByOne(_folder);
        File.ReadAllText(Deep).ShouldBe("deep");
    }

    [Fact]
    public void A_tree_is_flushed_whatever_the_system()
    {
        DiskFlush.Tree(_folder);
        File.ReadAllText(Deep).ShouldBe("deep");
        Should.Throw<IOException>(() => DiskFlush.Tree(Path.Combine(_folder, "absent")));
    }

    [Fact]
    public void Folder_that_cannot_be_flushed_is_named()
    {
        var absent = Path.Combine(_folder, "absent");
        var flush = () => DiskFlush.Folder(absent);
        if (OperatingSystem.IsWindows()) flush.ShouldNotThrow(); // It flushes none.
        else flush.ShouldThrow<IOException>().Message.ShouldContain(absent);
    }
}
