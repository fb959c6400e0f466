using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using NeuralCapacitance.Api.Datasets;
using NeuralCapacitance.Api.Jobs;
using NeuralCapacitance.Api.Tests.Datasets;
using NeuralCapacitance.Domain.Access;
using NeuralCapacitance.Infrastructure.Access;

namespace NeuralCapacitance.Api.Tests.Access;

/// <summary>Where everybody sees everything, and only the owner and operators change it.</summary>
public sealed class TeamOwnershipTests : IAsyncLifetime
{
    private readonly KeyedService _service = new(Isolation.Team);

    public Task InitializeAsync() => _service.InitializeAsync();

    public Task DisposeAsync() => _service.DisposeAsync();

    [Fact]
    public async Task A_job_of_another_is_seen_and_not_changed()
    {
        var job = await _service.SubmitAsync("one");

        (await _service.GetAsync("two", job.Links.Self)).StatusCode.ShouldBe(HttpStatusCode.OK);
        foreach (var (method, path) in new[] { (HttpMethod.Post, "/cancel"), (HttpMethod.Post, "/finalize"), (HttpMethod.Delete, "") })
        {
            using var refused = await _service.SendAsync("two", method, job.Links.Self + path);
            (await refused.ShouldBeProblemAsync(HttpStatusCode.Forbidden, "not-permitted")).GetProperty("detail").GetString()!.ShouldContain("key:one");
        }

        (await _service.SendAsync("one", HttpMethod.Post, job.Links.Self + "/cancel")).StatusCode.ShouldBe(HttpStatusCode.Accepted);
        (await _service.SendAsync("operator", HttpMethod.Delete, job.Links.Self)).StatusCode.ShouldBe(HttpStatusCode.NoContent);
    }

    [Fact]
    public async Task A_data_set_of_another_is_used_and_not_deleted()
    {
        await _service.UploadAsync("one", "pets");

        (await _service.SubmitAsync("two", _service.SpecOn("pets"))).Owner.ShouldBe("key:two");
        using var refused = await _service.SendAsync("two", HttpMethod.Delete, "/api/v1/datasets/pets");
        (await refused.ShouldBeProblemAsync(HttpStatusCode.Forbidden, "not-permitted")).GetProperty("detail").GetString()!.ShouldContain("key:one");
    }

    [Fact]
    public async Task The_audit_is_for_admins_and_tells_all_changes()
    {
        var job = await _service.SubmitAsync("one");
        await _service.UploadAsync("one", "pets");
        (await _service.SendAsync("operator", HttpMethod.Post, job.Links.Self + "/cancel")).Dispose();
        (await _service.SendAsync("one", HttpMethod.Delete, "/api/v1/datasets/pets")).Dispose();

        using var refused = await _service.GetAsync("operator", "/api/v1/audit");
        await refused.ShouldBeProblemAsync(HttpStatusCode.Forbidden, "not-permitted");
        var lines = (await (await _service.GetAsync("admin", "/api/v1/audit?limit=4")).Content.ReadFromJsonAsync<PageResponse<AuditEntry>>(ServiceFixture.Json))!;

        lines.Items.Select(line => (line.Owner, line.Action, line.Subject)).ShouldBe(
        [
            ("key:one", AuditAction.Deleted, "dataset:pets"), ("key:operator", AuditAction.Cancelled, $"job:{job.Id}"),
            ("key:one", AuditAction.Uploaded, "dataset:pets"), ("key:one", AuditAction.Submitted, $"job:{job.Id}"),
        ]);
        lines.Items.ShouldAllBe(line => line.Address == "127.0.0.1" || line.Address == "::ffff:127.0.0.1");
        lines.NextCursor.ShouldNotBeNull("the keys were made before");
        var next = (await (await _service.GetAsync("admin", $"/api/v1/audit?action=created&cursor={lines.NextCursor}")).Content.ReadFromJsonAsync<PageResponse<AuditEntry>>(ServiceFixture.Json))!;
        next.Items.Select(line => line.Subject).ShouldContain("key:one");
    }

    [Theory]
    [InlineData("limit=0", "limit")]
    [InlineData("cursor=nonsense", "cursor")]
    public async Task An_unusable_parameter_of_the_audit_is_named(string query, string parameter)
    {
        using var response = await _service.GetAsync("admin", $"/api/v1/audit?{query}");

        (await response.ShouldBeProblemAsync(HttpStatusCode.BadRequest, "invalid-parameter")).GetProperty("errors")[0].GetProperty("path").GetString().ShouldBe(parameter);
    }
}

/// <summary>Where what belongs to others is not there.</summary>
public sealed class OwnerIsolationTests : IAsyncLifetime
{
    private readonly KeyedService _service = new(Isolation.Owner);

    public Task InitializeAsync() => _service.InitializeAsync();

    public Task DisposeAsync() => _service.DisposeAsync();

    [Fact]
    public async Task A_job_of_another_is_answered_as_one_that_is_not_there()
    {
        var job = await _service.SubmitAsync("one");
        var paths = new[] { "", "/trials", "/observations", "/decisions", "/events", "/ranking", "/model", "/model/snippet" };

        foreach (var path in paths)
        {
            using var hidden = await _service.GetAsync("two", job.Links.Self + path);
            var problem = await hidden.ShouldBeProblemAsync(HttpStatusCode.NotFound, "job-not-found");
            using var absent = await _service.GetAsync("two", $"/api/v1/jobs/{Guid.Empty}{path}");
            problem.GetProperty("detail").GetString()!.Replace(job.Id.ToString(), Guid.Empty.ToString(), StringComparison.Ordinal)
                .ShouldBe((await absent.ShouldBeProblemAsync(HttpStatusCode.NotFound, "job-not-found")).GetProperty("detail").GetString());
        }

        using var cancel = await _service.SendAsync("two", HttpMethod.Post, job.Links.Self + "/cancel");
        await cancel.ShouldBeProblemAsync(HttpStatusCode.NotFound, "job-not-found");
        (await _service.GetAsync("operator", job.Links.Self)).StatusCode.ShouldBe(HttpStatusCode.OK);
    }

    [Fact]
    public async Task A_listing_shows_ones_own_and_an_operator_everybodys()
    {
        var first = await _service.SubmitAsync("one");
        var second = await _service.SubmitAsync("two");

        (await ListAsync("one")).ShouldBe([first.Id]);
        (await ListAsync("two")).ShouldBe([second.Id]);
        (await ListAsync("operator")).ShouldBe([second.Id, first.Id]);
    }

    [Fact]
    public async Task A_search_finds_ones_own_and_an_operators_everybodys()
    {
        var spec = ServiceFixture.Spec(name: "of the same label");
        var first = await _service.SubmitAsync("one", spec);
        var second = await _service.SubmitAsync("two", spec);
        const string Query = "?name=SAME&dataset=synthetic&state=queued,running";

        (await ListAsync("one", Query)).ShouldBe([first.Id]);
        (await ListAsync("two", Query)).ShouldBe([second.Id]);
        (await ListAsync("operator", Query)).ShouldBe([second.Id, first.Id]);
    }

    [Fact]
    public async Task An_uploaded_data_set_of_another_is_not_there()
    {
        await _service.UploadAsync("one", "pets");
        string[] readings = ["/api/v1/datasets/pets", "/api/v1/datasets/pets/contact-sheet"];

        foreach (var path in readings)
        {
            using var hidden = await _service.GetAsync("two", path);
            await hidden.ShouldBeProblemAsync(HttpStatusCode.NotFound, "dataset-not-found");
        }

        using var deleted = await _service.SendAsync("two", HttpMethod.Delete, "/api/v1/datasets/pets");
        await deleted.ShouldBeProblemAsync(HttpStatusCode.NotFound, "dataset-not-found");
        (await NamesAsync("two")).ShouldNotContain("pets");
        (await NamesAsync("one")).ShouldContain("pets");
        (await NamesAsync("operator")).ShouldContain("pets");
    }

    [Theory]
    [InlineData("pets")]
    [InlineData("pets/cat")]
    [InlineData("./pets")]
    public async Task A_spec_on_a_data_set_of_another_reads_as_one_on_what_is_not_there(string path)
    {
        await _service.UploadAsync("one", "pets");

        using var hidden = await _service.SendAsync("two", HttpMethod.Post, "/api/v1/jobs", _service.SpecOn(path));
        using var absent = await _service.SendAsync("two", HttpMethod.Post, "/api/v1/jobs", _service.SpecOn("no-such"));

        var problem = await hidden.ShouldBeProblemAsync(HttpStatusCode.BadRequest, "invalid-job-spec");
        problem.GetProperty("errors").GetRawText().Replace(path, "no-such", StringComparison.Ordinal)
            .ShouldBe((await absent.ShouldBeProblemAsync(HttpStatusCode.BadRequest, "invalid-job-spec")).GetProperty("errors").GetRawText());
        (await _service.SubmitAsync("one", _service.SpecOn("pets"))).Owner.ShouldBe("key:one");
    }

    [Fact]
    public async Task The_name_of_anothers_data_set_is_taken_even_for_the_same_archive()
    {
        await _service.UploadAsync("one", "pets");

        using var refused = await _service.PostArchiveAsync("two", "pets");

        await refused.ShouldBeProblemAsync(HttpStatusCode.Conflict, "dataset-exists");
    }

    private async Task<IEnumerable<Guid>> ListAsync(string key, string query = "")
        => (await (await _service.GetAsync(key, $"/api/v1/jobs{query}")).Content.ReadFromJsonAsync<PageResponse<JobResponse>>(ServiceFixture.Json))!.Items.Select(job => job.Id);

    private async Task<IEnumerable<string>> NamesAsync(string key)
        => JsonDocument.Parse(await (await _service.GetAsync(key, "/api/v1/datasets")).Content.ReadAsStringAsync()).RootElement.GetProperty("items").EnumerateArray().Select(item => item.GetProperty("name").GetString()!);
}
