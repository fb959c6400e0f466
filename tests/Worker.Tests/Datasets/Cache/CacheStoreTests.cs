using System.Diagnostics;
using NeuralCapacitance.Worker.Datasets.Cache;
using NeuralCapacitance.Worker.Datasets.Decoding;

namespace NeuralCapacitance.Worker.Tests.Datasets.Cache;

public sealed class CacheStoreTests : IDisposable
{
    private const int Size = 4;

    private readonly string root = Directory.CreateTempSubdirectory("nc-cache-").FullName;

    public void Dispose() => Directory.Delete(root, recursive: true);

    [Fact]
    public void What_was_written_is_read()
    {
        using var cache = Open(new CountingSource());
        cache.Labels().ShouldBe([0, 1, 2, 2, 1]);
        Enumerable.Range(0, 5).Select(i => Image(cache, i)[0]).ShouldBe([0, 1, 2, 3, 4]);
    }

    [Fact]
    public void A_cache_that_exists_is_not_made_again()
    {
        Open(new CountingSource()).Dispose();
        var second = new CountingSource();
        Open(second).Dispose();
        second.Fills.ShouldBe(0);
    }

    [Fact]
    public async Task Of_many_who_ask_at_once_one_makes_it()
    {
        var source = new CountingSource();
        using var start = new Barrier(8);
        var caches = await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => Task.Factory.StartNew(
            () =>
            {
                start.SignalAndWait();
                return Open(source);
            },
            CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default)));
        source.Fills.ShouldBe(1);
        foreach (var cache in caches)
        {
            Image(cache, 4)[0].ShouldBe((byte)4);
            cache.Dispose();
        }
    }

    /// <summary>What a process killed in mid-build leaves on disk is copied while the build runs; its lock dies with it.</summary>
    [Fact]
    public void A_build_that_was_killed_leaves_nothing_that_is_taken_for_a_cache()
    {
        var remains = Directory.CreateTempSubdirectory("nc-cache-");
        try
        {
            var dying = new CountingSource { During = () => Copy(root, remains.FullName) };
            Open(dying).Dispose();
            remains.GetFiles("*.partial").ShouldHaveSingleItem();

            var next = new CountingSource();
            using var cache = CountingSource.Store(remains.FullName).OpenOrBuild(next, Size, _ => { }, default);
            next.Fills.ShouldBe(1);
            Image(cache, 3)[0].ShouldBe((byte)3);
            remains.GetFiles("*.partial").ShouldBeEmpty();
        }
        finally
        {
            remains.Delete(recursive: true);
        }
    }

    /// <summary>Positions in the header, the labels and the checksums, and the length.</summary>
    [Theory]
    [InlineData(0)]
    [InlineData(30)]
    [InlineData(66)]
    [InlineData(90)]
    [InlineData(-1)]
    public void A_damaged_cache_is_made_again_with_a_warning(int at)
    {
        Open(new CountingSource()).Dispose();
        var path = Files().ShouldHaveSingleItem();
        var bytes = File.ReadAllBytes(path);
        if (at < 0) bytes = bytes[..^1];
        else bytes[at] ^= 1;
        File.WriteAllBytes(path, bytes);

        var (next, log) = (new CountingSource(), new ToldLog());
        using var cache = CountingSource.Store(root, log: log).OpenOrBuild(next, Size, _ => { }, default);

        next.Fills.ShouldBe(1);
        cache.Labels().ShouldBe([0, 1, 2, 2, 1]);
        log.Warnings.ShouldHaveSingleItem().ShouldBe($"{path} is damaged, and is made again");
    }

    [Fact]
    public void A_damaged_hash_is_made_again_with_a_warning()
    {
        var log = new ToldLog();
        var store = CountingSource.Store(root, log: log);
        var (stamp, hash) = (new string('a', 64), new string('b', 64));
        store.Remembered(stamp).ShouldBeNull();
        store.HashOf(stamp, () => hash, default).ShouldBe(hash);
        store.Remembered(stamp).ShouldBe(hash);
        log.Warnings.ShouldBeEmpty();

        File.WriteAllText(Path.Combine(root, $"{stamp}.hash"), "half");

        store.HashOf(stamp, () => hash, default).ShouldBe(hash);
        log.Warnings.ShouldHaveSingleItem().ShouldContain("is damaged, and is made again");
    }

    [Fact]
    public void A_build_that_fails_leaves_no_file_and_the_next_succeeds()
    {
        Should.Throw<InvalidDataException>(() => Open(new CountingSource { During = () => throw new InvalidDataException() }));
        Files().ShouldBeEmpty();
        Open(new CountingSource()).Dispose();
        Files().ShouldHaveSingleItem();
    }

    [Fact]
    public void A_cancelled_build_leaves_no_file()
    {
        using var cancellation = new CancellationTokenSource();
        cancellation.Cancel();
        Should.Throw<OperationCanceledException>(() => CountingSource.Store(root).OpenOrBuild(new CountingSource(), Size, _ => { }, cancellation.Token));
        Files().ShouldBeEmpty();
    }

    [Fact]
    public void A_build_of_many_small_images_can_be_cancelled_between_batches()
    {
        using var cancellation = new CancellationTokenSource();
        var source = new CountingSource { TestLabels = new int[2_000], During = cancellation.Cancel };
        Should.Throw<OperationCanceledException>(() => CountingSource.Store(root).OpenOrBuild(source, Size, _ => { }, cancellation.Token));
        source.Fills.ShouldBe(1);
        Files().ShouldBeEmpty();
    }

    [Fact]
    public void Many_small_images_are_read_as_they_were_written()
    {
        using var cache = Open(new CountingSource { TestLabels = new int[2_000] });
        Enumerable.Range(0, 2_003).ShouldAllBe(i => Image(cache, i)[0] == (byte)i);
    }

    /// <summary>A folder where a file is to be refuses even root.</summary>
    [Theory]
    [InlineData(".partial", "writing them failed")]
    [InlineData(".lock", "cannot be written")]
    public void A_cache_folder_that_refuses_to_be_written_is_an_error_that_says_what_to_do(string file, string problem)
    {
        Directory.CreateDirectory(Path.Combine(root, $"{new string('a', 64)}-{Size}.images{file}"));
        var fault = Should.Throw<IOException>(() => Open(new CountingSource()));
        fault.Message.ShouldContain(problem);
        fault.Message.ShouldContain("Datasets:CacheRoot");
    }

    [Fact]
    public void An_image_that_the_machine_could_not_read_is_not_taken_for_a_full_disk()
        => Should.Throw<ImageReadException>(() => Open(new CountingSource { During = () => throw new ImageReadException("'a.jpg': cannot read") }))
            .Message.ShouldBe("'a.jpg': cannot read");

    [Fact]
    public async Task Who_waits_for_another_build_can_be_cancelled()
    {
        using var cancellation = new CancellationTokenSource();
        Task? waiting = null;
        var building = new CountingSource
        {
            During = () =>
            {
                waiting = Task.Run(() => CountingSource.Store(root).OpenOrBuild(new CountingSource(), Size, _ => { }, cancellation.Token).Dispose(), CancellationToken.None);
                cancellation.CancelAfter(TimeSpan.FromMilliseconds(100));
                Should.Throw<AggregateException>(() => waiting.Wait(CancellationToken.None)).InnerException.ShouldBeAssignableTo<OperationCanceledException>();
            },
        };
        Open(building).Dispose();
        await Should.ThrowAsync<OperationCanceledException>(waiting!);
    }

    [Theory]
    [InlineData(0, 100)]
    [InlineData(8, 1)]
    [InlineData(12, 1)]
    [InlineData(-1, 0)]
    public void A_file_that_is_not_what_its_name_says_is_made_again(int at, byte value)
    {
        Open(new CountingSource()).Dispose();
        var path = Files().ShouldHaveSingleItem();
        var bytes = File.ReadAllBytes(path);
        if (at < 0) bytes = bytes[..^1];
        else bytes[at] = value;
        File.WriteAllBytes(path, bytes);

        var again = new CountingSource();
        using var cache = Open(again);
        again.Fills.ShouldBe(1);
        Image(cache, 2)[0].ShouldBe((byte)2);
    }

    /// <summary>More than any disk of today holds.</summary>
    [Fact]
    public void A_full_disk_is_an_error_that_says_what_to_do_and_leaves_no_file()
    {
        var vast = new CountingSource { TestLabels = new int[10_000_000] };
        var fault = Should.Throw<IOException>(() => CountingSource.Store(root).OpenOrBuild(vast, 4096, _ => { }, default));
        fault.Message.ShouldContain("503,316");
        fault.Message.ShouldContain("Datasets:CacheRoot");
        vast.Fills.ShouldBe(0);
        Files().ShouldBeEmpty();
    }

    private ImageCache Open(IImageSource source) => CountingSource.Store(root).OpenOrBuild(source, Size, _ => { }, default);

    private string[] Files() => [.. Directory.GetFiles(root).Where(path => !path.EndsWith(".lock", StringComparison.Ordinal))];

    private static byte[] Image(ImageCache cache, int index)
    {
        var pixels = new byte[3 * Size * Size];
        cache.Read(index, pixels);
        return pixels;
    }

    /// <summary>By <c>cp</c>, which asks nobody whether a file is in use.</summary>
    private static void Copy(string from, string to)
    {
        using var copy = Process.Start("cp", ["-r", $"{from}/.", to]);
        copy.WaitForExit();
        copy.ExitCode.ShouldBe(0);
    }
}
