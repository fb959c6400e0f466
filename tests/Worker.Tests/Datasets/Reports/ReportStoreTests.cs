using Microsoft.Extensions.Logging.Abstractions;
using NeuralCapacitance.Worker.Datasets.Reports;

namespace NeuralCapacitance.Worker.Tests.Datasets.Reports;

public sealed class ReportStoreTests : IDisposable
{
    private readonly string root = Directory.CreateTempSubdirectory("nc-reports-").FullName;
    private readonly Hours clock = new();

    public void Dispose() => Directory.Delete(root, recursive: true);

    [Fact]
    public async Task Of_many_who_ask_at_once_one_makes_it()
    {
        var store = new ReportStore(root, most: 2, clock, NullLogger.Instance);
        var made = 0;
        using var start = new Barrier(8);
        var reports = await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => Task.Factory.StartNew(
            () =>
            {
                start.SignalAndWait();
                return store.Of("a", () => [(byte)Interlocked.Increment(ref made)]);
            },
            CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default)));
        reports.ShouldAllBe(report => report.SequenceEqual(new byte[] { 1 }));
        new ReportStore(root, most: 2, clock, NullLogger.Instance).Of("a", () => throw new InvalidOperationException()).ShouldBe([1]);
    }

    [Fact]
    public void Those_not_used_for_longest_go()
    {
        var store = new ReportStore(root, most: 2, clock, NullLogger.Instance);
        foreach (var name in new[] { "a", "b", "a", "c" })
        {
            clock.Next();
            store.Of(name, () => [1]);
        }
        Reports().ShouldBe(["a", "c"]);
    }

    [Fact]
    public void What_a_killed_process_left_goes()
    {
        File.WriteAllBytes(Path.Combine(root, "old.partial"), [1]);
        new ReportStore(root, most: 2, clock, NullLogger.Instance).Of("a", () => [1]);
        Reports().ShouldBe(["a"]);
    }

    [Fact]
    public void A_failure_is_not_kept()
    {
        var store = new ReportStore(root, most: 2, clock, NullLogger.Instance);
        Should.Throw<InvalidDataException>(() => store.Of("a", () => throw new InvalidDataException()));
        store.Of("a", () => [2]).ShouldBe([2]);
    }

    [Fact]
    public void A_file_without_its_content_is_made_again()
    {
        File.WriteAllBytes(Path.Combine(root, "a"), []);
        new ReportStore(root, most: 2, clock, NullLogger.Instance).Of("a", () => [2]).ShouldBe([2]);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(2)]
    [InlineData(-1)]
    public void A_damaged_report_is_made_again_with_a_warning(int at)
    {
        var log = new ToldLog();
        var store = new ReportStore(root, most: 2, clock, log);
        store.Of("a", () => [1, 2, 3]);
        var path = Path.Combine(root, "a");
        var bytes = File.ReadAllBytes(path);
        bytes[at < 0 ? bytes.Length + at : at] ^= 1;
        File.WriteAllBytes(path, bytes);

        store.Find("a").ShouldBeNull();
        store.Of("a", () => [4]).ShouldBe([4]);
        store.Find("a").ShouldBe([4]);
        log.Warnings.ShouldNotBeEmpty();
        log.Warnings.ShouldAllBe(line => line == $"{path} is damaged, and is made again");
    }

    private string[] Reports() => [.. Directory.GetFiles(root).Select(path => Path.GetFileName(path)).Where(name => name != "reports.lock").Order(StringComparer.Ordinal)];

    private sealed class Hours : TimeProvider
    {
        private DateTimeOffset now = new(2100, 1, 1, 0, 0, 0, TimeSpan.Zero);

        public void Next() => now += TimeSpan.FromHours(1);

        public override DateTimeOffset GetUtcNow() => now;
    }
}
