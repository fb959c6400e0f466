using System.Security.Cryptography;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using NeuralCapacitance.Domain.Datasets;
using NeuralCapacitance.Domain.Jobs;
using NeuralCapacitance.Infrastructure.Downloads;
using NeuralCapacitance.Worker.Datasets;
using NeuralCapacitance.Worker.Datasets.Cache;
using NeuralCapacitance.Worker.Datasets.Kinds;
using NeuralCapacitance.Worker.Datasets.Published;

namespace NeuralCapacitance.Worker.Tests.Datasets.Published;

/// <summary>A data set that a server on loopback publishes: an archive in CIFAR-100's layout.</summary>
public sealed class DownloadedDatasetTests : IAsyncLifetime
{
    private const string Archive = "cifar-100-binary.tar.gz";

    private static readonly DatasetSpec Spec = new() { Name = "remote" };

    private readonly ImageFolderFixture folder = new();
    private readonly WebApplication server;
    private readonly TaskCompletionSource asked = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource release = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private int served;
    private int tries;

    public DownloadedDatasetTests()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        server = builder.Build();
        server.MapMethods($"/{Archive}", ["GET", "HEAD"], (HttpRequest request) =>
        {
            if (HttpMethods.IsGet(request.Method)) Interlocked.Increment(ref served);
            return Results.Bytes(PublishedFixture.Golden(Archive));
        });
        server.MapMethods("/train.bin", ["GET", "HEAD"], () => Results.Bytes(PublishedFixture.Golden("cifar-100-binary/train.bin")));
        server.MapMethods("/test.bin", ["HEAD"], () => Results.Ok());
        server.MapGet("/test.bin", async () =>
        {
            if (Interlocked.Increment(ref tries) == 1) return Results.StatusCode(StatusCodes.Status503ServiceUnavailable);
            asked.TrySetResult();
            await release.Task;
            return Results.Bytes(PublishedFixture.Golden("cifar-100-binary/test.bin"));
        });
    }

    public Task InitializeAsync() => server.StartAsync();

    public async Task DisposeAsync()
    {
        await server.DisposeAsync();
        folder.Dispose();
    }

    [Fact]
    public void Absent_files_are_announced_downloaded_once_and_read()
    {
        var kind = Remote();
        var announced = kind.Inspect(Spec, Context(), default);
        (announced.Classes.Count, announced.TrainImages, announced.TestImages).ShouldBe((100, 50_000, 10_000));
        announced.Problems.ShouldHaveSingleItem().ShouldContain("downloads them from 127.0.0.1");
        served.ShouldBe(0);

        kind.Open(Spec, Context(), default).TrainLabels.ShouldBe(PublishedFixture.Expected["cifar100"].TrainLabels);
        kind.Open(Spec, Context(), default).TestLabels.ShouldBe(PublishedFixture.Expected["cifar100"].TestLabels);

        served.ShouldBe(1);
        kind.Inspect(Spec, Context(), default).TrainImages.ShouldBe(4);
        kind.Find(Context()).ShouldHaveSingleItem();
    }

    [Fact]
    public void Files_in_a_data_root_are_not_downloaded()
    {
        folder.Write(Archive, PublishedFixture.Golden(Archive));
        Remote().Open(Spec, Context(), default).TrainLabels.Count.ShouldBe(4);
        served.ShouldBe(0);
    }

    [Fact]
    public void What_is_not_the_published_file_is_refused()
    {
        var kind = Remote(md5: new string('0', 32));
        kind.Inspect(Spec, Context(), default).TrainImages.ShouldBe(50_000);
        var fault = Should.Throw<DownloadException>(() => kind.Open(Spec, Context(), default));
        fault.Fault.ShouldBe(DownloadFault.Mismatch);
        fault.Message.ShouldContain("MD5 00000000000000000000000000000000 was expected");
        fault.Message.ShouldContain(folder.Options.Value.DownloadRoot);
    }

    [Fact]
    public void Offline_is_an_error_at_once_that_says_where_to_put_the_files()
    {
        var fault = Should.Throw<DatasetException>(() => Remote().Inspect(Spec, Context(("Downloads:Offline", "true")), default));
        fault.Message.ShouldContain("Downloads:Offline is set. Put them into the data roots");
        fault.Message.ShouldContain($"{server.Urls.First()}/{Archive} (MD5 ");
        Should.Throw<DownloadException>(() => Remote().Open(Spec, Context(("Downloads:Offline", "true")), default)).Fault.ShouldBe(DownloadFault.Offline);
    }

    [Fact]
    public void A_file_that_the_server_does_not_have_is_an_error_at_once()
    {
        var kind = Remote(file: "absent.tar.gz");
        Should.Throw<DatasetAbsentException>(() => kind.Inspect(Spec, Context(), default)).Message.ShouldContain("answered 404");
        Should.Throw<DownloadException>(() => kind.Open(Spec, Context(), default)).Fault.ShouldBe(DownloadFault.Refused);
    }

    [Fact]
    public async Task A_server_that_is_not_there_is_an_error_at_once_and_one_that_may_pass_later()
    {
        var kind = Remote();
        await server.StopAsync();
        Should.Throw<DatasetException>(() => kind.Inspect(Spec, Context(), default)).Message.ShouldContain("cannot be reached");
        Should.Throw<DownloadException>(() => kind.Open(Spec, Context(("Downloads:MaxAttempts", "1")), default)).Fault.ShouldBe(DownloadFault.Unreachable);
    }

    /// <summary>Of two files the first comes; the second fails once, and then is asked for by two trials at once.</summary>
    [Fact]
    public async Task A_download_that_broke_off_between_two_files_goes_on_with_the_next_trial()
    {
        var kind = RemoteParts();
        Should.Throw<DownloadException>(() => kind.Open(Spec, Context(("Downloads:MaxAttempts", "1")), default)).Fault.ShouldBe(DownloadFault.Unreachable);
        Directory.GetFiles(Path.Combine(folder.Options.Value.DownloadRoot, "remote"), "*.bin").ShouldHaveSingleItem();
        kind.Find(Context()).ShouldBeEmpty();
        kind.Inspect(Spec, Context(), default).TrainImages.ShouldBe(50_000);

        var trials = new[] { OpenAsync(), OpenAsync() };
        await asked.Task.WaitAsync(TimeSpan.FromMinutes(2));
        kind.Inspect(Spec, Context(), default).TrainImages.ShouldBe(50_000); // the second file is on its way
        release.SetResult();

        foreach (var source in await Task.WhenAll(trials)) source.TestLabels.ShouldBe(PublishedFixture.Expected["cifar100"].TestLabels);
        kind.Find(Context()).ShouldHaveSingleItem();

        Task<IImageSource> OpenAsync() => Task.Run(() => kind.Open(Spec, Context(), default));
    }

    private RemoteKind RemoteParts()
    {
        var (train, test) = (PublishedFixture.Golden("cifar-100-binary/train.bin"), PublishedFixture.Golden("cifar-100-binary/test.bin"));
        return new RemoteKind(null, new($"{server.Urls.First()}/train.bin", Md5Of(train)), new($"{server.Urls.First()}/test.bin", Md5Of(test)));
    }

    private static string Md5Of(byte[] bytes) => Convert.ToHexStringLower(MD5.HashData(bytes));

    private RemoteKind Remote(string? md5 = null, string file = Archive)
        => new(Archive, new Download($"{server.Urls.First()}/{file}", md5 ?? Md5Of(PublishedFixture.Golden(Archive))));

    private DatasetContext Context(params (string Key, string Value)[] settings)
    {
        var configuration = new ConfigurationBuilder().AddInMemoryCollection(settings.ToDictionary(s => s.Key, s => (string?)s.Value, StringComparer.Ordinal)).Build();
        var services = new ServiceCollection().AddDownloads(configuration).AddSingleton<PublishedDownloads>().BuildServiceProvider();
        return new DatasetContext(folder.Options.Value, services.GetRequiredService<PublishedDownloads>(), TimeProvider.System, NullLogger.Instance);
    }

    /// <summary>CIFAR-100 from another place.</summary>
    private sealed class RemoteKind(string? archive, params Download[] downloads) : PublishedKind
    {
        protected override Publication Publication { get; } = new()
        {
            Name = "remote",
            Title = "the remote set",
            Folders = ["remote"],
            Files = [["train.bin"], ["test.bin"]],
            Archive = archive,
            Downloads = downloads,
            Classes = [.. Enumerable.Range(0, 100).Select(i => $"class{i}")],
            TrainCounts = [.. Enumerable.Repeat(500, 100)],
            TestCounts = [.. Enumerable.Repeat(100, 100)],
        };

        protected override PublishedImages Read(PublishedFiles.FileContents files, IReadOnlyList<string> names, CancellationToken cancellationToken)
            => new(
                Publication.Classes, CifarBatch.Side, PixelOrder.Rgb,
                [CifarBatch.Read(files.Read(names[0]), names[0], 20, 100)], [CifarBatch.Read(files.Read(names[1]), names[1], 20, 100)]);
    }
}
