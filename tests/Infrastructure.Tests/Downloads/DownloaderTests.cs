using System.Security.Cryptography;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using NeuralCapacitance.Infrastructure.Downloads;
using NeuralCapacitance.Infrastructure.Storage;
using static NeuralCapacitance.Infrastructure.Tests.Downloads.LocalServer;

namespace NeuralCapacitance.Infrastructure.Tests.Downloads;

public sealed class DownloaderTests : IDisposable
{
    private static readonly TimeSpan Stall = TimeSpan.FromSeconds(60);
    private static readonly byte[] Content = [.. Enumerable.Range(0, 300_000).Select(i => (byte)(i * 7 / 3))];
    private static readonly byte[] Other = [.. Content.Select(b => (byte)~b)];

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("nc-downloads-");
    private readonly StalledTime _time = new(Stall);

    private string Target => Path.Combine(_folder.FullName, "weights", "net.pth");

    public void Dispose() => _folder.Delete(recursive: true);

    [Fact]
    public async Task File_comes_whole_with_progress_and_leaves_nothing_beside_it()
    {
        await using var server = new LocalServer(File(Content));
        var reports = new Reports();
        await FetchAsync(server, progress: reports);

        await ShouldBeThereAsync();
        Directory.GetFiles(Path.GetDirectoryName(Target)!).ShouldBe([Target, Target + ".lock"], ignoreOrder: true);
        reports.All[^1].ShouldBe(new DownloadProgress(Content.Length, Content.Length));
        reports.All.Select(r => r.Bytes).ShouldBeInOrder();
    }

    [Fact]
    public async Task File_that_is_there_needs_no_server()
    {
        Directory.CreateDirectory(Path.GetDirectoryName(Target)!);
        await System.IO.File.WriteAllBytesAsync(Target, Content);
        await FetchAsync(Request(new Uri("https://unreachable.invalid/net.pth")), ("Downloads:Offline", "true"));
        await ShouldBeThereAsync();
    }

    [Fact]
    public async Task Damaged_file_is_fetched_again()
    {
        Directory.CreateDirectory(Path.GetDirectoryName(Target)!);
        await System.IO.File.WriteAllBytesAsync(Target, Other);
        await using var server = new LocalServer(File(Content));
        await FetchAsync(server);
        await ShouldBeThereAsync();
    }

    [Theory]
    [InlineData(false, "Downloads:Offline is set.")]
    [InlineData(true, "Downloads:Offline is set, and the file that is there is another one or damaged.")]
    public async Task Offline_says_where_the_file_belongs(bool damaged, string reason)
    {
        if (damaged)
        {
            Directory.CreateDirectory(Path.GetDirectoryName(Target)!);
            await System.IO.File.WriteAllBytesAsync(Target, Other);
        }
        var request = Request(new Uri("https://example.org/net.pth"));
        var failure = await Should.ThrowAsync<DownloadException>(FetchAsync(request, ("Downloads:Offline", "true")));
        failure.Fault.ShouldBe(DownloadFault.Offline);
        failure.Message.ShouldBe(
            $"'net.pth' could not be downloaded from https://example.org/net.pth: {reason} "
            + $"Get the file (300,000 bytes, {request.Checksum}) in another way and put it into '{Path.GetDirectoryName(Target)}' under the name 'net.pth'.");
    }

    [Fact]
    public async Task Cut_connection_is_continued_where_it_broke()
    {
        await using var server = new LocalServer(Cut(Content, 100_000), Cut(Content, 50_000), File(Content));
        await FetchAsync(server);

        await ShouldBeThereAsync();
        server.Requests.Select(r => r.From).ShouldBe([0, 100_000, 150_000]);
        _time.Pauses.ShouldBe([TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(1)]);
    }

    [Fact]
    public async Task Another_process_continues_where_one_died()
    {
        await using (var dying = new LocalServer(Cut(Content, 100_000)))
        {
            using var death = new CancellationTokenSource();
            var request = Request(new Uri(dying.Address, "net.pth"));
            var fetching = FetchAsync(request, death.Token, new Reports(onReport: r => { if (r.Bytes > 0) death.Cancel(); }));
            await Should.ThrowAsync<OperationCanceledException>(fetching);
        }
        // Its server is gone, and so is its port: what is there belongs to the same URL all the same.
        var there = (int)new FileInfo(Target + ".partial").Length;
        await using var server = new LocalServer(File(Content));
        var url = new Uri(server.Address, "net.pth");
        await System.IO.File.WriteAllLinesAsync(Target + ".partial.version", [url.AbsoluteUri, (await System.IO.File.ReadAllLinesAsync(Target + ".partial.version"))[1]]);
        await FetchAsync(Request(url));

        await ShouldBeThereAsync();
        server.Requests.ShouldHaveSingleItem().From.ShouldBe(there);
    }

    [Fact]
    public async Task Whole_partial_file_is_taken_without_a_request()
    {
        Directory.CreateDirectory(Path.GetDirectoryName(Target)!);
        await System.IO.File.WriteAllBytesAsync(Target + ".partial", Content);
        await using var server = new LocalServer(File(Content));
        await FetchAsync(server);
        await ShouldBeThereAsync();
        server.Requests.ShouldBeEmpty();
    }

    [Fact]
    public async Task Part_of_another_url_is_not_continued()
    {
        Directory.CreateDirectory(Path.GetDirectoryName(Target)!);
        await System.IO.File.WriteAllBytesAsync(Target + ".partial", Other[..1000]);
        await System.IO.File.WriteAllLinesAsync(Target + ".partial.version", ["https://example.org/other.pth", "\"1\""]);
        await using var server = new LocalServer(File(Content));
        await FetchAsync(server);
        await ShouldBeThereAsync();
        server.Requests.ShouldHaveSingleItem().From.ShouldBe(0);
    }

    [Fact]
    public async Task Server_that_ignores_ranges_sends_all_again()
    {
        Answer ignorant = (_, connection, stopped) => SendAsync(connection, $"200 OK\r\nETag: \"1\"\r\nContent-Length: {Content.Length}", Content, stopped);
        await using var server = new LocalServer(Cut(Content, 100_000), ignorant);
        await FetchAsync(server);
        await ShouldBeThereAsync();
        server.Requests.Select(r => r.From).ShouldBe([0, 100_000]);
    }

    [Fact]
    public async Task File_that_changed_between_attempts_is_taken_from_its_start()
    {
        await using var server = new LocalServer(Cut(Other, 100_000, "\"old\""), File(Content, "\"new\""));
        await FetchAsync(server);
        await ShouldBeThereAsync();
    }

    [Fact]
    public async Task Pieces_that_do_not_fit_are_fetched_once_more_in_one()
    {
        // The server gives another file the same ETag.
        await using var server = new LocalServer(Cut(Other, 100_000), File(Content), File(Content));
        await FetchAsync(server);
        await ShouldBeThereAsync();
        server.Requests.Select(r => r.From).ShouldBe([0, 100_000, 0]);
    }

    [Fact]
    public async Task Without_a_version_a_cut_download_starts_over()
    {
        Answer cut = (_, connection, stopped) => SendAsync(connection, $"200 OK\r\nETag: W/\"weak\"\r\nContent-Length: {Content.Length}", Content.AsMemory(0, 1000), stopped);
        await using var server = new LocalServer(cut, File(Content));
        await FetchAsync(server);
        await ShouldBeThereAsync();
        server.Requests.Select(r => r.From).ShouldBe([0, 0]);
    }

    [Fact]
    public async Task A_date_is_as_good_a_version_as_a_tag()
    {
        const string date = "Mon, 02 Mar 2020 10:20:30 GMT";
        Answer cut = (_, connection, stopped) => SendAsync(connection, $"200 OK\r\nLast-Modified: {date}\r\nContent-Length: {Content.Length}", Content.AsMemory(0, 1000), stopped);
        await using var server = new LocalServer(cut, File(Content, date));
        await FetchAsync(server);
        await ShouldBeThereAsync();
        server.Requests.Select(r => r.From).ShouldBe([0, 1000]);
    }

    [Fact]
    public async Task Wrong_range_starts_over()
    {
        Answer wrong = (_, connection, stopped) => SendAsync(
            connection, $"206 Partial Content\r\nContent-Range: bytes 5-{Content.Length - 1}/{Content.Length}\r\nContent-Length: {Content.Length - 5}", Content.AsMemory(5), stopped);
        await using var server = new LocalServer(Cut(Content, 1000), wrong, Cut(Content, 2000), Status("416 Range Not Satisfiable"), File(Content));
        await FetchAsync(server);
        await ShouldBeThereAsync();
        server.Requests.Select(r => r.From).ShouldBe([0, 1000, 0, 2000, 0]);
    }

    [Fact]
    public async Task Wrong_file_is_told_and_not_kept()
    {
        await using var server = new LocalServer(File(Other));
        var failure = await FailureAsync(server, DownloadFault.Mismatch);
        failure.Reason.ShouldBe(
            $"300,000 bytes came, of SHA256 {Convert.ToHexStringLower(SHA256.HashData(Other))}; SHA256 {Convert.ToHexStringLower(SHA256.HashData(Content))} was expected.");
        server.Requests.Count.ShouldBe(1);
        Directory.GetFiles(Path.GetDirectoryName(Target)!).ShouldBe([Target + ".lock"]);
    }

    [Fact]
    public async Task Announced_size_that_is_not_the_published_one_is_told_before_the_download()
    {
        await using var server = new LocalServer(File(Content[1..]));
        (await FailureAsync(server, DownloadFault.Mismatch)).Reason.ShouldBe("the server announces 299,999 bytes where 300,000 were expected.");
    }

    [Fact]
    public async Task Length_that_promises_too_much_is_a_broken_connection()
    {
        Answer lying = (_, connection, stopped) => SendAsync(connection, $"200 OK\r\nContent-Length: {Content.Length + 1}", Content, stopped);
        await using var server = new LocalServer(lying);
        (await FailureAsync(server, DownloadFault.Unreachable, knowsSize: false)).Reason.ShouldContain("(5 attempts in a row brought nothing)");
    }

    [Fact]
    public async Task Length_that_promises_too_little_gives_another_file()
    {
        Answer lying = (_, connection, stopped) => SendAsync(connection, $"200 OK\r\nContent-Length: {Content.Length - 1}", Content, stopped);
        await using var server = new LocalServer(lying);
        (await FailureAsync(server, DownloadFault.Mismatch, knowsSize: false)).Reason.ShouldStartWith("299,999 bytes came, of SHA256");
    }

    [Fact]
    public async Task Answer_without_length_ends_at_the_published_size()
    {
        Answer endless = async (_, connection, stopped) =>
        {
            await SendAsync(connection, "200 OK", Content, stopped);
            while (true) await connection.WriteAsync(Content, stopped);
        };
        await using var server = new LocalServer(endless);
        (await FailureAsync(server, DownloadFault.Mismatch)).Reason.ShouldBe("more than 300,000 bytes came.");
    }

    [Fact]
    public async Task Short_answer_without_length_is_asked_for_again()
    {
        Answer brief = (_, connection, stopped) => SendAsync(connection, "200 OK\r\nETag: \"1\"", Content.AsMemory(0, 1000), stopped);
        await using var server = new LocalServer(brief, File(Content));
        await FetchAsync(server);
        await ShouldBeThereAsync();
        server.Requests.Select(r => r.From).ShouldBe([0, 1000]);
    }

    [Theory]
    [InlineData("404 Not Found", "the server answered 404 (Not Found).")]
    [InlineData("403 Forbidden", "the server answered 403 (Forbidden).")]
    [InlineData("302 Found\r\nLocation: http://example.org/net.pth", "the server sends us on to http://example.org/net.pth; only https is followed.")]
    [InlineData("302 Found\r\nLocation: /net.pth", "the server sends us on more than 10 times.")]
    public async Task Refusal_is_final(string status, string reason)
    {
        await using var server = new LocalServer(Status(status));
        (await FailureAsync(server, DownloadFault.Refused)).Reason.ShouldBe(reason);
        _time.Pauses.ShouldBeEmpty();
    }

    [Fact]
    public async Task Refusal_keeps_what_came_before()
    {
        await using var server = new LocalServer(Cut(Content, 100_000), Status("403 Forbidden"), File(Content));
        await FailureAsync(server, DownloadFault.Refused);

        await FetchAsync(server);

        await ShouldBeThereAsync();
        server.Requests.Select(r => r.From).ShouldBe([0, 100_000, 100_000]);
    }

    [Fact]
    public async Task Redirect_is_followed()
    {
        await using var server = new LocalServer(Status("302 Found\r\nLocation: /elsewhere"), File(Content));
        await FetchAsync(server);
        await ShouldBeThereAsync();
        server.Requests.Select(r => r.Path).ShouldBe(["/net.pth", "/elsewhere"]);
    }

    [Fact]
    public async Task Server_error_is_asked_again_with_longer_and_longer_pauses()
    {
        await using var server = new LocalServer(Status("503 Service Unavailable"));
        var failure = await FailureAsync(server, DownloadFault.Unreachable);
        failure.Reason.ShouldBe("the server answered 503 (Service Unavailable) (5 attempts in a row brought nothing).");
        _time.Pauses.ShouldBe([.. new[] { 1, 2, 4, 8 }.Select(s => TimeSpan.FromSeconds(s))]);
    }

    [Fact]
    public async Task No_server_is_told()
    {
        Uri nobody;
        await using (var server = new LocalServer(File(Content))) nobody = new Uri(server.Address, "net.pth");
        (await Should.ThrowAsync<DownloadException>(FetchAsync(Request(nobody)))).Fault.ShouldBe(DownloadFault.Unreachable);
    }

    [Fact]
    public async Task Silent_server_is_given_up_and_asked_again()
    {
        var asked = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        await using var server = new LocalServer(Hang(asked), File(Content));
        var fetching = FetchAsync(server);
        await asked.Task;
        _time.Ring();
        await fetching;
        await ShouldBeThereAsync();
    }

    [Fact]
    public async Task Server_that_falls_silent_midway_is_continued()
    {
        Answer hang = async (request, connection, stopped) =>
        {
            await Cut(Content, 1000)(request, connection, stopped);
            await Hang()(request, connection, stopped);
        };
        await using var server = new LocalServer(hang, File(Content));
        var some = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var fetching = FetchAsync(Request(new Uri(server.Address, "net.pth")));
        while (!(new FileInfo(Target + ".partial") is { Exists: true, Length: 1000 })) await Task.Delay(5);
        _time.Ring();
        await fetching;
        await ShouldBeThereAsync();
        server.Requests.Select(r => r.From).ShouldBe([0, 1000]);
    }

    [Fact]
    public async Task Two_who_ask_at_once_download_once()
    {
        await using var server = new LocalServer(File(Content));
        await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => FetchAsync(server)));
        await ShouldBeThereAsync();
        server.Requests.Count.ShouldBe(1);
    }

    [Fact]
    public async Task Who_waits_for_another_process_can_be_cancelled()
    {
        Directory.CreateDirectory(Path.GetDirectoryName(Target)!);
        using var held = FileLock.Acquire(Target + ".lock", default);
        await using var server = new LocalServer(File(Content));
        using var cancel = new CancellationTokenSource();
        var fetching = FetchAsync(Request(new Uri(server.Address, "net.pth")), cancel.Token);
        await cancel.CancelAsync();
        await Should.ThrowAsync<OperationCanceledException>(fetching);
        server.Requests.ShouldBeEmpty();
    }

    [Fact]
    public async Task Folder_that_cannot_be_made_is_told()
    {
        await System.IO.File.WriteAllTextAsync(Path.Combine(_folder.FullName, "weights"), "a file where the folder belongs");
        await using var server = new LocalServer(File(Content));
        (await FailureAsync(server, DownloadFault.Storage)).Message.ShouldContain("Free space or make the folder writable");
    }

    [Fact]
    public async Task Full_disk_is_told()
    {
        Directory.CreateDirectory(Path.GetDirectoryName(Target)!);
        System.IO.File.CreateSymbolicLink(Target + ".partial", "/dev/full");
        await using var server = new LocalServer(File(Content));
        (await FailureAsync(server, DownloadFault.Storage)).Reason.ShouldStartWith($"writing to '{Path.GetDirectoryName(Target)}' failed:");
        server.Requests.Count.ShouldBe(1);
    }

    [Fact]
    public async Task Disk_that_is_too_small_is_told_before_the_download()
    {
        Answer huge = (_, connection, stopped) => SendAsync(connection, $"200 OK\r\nContent-Length: {long.MaxValue}", Content, stopped);
        await using var server = new LocalServer(huge);
        (await FailureAsync(server, DownloadFault.Storage, knowsSize: false)).Reason.ShouldContain("9,223,372,036,854,775,807 bytes are needed, and ");
    }

    [Theory]
    [InlineData("http://example.org/net.pth")]
    [InlineData("ftp://example.org/net.pth")]
    [InlineData("file:///etc/passwd")]
    public async Task Only_https_is_fetched(string url)
        => (await Should.ThrowAsync<ArgumentException>(FetchAsync(Request(new Uri(url))))).Message.ShouldContain("an https URL is needed");

    [Fact]
    public async Task Prefix_of_a_digest_and_md5_are_checked_too()
    {
        foreach (var checksum in new[] { Checksum.Sha256(Convert.ToHexString(SHA256.HashData(Content))[..8]), Checksum.Md5(Convert.ToHexString(MD5.HashData(Content))) })
        {
            await using var server = new LocalServer(File(Other), File(Content));
            var request = Request(new Uri(server.Address, "net.pth")) with { Checksum = checksum };
            (await Should.ThrowAsync<DownloadException>(FetchAsync(request))).Message.ShouldContain($"{checksum} was expected");
            await FetchAsync(request);
            await ShouldBeThereAsync();
            System.IO.File.Delete(Target);
        }
    }

    [Theory]
    [InlineData("0676ba6")]
    [InlineData("0676ba6g")]
    public void Digest_must_be_one(string digits)
    {
        Should.Throw<ArgumentException>(() => Checksum.Sha256(digits));
        Should.Throw<ArgumentException>(() => Checksum.Md5(digits));
    }

    private async Task<DownloadException> FailureAsync(LocalServer server, DownloadFault fault, bool knowsSize = true)
    {
        var request = Request(new Uri(server.Address, "net.pth"));
        var failure = await Should.ThrowAsync<DownloadException>(FetchAsync(knowsSize ? request : request with { Size = null }));
        failure.Fault.ShouldBe(fault);
        failure.Message.ShouldContain($"could not be downloaded from {request.Url}: {failure.Reason}");
        System.IO.File.Exists(Target).ShouldBeFalse();
        return failure;
    }

    private Task FetchAsync(LocalServer server, IProgress<DownloadProgress>? progress = null)
        => FetchAsync(Request(new Uri(server.Address, "net.pth")), CancellationToken.None, progress);

    private async Task FetchAsync(DownloadRequest request, params (string Key, string Value)[] settings) => await FetchAsync(request, CancellationToken.None, null, settings);

    private async Task FetchAsync(DownloadRequest request, CancellationToken cancellationToken, IProgress<DownloadProgress>? progress = null, params (string Key, string Value)[] settings)
    {
        var configuration = new ConfigurationBuilder().AddInMemoryCollection(settings.Select(s => KeyValuePair.Create(s.Key, (string?)s.Value))).Build();
        await using var services = new ServiceCollection().AddSingleton<TimeProvider>(_time).AddDownloads(configuration).AddDownloads(configuration).BuildServiceProvider();
        await services.GetRequiredService<Downloader>().FetchAsync(request, progress, cancellationToken);
    }

    private DownloadRequest Request(Uri url) => new()
    {
        Url = url,
        Path = Target,
        Size = Content.Length,
        Checksum = Checksum.Sha256(Convert.ToHexString(SHA256.HashData(Content))),
    };

    private async Task ShouldBeThereAsync() => (await System.IO.File.ReadAllBytesAsync(Target)).AsSpan().SequenceEqual(Content).ShouldBeTrue();

    private sealed class Reports(Action<DownloadProgress>? onReport = null) : IProgress<DownloadProgress>
    {
        public List<DownloadProgress> All { get; } = [];

        public void Report(DownloadProgress value)
        {
            All.Add(value);
            onReport?.Invoke(value);
        }
    }
}
