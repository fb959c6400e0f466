using System.Net;
using System.Text.Json;
using NeuralCapacitance.Api.Jobs;
using NeuralCapacitance.Api.Tests.Datasets;
using NeuralCapacitance.Domain.Jobs;

namespace NeuralCapacitance.Api.Tests.Jobs;

[Collection(ServiceCollectionDefinition.Name)]
public sealed class JobListTests(ServiceFixture service)
{
    private const string Path = "/api/v1/jobs";

    /// <summary>In every label of a test: others leave jobs too.</summary>
    private readonly string _mark = Guid.NewGuid().ToString("N");

    [Theory]
    [InlineData("ÄRGER nightly", "Ärger")]
    [InlineData("ÄRGER nightly", "ärger NIGHT")]
    [InlineData("ΣΊΣΥΦΟΣ", "σίσυφο")]
    public async Task A_job_is_found_by_part_of_its_label_whatever_its_case(string label, string part)
    {
        var job = await SubmitAsync(label);
        await SubmitAsync("another");

        (await FindAsync($"name={Uri.EscapeDataString($"{_mark} {part}")}")).ShouldBe([job.Id]);
    }

    [Theory]
    [InlineData("%")]
    [InlineData("_")]
    [InlineData("\\")]
    [InlineData("'")]
    [InlineData(".*")]
    public async Task No_character_of_a_search_stands_for_others(string special)
    {
        var job = await SubmitAsync($"50{special}");
        await SubmitAsync("500");

        (await FindAsync($"name={Uri.EscapeDataString($"{_mark} 50{special}")}")).ShouldBe([job.Id]);
    }

    [Fact]
    public async Task A_job_without_a_label_is_found_by_none()
    {
        var unnamed = await service.SubmitAsync(ServiceFixture.Spec().Replace("\"name\":\"test\",", "", StringComparison.Ordinal));
        unnamed.Name.ShouldBeNull();

        (await FindAsync("name=")).ShouldContain(unnamed.Id, "an empty text is as none");
        (await FindAsync("name=e")).ShouldNotContain(unnamed.Id);
    }

    [Fact]
    public async Task A_job_is_found_by_its_data_sets_name_or_the_last_part_of_its_path()
    {
        var folder = $"birds-{_mark}";
        (await service.UploadAsync(folder, Pictures.Zip(10))).Dispose();
        var birds = await service.SubmitAsync(SpecOn(folder));
        var generated = await SubmitAsync("generated");

        (await FindAsync($"dataset={folder}")).ShouldBe([birds.Id]);
        (await FindAsync($"dataset={folder.ToUpperInvariant()}")).ShouldBe([birds.Id]);
        (await FindAsync($"dataset={folder[..^1]}")).ShouldBeEmpty("it is all of the name");
        (await FindAsync($"dataset=image-folder&name={_mark}")).ShouldBe([birds.Id]);
        (await FindAsync($"dataset=Synthetic&name={_mark}")).ShouldBe([generated.Id]);
        (await FindAsync($"dataset=synthetic&name={folder}")).ShouldBeEmpty("both have to fit");
    }

    [Theory]
    [InlineData("state=queued,cancelled")]
    [InlineData("state=queued&state=CANCELLED")]
    [InlineData("state=queued,%20succeeded&state=cancelled,queued")]
    public async Task Several_states_may_be_given(string states)
    {
        var queued = await SubmitAsync("waits");
        var cancelled = await SubmitAsync("is cancelled");
        (await service.PostAsync(cancelled.Links.Cancel, "")).Dispose();

        (await FindAsync($"{states}&name={_mark}")).ShouldBe([cancelled.Id, queued.Id]);
        (await FindAsync($"state=failed,running&name={_mark}")).ShouldBeEmpty();
    }

    [Fact]
    public async Task Pages_of_a_filtered_list_hold_every_job_that_fits_once()
    {
        var fitting = new List<Guid>();
        for (var i = 0; i < 5; i++)
        {
            fitting.Add((await SubmitAsync($"fits {i}")).Id);
            await SubmitAsync($"does not {i}");
        }

        var listed = new List<Guid>();
        string? cursor = null;
        do
        {
            var page = await PageAsync($"name={_mark}%20fits&state=queued&dataset=synthetic&limit=2" + (cursor is null ? "" : $"&cursor={cursor}"));
            listed.AddRange(page.Items.Select(job => job.Id));
            cursor = page.NextCursor;
        }
        while (cursor is not null);

        listed.ShouldBe(Enumerable.Reverse(fitting));
    }

    [Fact]
    public async Task A_cursor_is_a_place_among_all_jobs_and_good_with_any_filter()
    {
        var (oldest, other, newest) = (await SubmitAsync("a 1"), await SubmitAsync("b 1"), await SubmitAsync("a 2"));

        var cursor = (await PageAsync($"name={_mark}%20a&limit=1")).NextCursor.ShouldNotBeNull();

        (await FindAsync($"name={_mark}%20b&cursor={cursor}")).ShouldBe([other.Id]);
        (await FindAsync($"name={_mark}&cursor={cursor}")).ShouldBe([other.Id, oldest.Id]);
        (await FindAsync($"name={_mark}")).ShouldBe([newest.Id, other.Id, oldest.Id]);
    }

    [Theory]
    [InlineData("state=running,asleep", "state")]
    [InlineData("state=running&state=asleep", "state")]
    [InlineData("state=asleep,dreaming", "state state")]
    [InlineData("state=running,", "state")]
    [InlineData("state=1", "state")]
    [InlineData("name=a%00b", "name")]
    [InlineData("dataset=%00&limit=0", "dataset limit")]
    public async Task Unusable_filters_are_named_with_what_would_be_accepted(string query, string names)
    {
        using var response = await service.Client.GetAsync($"{Path}?{query}");

        var problem = await response.ShouldBeProblemAsync(HttpStatusCode.BadRequest, "invalid-parameter");
        problem.Paths().Order().ShouldBe(names.Split(' '));
        problem.GetProperty("errors").EnumerateArray().ShouldAllBe(error => error.GetProperty("accepted").GetString() != null);
    }

    [Theory]
    [InlineData("name")]
    [InlineData("dataset")]
    public async Task A_text_that_is_longer_than_any_label_is_refused(string parameter)
    {
        using var longest = await service.Client.GetAsync($"{Path}?{parameter}={new string('a', 255)}");
        longest.StatusCode.ShouldBe(HttpStatusCode.OK);

        using var response = await service.Client.GetAsync($"{Path}?{parameter}={new string('a', 256)}");
        (await response.ShouldBeProblemAsync(HttpStatusCode.BadRequest, "invalid-parameter")).Paths().ShouldBe([parameter]);
    }

    [Fact]
    public async Task States_that_would_be_accepted_are_told()
    {
        using var response = await service.Client.GetAsync($"{Path}?state=asleep");

        var error = (await response.ShouldBeProblemAsync(HttpStatusCode.BadRequest, "invalid-parameter")).GetProperty("errors")[0];
        error.GetProperty("value").GetString().ShouldBe("asleep");
        error.GetProperty("accepted").GetString().ShouldBe("queued, running, succeeded, failed, cancelling, cancelled");
    }

    private Task<JobResponse> SubmitAsync(string label) => service.SubmitAsync(ServiceFixture.Spec(name: $"{_mark} {label}"));

    private string SpecOn(string path) => JsonSerializer.Serialize(new
    {
        name = $"{_mark} {path}",
        dataset = new { name = "image-folder", path },
        candidates = new[] { "resnet8", "cnn-small" },
        training = new { validation = 0.25, batchSize = 4 },
    });

    private Task<PageResponse<JobResponse>> PageAsync(string query) => service.GetAsync<PageResponse<JobResponse>>($"{Path}?{query}");

    private async Task<IEnumerable<Guid>> FindAsync(string query) => (await PageAsync($"{query}&limit=100")).Items.Select(job => job.Id);
}
