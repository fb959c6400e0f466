using NeuralCapacitance.Domain.Datasets;
using NeuralCapacitance.Worker.Datasets;
using NeuralCapacitance.Worker.Datasets.Cache;

namespace NeuralCapacitance.Worker.Tests.Datasets.Cache;

/// <summary>One flipped byte must not be trained on, wherever it is and whenever it flips.</summary>
public sealed class CacheChecksumTests : IDisposable
{
    private const int Size = 4;
    private const int ImageBytes = 3 * Size * Size;

    private readonly string root = Directory.CreateTempSubdirectory("nc-cache-").FullName;
    private readonly ToldLog log = new();

    public void Dispose() => Directory.Delete(root, recursive: true);

    [Fact]
    public void A_flipped_byte_is_told_and_its_image_alone_is_made_again_and_written()
    {
        Open(new CountingSource()).Dispose();
        Flip(image: 3, at: 17);
        var source = new CountingSource();

        using (var cache = Open(source))
        {
            for (var i = 0; i < 5; i++) Image(cache, i).ShouldAllBe(value => value == i);
        }

        source.Fills.ShouldBe(1);
        log.Warnings.ShouldHaveSingleItem().ShouldBe($"Image 3 in {Path()} is damaged, and is made again");
        var next = new CountingSource();
        using var again = Open(next);
        Image(again, 3).ShouldAllBe(value => value == 3);
        next.Fills.ShouldBe(0);
    }

    [Fact]
    public void One_that_flips_while_the_file_is_in_use_is_found_by_everyone_who_has_it_open()
    {
        using var first = Open(new CountingSource());
        using var second = Open(new CountingSource());
        Image(first, 2).ShouldAllBe(value => value == 2);

        Flip(image: 2, at: 0);

        Image(first, 2).ShouldAllBe(value => value == 2);
        Image(second, 2).ShouldAllBe(value => value == 2);
        log.Warnings.Count.ShouldBe(1);
    }

    [Fact]
    public void What_can_no_longer_be_made_as_it_was_is_an_error()
    {
        Open(new CountingSource()).Dispose();
        Flip(image: 1, at: 5);
        using var cache = Open(new ChangedSource());

        Should.Throw<DatasetException>(() => Image(cache, 1)).Message.ShouldContain("what it was made from has changed");
        Image(cache, 2).ShouldAllBe(value => value == 2);
    }

    [Fact]
    public void Who_knows_no_source_is_told_of_the_damage()
    {
        CacheHeader header;
        using (var cache = Open(new CountingSource())) header = cache.Header;
        var prepared = new PreparedDataset(Path(), header, ["a", "b", "c"], []);
        Flip(image: 0, at: 40);

        using var data = prepared.Open();

        Should.Throw<IOException>(() => data.Train.CopyTo([0], new byte[ImageBytes])).Message.ShouldContain("Image 0 in");
        File.Delete(Path());
        Should.Throw<IOException>(() => prepared.Open()).Message.ShouldContain("are gone");
    }

    [Fact]
    public void All_are_looked_at_for_whoever_knows_no_source()
    {
        Open(new CountingSource()).Dispose();
        Flip(image: 4, at: 47);

        using (var cache = Open(new CountingSource())) cache.ReadAll(CancellationToken.None);

        File.ReadAllBytes(Path())[^1].ShouldBe((byte)4);
    }

    private ImageCache Open(IImageSource source) => CountingSource.Store(root, log: log).OpenOrBuild(source, Size, _ => { }, default);

    private string Path() => Directory.GetFiles(root, "*.images").ShouldHaveSingleItem();

    /// <summary>In place: who has the file mapped sees it.</summary>
    private void Flip(int image, int at)
    {
        using var file = File.OpenHandle(Path(), FileMode.Open, FileAccess.ReadWrite, FileShare.ReadWrite);
        var offset = RandomAccess.GetLength(file) - ((5 - image) * ImageBytes) + at;
        var one = new byte[1];
        RandomAccess.Read(file, one, offset);
        one[0] ^= 0x10;
        RandomAccess.Write(file, one, offset);
    }

    private static byte[] Image(ImageCache cache, int index)
    {
        var pixels = new byte[ImageBytes];
        cache.Read(index, pixels);
        return pixels;
    }

    private sealed class ChangedSource : IImageSource
    {
        public IReadOnlyList<string> Classes => ["a", "b", "c"];

        public IReadOnlyList<int> TrainLabels => [0, 1, 2];

        public IReadOnlyList<int> ValidationLabels => [];

        public IReadOnlyList<int> TestLabels => [2, 1];

        public string Hash => new('a', 64);

        public void Fill(int start, int size, Span<byte> pixels, CancellationToken cancellationToken) => pixels.Fill(99);

        public void ThrowIfBroken()
        {
        }
    }
}
