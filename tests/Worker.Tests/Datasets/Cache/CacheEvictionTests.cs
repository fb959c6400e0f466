using NeuralCapacitance.Domain.Datasets;
using NeuralCapacitance.Worker.Datasets.Cache;

namespace NeuralCapacitance.Worker.Tests.Datasets.Cache;

[Collection(OwnLocks.Name)]
public sealed class CacheEvictionTests : IDisposable
{
    private const int Size = CacheProcess.Size;

    private readonly string root = Directory.CreateTempSubdirectory("nc-cache-").FullName;
    private readonly Hours clock = new();

    public void Dispose() => Directory.Delete(root, recursive: true);

    private static long FileBytes => new CacheHeader(new string('a', 64), Size, 3, 0, 2, Labels: 0).FileBytes;

    [Fact]
    public void The_file_that_was_not_used_for_longest_goes_first()
    {
        Use("abc", limit: 3);
        Use("a", limit: 3);
        Files().ShouldBe("abc");
        Use("d", limit: 3);
        Files().ShouldBe("acd");
        Use("e", limit: 3);
        Files().ShouldBe("ade");
    }

    [Fact]
    public void No_more_go_than_must()
    {
        Use("abc", limit: 0);
        Use("d", limit: 2);
        Files().ShouldBe("cd");
    }

    [Fact]
    public void A_limit_of_0_is_none()
    {
        Use("abcdef", limit: 0);
        Files().ShouldBe("abcdef");
    }

    [Fact]
    public void A_file_in_use_stays_and_the_next_one_goes()
    {
        using var inUse = Open('a', limit: 2);
        Use("bc", limit: 2);
        Files().ShouldBe("ac");
        var pixels = new byte[3 * Size * Size];
        inUse.Read(4, pixels);
        pixels.ShouldAllBe(b => b == 4);
    }

    [Fact]
    public void Where_all_others_are_in_use_the_limit_gives_way()
    {
        using var first = Open('a', limit: 1);
        using var second = Open('b', limit: 1);
        Files().ShouldBe("ab");
        first.Dispose();
        Use("c", limit: 2);
        Files().ShouldBe("bc");
    }

    [Fact]
    public async Task A_file_that_another_process_uses_stays_until_that_ends()
    {
        using (await CacheProcess.StartAsync("hold", root))
        {
            Use("b", limit: 1);
            Files().ShouldBe("ab");
        }
        Use("c", limit: 1);
        Files().ShouldBe("c");
    }

    [Fact]
    public void A_set_larger_than_the_limit_is_refused_before_anything_goes()
    {
        Use("a", limit: 0);
        var source = new CountingSource { Letter = 'b' };
        var fault = Should.Throw<DatasetException>(() => CountingSource.Store(root, FileBytes - 1, clock).OpenOrBuild(source, Size, _ => { }, default));
        fault.Message.ShouldContain($"take {FileBytes:N0} bytes; Datasets:CacheLimit allows {FileBytes - 1:N0}");
        source.Fills.ShouldBe(0);
        Files().ShouldBe("a");
    }

    [Fact]
    public async Task What_killed_builders_left_goes_and_what_living_ones_make_stays()
    {
        using (await CacheProcess.StartAsync("build", root))
        {
            Use("b", limit: 1);
            Directory.GetFiles(root, "*.partial").ShouldHaveSingleItem();
        }
        Use("c", limit: 1);
        Directory.GetFiles(root, "*.partial").ShouldBeEmpty();
        Files().ShouldBe("c");
    }

    [Fact]
    public async Task A_set_whose_builder_was_killed_is_made_by_the_next()
    {
        (await CacheProcess.StartAsync("build", root)).Dispose();
        var remains = Directory.GetFiles(root, "*.partial").ShouldHaveSingleItem();
        File.WriteAllBytes(remains, [.. File.ReadAllBytes(remains), 1, 2, 3]);

        var source = new CountingSource();
        using var cache = CountingSource.Store(root).OpenOrBuild(source, Size, _ => { }, default);

        source.Fills.ShouldBe(1);
        cache.Labels().ShouldBe([0, 1, 2, 2, 1]);
        Directory.GetFiles(root, "*.partial").ShouldBeEmpty();
    }

    /// <summary>Opened and closed in this order, an hour apart.</summary>
    private void Use(string letters, int limit)
    {
        foreach (var letter in letters) Open(letter, limit).Dispose();
    }

    /// <param name="limit">In files.</param>
    private ImageCache Open(char letter, int limit)
    {
        clock.Next();
        return CountingSource.Store(root, limit * FileBytes, clock).OpenOrBuild(new CountingSource { Letter = letter }, Size, _ => { }, default);
    }

    private string Files() => string.Concat(Directory.GetFiles(root, "*.images").Select(path => Path.GetFileName(path)[0]).Order());

    /// <summary>Begins after all files that were made by the real clock.</summary>
    private sealed class Hours : TimeProvider
    {
        private DateTimeOffset now = new(2100, 1, 1, 0, 0, 0, TimeSpan.Zero);

        public void Next() => now += TimeSpan.FromHours(1);

        public override DateTimeOffset GetUtcNow() => now;
    }
}
