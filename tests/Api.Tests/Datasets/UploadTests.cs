using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Net.Sockets;
using System.Text;
using System.Text.Json;
using NeuralCapacitance.Api.Datasets;
using NeuralCapacitance.Api.Jobs;
using NeuralCapacitance.Infrastructure.Tests.Archives;

namespace NeuralCapacitance.Api.Tests.Datasets;

[Collection(ServiceCollectionDefinition.Name)]
public sealed class UploadTests(ServiceFixture service)
{
    private const string Address = "/api/v1/datasets";

    private static readonly TimeSpan Deadline = TimeSpan.FromMinutes(2);

    [Fact]
    public async Task An_uploaded_data_set_can_be_used_in_a_job_and_deleted_after_it()
    {
        using var response = await service.UploadAsync("pets", Pictures.Zip(10));
        response.StatusCode.ShouldBe(HttpStatusCode.Created, await response.Content.ReadAsStringAsync());
        response.Headers.Location!.OriginalString.ShouldBe("/api/v1/datasets/pets");
        var upload = (await response.Content.ReadFromJsonAsync<UploadResponse>(ServiceFixture.Json))!;
        upload.Images.ShouldBe(20);
        upload.Classes.Select(c => c.Class).ShouldBe(["cat", "dog"]);
        upload.Classes.Sum(c => c.Train + c.Test).ShouldBe(20);

        var spec = JsonSerializer.Serialize(
            new { dataset = upload.Spec, candidates = new[] { "resnet8", "cnn-small" }, training = new { validation = 0.25, batchSize = 4 } }, ServiceFixture.Json);
        var job = await service.SubmitAsync(spec);

        using (var used = await service.Client.DeleteAsync($"{Address}/pets"))
        {
            (await used.ShouldBeProblemAsync(HttpStatusCode.Conflict, "dataset-in-use")).GetProperty("detail").GetString()!.ShouldContain(job.Id.ToString());
        }

        (await service.Client.PostAsync(job.Links.Self + "/cancel", content: null)).Dispose();
        using var deleted = await service.Client.DeleteAsync($"{Address}/pets");
        deleted.StatusCode.ShouldBe(HttpStatusCode.NoContent);
        using var again = await service.Client.DeleteAsync($"{Address}/pets");
        await again.ShouldBeProblemAsync(HttpStatusCode.NotFound, "dataset-not-found");
        Directory.Exists(Path.Combine(service.Uploads, "pets")).ShouldBeFalse();
    }

    [Fact]
    public async Task A_job_that_names_no_path_keeps_the_upload_that_it_finds()
    {
        using var response = await service.UploadAsync("birds", Pictures.Zip(10, seed: 8));
        response.StatusCode.ShouldBe(HttpStatusCode.Created, await response.Content.ReadAsStringAsync());
        (await service.UploadAsync("other-birds", Pictures.Zip(11, seed: 8))).Dispose();
        var job = await service.SubmitAsync("""{ "dataset": { "name": "birds" }, "candidates": ["resnet8", "cnn-small"], "training": { "validation": 0.25, "batchSize": 4 } }""");

        using var used = await service.Client.DeleteAsync($"{Address}/birds");
        (await used.ShouldBeProblemAsync(HttpStatusCode.Conflict, "dataset-in-use")).GetProperty("detail").GetString()!.ShouldContain(job.Id.ToString());
        using var other = await service.Client.DeleteAsync($"{Address}/other-birds");
        other.StatusCode.ShouldBe(HttpStatusCode.NoContent);

        (await service.Client.PostAsync(job.Links.Self + "/cancel", content: null)).Dispose();
        using var deleted = await service.Client.DeleteAsync($"{Address}/birds");
        deleted.StatusCode.ShouldBe(HttpStatusCode.NoContent);
    }

    [Fact]
    public async Task A_folder_of_the_same_name_in_a_data_root_is_not_the_upload()
    {
        (await service.UploadAsync("both", Pictures.Zip(2, seed: 9))).Dispose();
        for (var i = 0; i < 4; i++) service.Write($"both/{(i % 2 == 0 ? "a" : "b")}/{i}.png", Pictures.Png(i));

        var items = (await service.GetAsync<PageResponse<DatasetSummary>>(Address)).Items.Where(item => item.Name.StartsWith("both", StringComparison.Ordinal)).ToList();

        items.Count.ShouldBe(2);
        items.Single(item => item.IsUploaded).Classes.Select(c => c.Class).ShouldBe(["cat", "dog"]);
        using var kept = await service.Client.DeleteAsync($"{Address}/{items.Single(item => !item.IsUploaded).Name}");
        await kept.ShouldBeProblemAsync(HttpStatusCode.Conflict, "dataset-not-uploaded");
        using var deleted = await service.Client.DeleteAsync($"{Address}/{items.Single(item => item.IsUploaded).Name}");
        deleted.StatusCode.ShouldBe(HttpStatusCode.NoContent);
        Directory.Exists(Path.Combine(service.DataRoot, "both")).ShouldBeTrue();
    }

    [Fact]
    public async Task An_upload_whose_record_is_damaged_is_still_one()
    {
        (await service.UploadAsync("no-record", Pictures.Zip(2, seed: 10))).Dispose();
        await File.WriteAllTextAsync(Path.Combine(service.Uploads, "no-record", ".upload.json"), "");

        (await service.GetAsync<PageResponse<DatasetSummary>>(Address)).Items.Single(item => item.Name == "no-record").IsUploaded.ShouldBeTrue();
        using var deleted = await service.Client.DeleteAsync($"{Address}/no-record");
        deleted.StatusCode.ShouldBe(HttpStatusCode.NoContent);
    }

    [Fact]
    public async Task A_short_path_names_an_uploaded_data_set()
    {
        (await service.UploadAsync("short", Pictures.Zip(10))).Dispose();

        await service.SubmitAsync("""{ "dataset": { "name": "image-folder", "path": "short" }, "candidates": ["resnet8", "cnn-small"], "training": { "validation": 0.25, "batchSize": 4 } }""");
    }

    [Fact]
    public async Task A_form_with_a_file_is_accepted()
    {
        using var form = new MultipartFormDataContent { { new StringContent("of my own"), "comment" }, { new ByteArrayContent(Pictures.Zip(2)), "file", "pets.zip" } };

        using var response = await service.Client.PostAsync($"{Address}?name=from-form", form);

        response.StatusCode.ShouldBe(HttpStatusCode.Created, await response.Content.ReadAsStringAsync());
    }

    [Fact]
    public async Task A_form_without_a_file_is_refused()
    {
        using var form = new MultipartFormDataContent { { new StringContent("nothing"), "comment" } };

        using var response = await service.Client.PostAsync($"{Address}?name=no-file", form);

        (await response.ShouldBeProblemAsync(HttpStatusCode.BadRequest, "bad-request")).GetProperty("detail").GetString()!.ShouldContain("holds no file");
    }

    [Fact]
    public async Task A_form_that_is_cut_off_is_refused()
    {
        using var content = new ByteArrayContent("--x\r\nContent-Disposition: form-data; name=\"file\"; filename=\"a.zip\"\r\n\r\nPK"u8.ToArray());
        content.Headers.ContentType = MediaTypeHeaderValue.Parse("multipart/form-data; boundary=x");

        using var response = await service.Client.PostAsync($"{Address}?name=cut-off", content);

        await response.ShouldBeProblemAsync(HttpStatusCode.BadRequest, "bad-request");
        Leftovers().ShouldBeEmpty();
    }

    [Fact]
    public async Task The_same_archive_again_is_answered_with_the_first_and_another_with_409()
    {
        using var first = await service.UploadAsync("twice", Pictures.Zip(2));
        first.StatusCode.ShouldBe(HttpStatusCode.Created);

        using var second = await service.UploadAsync("twice", Pictures.Zip(2));
        second.StatusCode.ShouldBe(HttpStatusCode.OK);
        (await second.Content.ReadAsStringAsync()).ShouldBe(await first.Content.ReadAsStringAsync());

        using var other = await service.UploadAsync("twice", Pictures.Zip(3));
        await other.ShouldBeProblemAsync(HttpStatusCode.Conflict, "dataset-exists");
        Leftovers().ShouldBeEmpty();
    }

    [Fact]
    public async Task A_refused_archive_is_told_entry_by_entry()
    {
        using var response = await service.UploadAsync(
            "evil", RawZip.Of(new RawEntry("../escaped.png", Pictures.Png(1)), new RawEntry("cat/link", []) with { Attributes = 0xA1FFu << 16 }));

        var problem = await response.ShouldBeProblemAsync(HttpStatusCode.BadRequest, "invalid-archive");
        problem.Paths().ShouldBe(["../escaped.png", "cat/link"]);
        problem.GetProperty("errors").EnumerateArray().ShouldAllBe(error => error.GetProperty("accepted").GetString() != "");
        Directory.GetFiles(Path.GetDirectoryName(service.DataRoot)!, "escaped.png", SearchOption.AllDirectories).ShouldBeEmpty();
        Leftovers().ShouldBeEmpty();
    }

    [Fact]
    public async Task What_is_no_archive_is_refused()
    {
        using var response = await service.UploadAsync("text", "hello"u8.ToArray());

        (await response.ShouldBeProblemAsync(HttpStatusCode.BadRequest, "invalid-archive")).Paths().ShouldBe(["archive"]);
    }

    [Theory]
    [InlineData("")]
    [InlineData("Birds")]
    [InlineData("../birds")]
    [InlineData("a b")]
    public async Task A_name_of_odd_characters_is_refused_before_the_body_is_read(string name)
    {
        using var response = await service.UploadAsync(name, "no archive"u8.ToArray());

        var problem = await response.ShouldBeProblemAsync(HttpStatusCode.BadRequest, "invalid-parameter");
        problem.GetProperty("errors")[0].GetProperty("accepted").GetString()!.ShouldContain("a–z");
    }

    [Fact]
    public async Task A_name_in_a_data_root_is_taken()
    {
        for (var i = 0; i < 4; i++) service.Write($"taken/{(i % 2 == 0 ? "a" : "b")}/{i}.png", Pictures.Png(i));

        using var response = await service.UploadAsync("taken", Pictures.Zip(2));
        await response.ShouldBeProblemAsync(HttpStatusCode.Conflict, "dataset-exists");

        using var deleted = await service.Client.DeleteAsync($"{Address}/taken");
        await deleted.ShouldBeProblemAsync(HttpStatusCode.Conflict, "dataset-not-uploaded");
    }

    [Fact]
    public async Task A_body_of_another_type_is_refused()
    {
        using var response = await service.PostAsync($"{Address}?name=json", "{}");

        (await response.ShouldBeProblemAsync(HttpStatusCode.UnsupportedMediaType, "unsupported-media-type")).GetProperty("detail").GetString()!.ShouldContain("application/zip");
    }

    [Theory]
    [InlineData("application/x-zip-compressed")]
    [InlineData("application/octet-stream")]
    [InlineData("application/x-www-form-urlencoded")]
    [InlineData("text/plain")]
    [InlineData("image/jpeg")]
    [InlineData("zip")]
    [InlineData(null)]
    public async Task A_zip_file_is_read_whatever_its_media_type_is_said_to_be(string? type)
    {
        var name = $"typed-{(type ?? "none").Replace('/', '-')}";
        using var content = new ByteArrayContent(Pictures.Zip(2, seed: 20));
        if (type is not null) content.Headers.TryAddWithoutValidation("Content-Type", type);

        using var response = await service.Client.PostAsync($"{Address}?name={name}", content);

        response.StatusCode.ShouldBe(HttpStatusCode.Created, await response.Content.ReadAsStringAsync());
        (await service.Client.DeleteAsync($"{Address}/{name}")).Dispose();
    }

    [Theory]
    [InlineData("Training/a Training/b Testing/a Testing/b")]
    [InlineData("images/a images/b masks/a masks/b")]
    [InlineData("wrap/seg_train/seg_train/a wrap/seg_train/seg_train/b wrap/seg_test/seg_test/a wrap/seg_test/seg_test/b __MACOSX/wrap/seg_test/a")]
    public async Task What_is_accepted_is_listed_once_under_the_name_that_Location_gives(string folders)
    {
        var entries = folders.Split(' ').SelectMany((folder, i) => Enumerable.Range(0, 3).Select(n => new RawEntry($"{folder}/{n}.png", Pictures.Png((30 * i) + n)) with { Method = 0 }));
        using var response = await service.UploadAsync("layout", RawZip.Of([.. entries, new RawEntry("report.docx", [1])]));
        response.StatusCode.ShouldBe(HttpStatusCode.Created, await response.Content.ReadAsStringAsync());
        var upload = (await response.Content.ReadFromJsonAsync<UploadResponse>(ServiceFixture.Json))!;
        upload.Classes.Select(c => c.Class).ShouldBe(["a", "b"]);
        upload.Problems.ShouldContain(problem => problem.Contains("'report.docx'", StringComparison.Ordinal));

        var listed = (await service.GetAsync<PageResponse<DatasetSummary>>(Address)).Items.Where(item => item.Name.StartsWith("layout", StringComparison.Ordinal)).ToList();

        listed.ShouldHaveSingleItem().Name.ShouldBe("layout");
        (await service.GetAsync<JsonElement>(response.Headers.Location!.OriginalString)).GetProperty("name").GetString().ShouldBe("layout");
        (await service.Client.DeleteAsync($"{Address}/layout")).Dispose();
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task An_archive_above_the_limit_is_refused_whether_its_length_is_told_or_not(bool isChunked)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, $"{Address}?name=large") { Content = new ByteArrayContent(new byte[ServiceFixture.MaxUploadBytes + 1000]) };
        request.Content.Headers.ContentType = new MediaTypeHeaderValue("application/zip");
        request.Headers.TransferEncodingChunked = isChunked;

        using var response = await service.Client.SendAsync(request);

        (await response.ShouldBeProblemAsync(HttpStatusCode.RequestEntityTooLarge, "body-too-large")).GetProperty("detail").GetString()!.ShouldContain("200000 bytes");
        Leftovers().ShouldBeEmpty();
    }

    [Fact]
    public async Task A_client_that_hangs_up_midway_leaves_nothing()
    {
        var archive = Pictures.Zip(10);
        using (var client = new TcpClient())
        {
            await client.ConnectAsync(service.Address.Host, service.Address.Port);
            await client.GetStream().WriteAsync(Encoding.ASCII.GetBytes(
                $"POST {Address}?name=hang-up HTTP/1.1\r\nHost: {service.Address.Authority}\r\nContent-Type: application/zip\r\nContent-Length: {archive.Length}\r\n\r\n"));
            await client.GetStream().WriteAsync(archive.AsMemory(0, archive.Length / 2));
            await UntilAsync(() => Leftovers().Any());
            client.Client.LingerState = new LingerOption(enable: true, seconds: 0);
        }

        await UntilAsync(() => !Leftovers().Any());
        Directory.Exists(Path.Combine(service.Uploads, "hang-up")).ShouldBeFalse();
    }

    private IEnumerable<string> Leftovers() => Directory.Exists(service.Uploads) ? Directory.EnumerateFileSystemEntries(service.Uploads, ".*") : [];

    private static async Task UntilAsync(Func<bool> condition)
    {
        using var deadline = new CancellationTokenSource(Deadline);
        while (!condition()) await Task.Delay(20, deadline.Token);
    }
}
