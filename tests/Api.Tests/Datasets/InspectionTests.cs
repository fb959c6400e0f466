using System.Net;
using System.Net.Http.Headers;
using System.Text.Json;
using NeuralCapacitance.Api.Datasets;
using NeuralCapacitance.Api.Jobs;

namespace NeuralCapacitance.Api.Tests.Datasets;

[Collection(ServiceCollectionDefinition.Name)]
public sealed class InspectionTests(ServiceFixture service)
{
    private const string Address = "/api/v1/datasets";

    private static readonly TimeSpan Deadline = TimeSpan.FromMinutes(3);

    [Fact]
    public async Task A_data_set_is_described_with_all_that_is_wrong_with_it()
    {
        for (var i = 0; i < 6; i++) service.Write($"faulty/train/cat/{i}.png", Pictures.Png(i, 8 + i, 6));
        for (var i = 6; i < 8; i++) service.Write($"faulty/train/dog/{i}.png", Pictures.Png(i, 20, 10));
        service.Write("faulty/test/cat/copy.png", Pictures.Png(0, 8, 6));
        service.Write("faulty/test/dog/other.png", Pictures.Png(100));
        service.Write("faulty/train/dog/broken.jpg", [0xFF, 0xD8, 0xFF, 0xE0]);
        service.Write("faulty/train/dog/notes.txt", [1]);
        Directory.CreateDirectory(Path.Combine(service.DataRoot, "faulty/train/empty"));

        var found = await InspectedAsync("faulty");

        found.GetProperty("spec").GetProperty("path").GetString().ShouldBe("faulty");
        found.GetProperty("isUploaded").GetBoolean().ShouldBeFalse();
        found.GetProperty("trainImages").GetInt32().ShouldBe(9);
        found.GetProperty("testImages").GetInt32().ShouldBe(2);
        // Two classes, 6 and 3 images: (log 3 − ⅔ log 2) / log 2.
        found.GetProperty("classBalance").GetDouble().ShouldBe((Math.Log(3) / Math.Log(2)) - (2.0 / 3), 1e-12);
        var inspection = found.GetProperty("inspection");
        inspection.GetProperty("hash").GetString()!.Length.ShouldBe(64);
        (Side("width", "min"), Side("width", "median"), Side("width", "max")).ShouldBe((8, 10, 20));
        (Side("height", "min"), Side("height", "median"), Side("height", "max")).ShouldBe((6, 6, 10));
        inspection.GetProperty("brokenCount").GetInt32().ShouldBe(1);
        inspection.GetProperty("broken")[0].GetProperty("file").GetString().ShouldBe("train/dog/broken.jpg");
        inspection.GetProperty("duplicateCount").GetInt32().ShouldBe(1);
        inspection.GetProperty("duplicates")[0].GetProperty("image").GetString().ShouldBe("test/cat/copy.png");
        inspection.GetProperty("duplicates")[0].GetProperty("sameAs").GetString().ShouldBe("train/cat/0.png");
        var problems = string.Join('\n', found.GetProperty("problems").EnumerateArray().Select(problem => problem.GetString()));
        foreach (var word in new[] { "notes.txt", "'empty'", "broken.jpg", "copy.png" }) problems.ShouldContain(word);

        int Side(string side, string value) => inspection.GetProperty(side).GetProperty(value).GetInt32();
    }

    [Fact]
    public async Task A_data_set_that_has_not_changed_is_answered_with_304()
    {
        for (var i = 0; i < 4; i++) service.Write($"nested/deeper/{(i % 2 == 0 ? "a" : "b")}/{i}.png", Pictures.Png(i));
        const string address = $"{Address}/nested%2Fdeeper";
        (await InspectedAsync("nested%2Fdeeper")).GetProperty("name").GetString().ShouldBe("nested/deeper");
        using var first = await service.Client.GetAsync(address);

        using var same = await IfNoneMatchAsync(address, first.Headers.ETag!);
        same.StatusCode.ShouldBe(HttpStatusCode.NotModified);

        service.Write("nested/deeper/a/more.png", Pictures.Png(9));
        (await InspectedAsync("nested%2Fdeeper")).GetProperty("trainImages").GetInt32().ShouldBeGreaterThan(0);
        using var other = await IfNoneMatchAsync(address, first.Headers.ETag!);
        other.StatusCode.ShouldBe(HttpStatusCode.OK);
    }

    [Fact]
    public async Task A_note_about_another_file_changes_the_entity_tag()
    {
        for (var i = 0; i < 4; i++) service.Write($"noted/{(i % 2 == 0 ? "a" : "b")}/{i}.png", Pictures.Png(i));
        const string address = $"{Address}/noted";
        var problems = (await InspectedAsync("noted")).GetProperty("problems").GetArrayLength();
        using var first = await service.Client.GetAsync(address);

        service.Write("noted/a/notes.txt", [1]);

        (await InspectedAsync("noted")).GetProperty("problems").GetArrayLength().ShouldBe(problems + 1);
        using var second = await IfNoneMatchAsync(address, first.Headers.ETag!);
        second.StatusCode.ShouldBe(HttpStatusCode.OK);
    }

    [Fact]
    public async Task A_job_on_images_that_are_known_to_be_broken_is_refused_at_once_and_one_that_skips_them_is_not()
    {
        for (var i = 0; i < 40; i++) service.Write($"worn/{(i % 2 == 0 ? "a" : "b")}/{i}.png", Pictures.Png(i));
        service.Write("worn/a/broken.jpg", [0xFF, 0xD8, 0xFF, 0xE0]);
        await InspectedAsync("worn");

        using var refused = await service.PostAsync("/api/v1/jobs", Job("fail"));
        var problem = await refused.ShouldBeProblemAsync(HttpStatusCode.BadRequest, "invalid-job-spec");
        problem.Paths().ShouldBe(["dataset.path"]);
        problem.ToString().ShouldContain("a/broken.jpg");

        var job = await service.SubmitAsync(Job("skip"));
        job.Problems.ShouldContain(line => line.Contains("'a/broken.jpg'", StringComparison.Ordinal) && line.Contains("skipped", StringComparison.Ordinal));
        (await service.Client.PostAsync(job.Links.Self + "/cancel", content: null)).Dispose();

        static string Job(string onBroken) => $$"""
            { "dataset": { "name": "image-folder", "path": "worn", "onBrokenImage": "{{onBroken}}" }, "candidates": ["resnet8", "cnn-small"],
              "training": { "validation": 0.25, "batchSize": 4 } }
            """;
    }

    [Fact]
    public async Task A_set_that_cannot_be_used_is_listed_and_described_with_its_reason()
    {
        for (var i = 0; i < 4; i++) service.Write($"unsorted/{(i % 2 == 0 ? "train" : "test")}/{i}.png", Pictures.Png(i));

        var listed = (await service.GetAsync<PageResponse<DatasetSummary>>(Address)).Items.Single(item => item.Name == "unsorted");
        var found = await service.GetAsync<JsonElement>($"{Address}/unsorted");

        listed.IsUsable.ShouldBeFalse();
        listed.Problems[0].ShouldContain("lie in no class folders");
        found.GetProperty("problems")[0].GetString().ShouldBe(listed.Problems[0]);
        found.GetProperty("problems").GetArrayLength().ShouldBe(1);
    }

    [Fact]
    public async Task A_generated_data_set_is_inspected_too()
        => (await InspectedAsync("synthetic")).GetProperty("inspection").GetProperty("brokenCount").GetInt32().ShouldBe(0);

    [Fact]
    public async Task The_contact_sheet_is_a_picture_with_a_row_for_each_class()
    {
        using var response = await service.Client.GetAsync($"{Address}/synthetic/contact-sheet");
        response.StatusCode.ShouldBe(HttpStatusCode.OK);
        response.Content.Headers.ContentType!.MediaType.ShouldBe("image/png");
        var png = await response.Content.ReadAsByteArrayAsync();
        var classes = (await service.GetAsync<PageResponse<DatasetSummary>>(Address)).Items.Single(dataset => dataset.Name == "synthetic").Classes.Count;

        // The decoder accepts it, and its size in the header is that of 8 × classes cells of 66 and a border of 2.
        var file = service.Write("sheets/sheet.png", png);
        Worker.Datasets.Decoding.ImageDecoder.Decode([file], 16, 1, new byte[3 * 16 * 16]).ShouldBeEmpty();
        (System.Buffers.Binary.BinaryPrimitives.ReadInt32BigEndian(png.AsSpan(16)), System.Buffers.Binary.BinaryPrimitives.ReadInt32BigEndian(png.AsSpan(20)))
            .ShouldBe(((8 * 66) + 2, (classes * 66) + 2));
        using var again = await IfNoneMatchAsync($"{Address}/synthetic/contact-sheet", response.Headers.ETag!);
        again.StatusCode.ShouldBe(HttpStatusCode.NotModified);
    }

    [Theory]
    [InlineData("no-such-set")]
    [InlineData("no-such-set/contact-sheet")]
    [InlineData("..%2F..%2Fetc")]
    public async Task An_unknown_data_set_is_a_problem(string path)
    {
        using var response = await service.Client.GetAsync($"{Address}/{path}");

        await response.ShouldBeProblemAsync(HttpStatusCode.NotFound, "dataset-not-found");
    }

    [Fact]
    public async Task Names_are_unique()
        => (await service.GetAsync<PageResponse<DatasetSummary>>(Address)).Items.Select(dataset => dataset.Name).ShouldBeUnique();

    [Theory]
    [InlineData(new[] { 5, 5, 5 }, 1)]
    [InlineData(new[] { 10, 0 }, 0)]
    [InlineData(new[] { 7 }, 1)]
    public void Balance_is_one_where_all_classes_are_equal(int[] counts, double expected) => DatasetSummary.BalanceOf(counts).ShouldBe(expected, 1e-12);

    /// <summary>Asks until the inspection is there.</summary>
    private async Task<JsonElement> InspectedAsync(string name)
    {
        using var deadline = new CancellationTokenSource(Deadline);
        while (true)
        {
            var found = await service.GetAsync<JsonElement>($"{Address}/{name}");
            if (found.GetProperty("inspection").ValueKind != JsonValueKind.Null) return found;
            await Task.Delay(50, deadline.Token);
        }
    }

    private async Task<HttpResponseMessage> IfNoneMatchAsync(string address, EntityTagHeaderValue tag)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, address);
        request.Headers.IfNoneMatch.Add(tag);
        return await service.Client.SendAsync(request);
    }
}
