using System.IO.Compression;
using System.Security.Cryptography;
using System.Text;
using Microsoft.AspNetCore.Http;

namespace NeuralCapacitance.Client.Tests;

public sealed class TransferTests : IDisposable
{
    private const string Uploaded = """{ "name": "birds", "spec": { "name": "image-folder", "path": "birds" }, "classes": [], "images": 3, "bytes": 9, "problems": [], "archiveHash": "00" }""";

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("nc-client-");

    public void Dispose() => _folder.Delete(recursive: true);

    [Fact]
    public async Task A_folder_is_zipped_as_it_is_sent_without_hidden_files_and_always_to_the_same_bytes()
    {
        Write("owl/2.png", "two");
        Write("owl/1.png", "one");
        Write("hawk/train/3.png", "three");
        Write(".DS_Store", "no image");
        await using var service = await FakeService.StartAsync(FakeService.Problem(503, "database-unavailable"), FakeService.Json(Uploaded, 201));
        using var client = service.Client();
        var sent = new Sent();

        (await client.Datasets.UploadAsync("birds", _folder.FullName, sent)).Images.ShouldBe(3);

        service.Requests.Select(request => request.Path).ShouldBe(["/api/v1/datasets?name=birds", "/api/v1/datasets?name=birds"]);
        service.Requests[0].Body.ShouldBe(service.Requests[1].Body);
        service.Requests[1].Headers["Content-Type"].ShouldBe("application/zip");
        service.Requests[1].Headers.Keys.ShouldNotContain("Content-Length");
        using var zip = new ZipArchive(new MemoryStream(service.Requests[1].Body));
        zip.Entries.Select(entry => entry.FullName).ShouldBe(["hawk/train/3.png", "owl/1.png", "owl/2.png"]);
        using var reader = new StreamReader(zip.Entries[0].Open());
        (await reader.ReadToEndAsync()).ShouldBe("three");
        sent.Last.ShouldBe(11);
    }

    [Fact]
    public async Task A_file_is_sent_with_its_length()
    {
        var file = Write("birds.zip", "PK and so on");
        await using var service = await FakeService.StartAsync(FakeService.Json(Uploaded, 201));
        using var client = service.Client();
        var sent = new Sent();

        await client.Datasets.UploadAsync("birds", file, sent);

        service.Requests[0].Text.ShouldBe("PK and so on");
        service.Requests[0].Headers["Content-Length"].ShouldBe("12");
        sent.Last.ShouldBe(12);
    }

    [Fact]
    public async Task A_stream_is_sent_once()
    {
        await using var service = await FakeService.StartAsync(FakeService.Problem(503, "database-unavailable"));
        using var client = service.Client();

        await Should.ThrowAsync<ServiceException>(client.Datasets.UploadAsync("birds", new MemoryStream([1, 2, 3])));

        service.Requests.ShouldHaveSingleItem().Body.ShouldBe([1, 2, 3]);
    }

    [Fact]
    public async Task A_path_that_does_not_exist_is_told_before_anything_is_sent()
    {
        await using var service = await FakeService.StartAsync(FakeService.Json(Uploaded));
        using var client = service.Client();

        (await Should.ThrowAsync<FileNotFoundException>(client.Datasets.UploadAsync("birds", Path.Combine(_folder.FullName, "none")))).Message.ShouldContain("one folder per class");

        service.Requests.ShouldBeEmpty();
    }

    [Fact]
    public async Task A_model_is_there_when_it_is_whole()
    {
        await using var service = await FakeService.StartAsync(Model("weights", SHA256.HashData("weights"u8)));
        using var client = service.Client();
        var path = Path.Combine(_folder.FullName, "model.safetensors");

        await client.Jobs.DownloadModelAsync(Wire.JobId, path);

        (await File.ReadAllTextAsync(path)).ShouldBe("weights");
        _folder.GetFiles().ShouldHaveSingleItem();
    }

    [Fact]
    public async Task A_model_of_another_digest_is_not_kept_and_replaces_nothing()
    {
        await using var service = await FakeService.StartAsync(Model("wei", SHA256.HashData("weights"u8)));
        using var client = service.Client();
        var path = Write("model.safetensors", "earlier");

        (await Should.ThrowAsync<InvalidDataException>(client.Jobs.DownloadModelAsync(Wire.JobId, path))).Message.ShouldContain("Download it again");

        (await File.ReadAllTextAsync(path)).ShouldBe("earlier");
        _folder.GetFiles().ShouldHaveSingleItem();
    }

    [Fact]
    public async Task A_model_without_a_digest_is_refused()
    {
        await using var service = await FakeService.StartAsync(FakeService.Text("weights", "application/octet-stream"));
        using var client = service.Client();

        (await Should.ThrowAsync<InvalidDataException>(client.Jobs.DownloadModelAsync(Wire.JobId, Path.Combine(_folder.FullName, "m")))).Message.ShouldContain("Repr-Digest");
    }

    private string Write(string name, string text)
    {
        var path = Path.Combine(_folder.FullName, name);
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        File.WriteAllText(path, text, Encoding.ASCII);
        return path;
    }

    private static RequestDelegate Model(string text, byte[] digest) => context =>
    {
        context.Response.Headers["Repr-Digest"] = $"sha-256=:{Convert.ToBase64String(digest)}:";
        return FakeService.Text(text, "application/octet-stream")(context);
    };

    private sealed class Sent : IProgress<long>
    {
        public long Last { get; private set; }

        public void Report(long value) => Last = value;
    }
}
