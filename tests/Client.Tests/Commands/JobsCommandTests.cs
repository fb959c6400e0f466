using NeuralCapacitance.Client.Json;
using NeuralCapacitance.Client.Models;

namespace NeuralCapacitance.Client.Tests.Commands;

public sealed class JobsCommandTests
{
    private readonly Terminal _terminal = new();

    [Fact]
    public async Task Jobs_are_a_table_with_what_one_finds_them_by()
    {
        var named = Wire.Job() with { Name = "nightly [1]", Spec = Wire.Job().Spec with { Dataset = new DatasetSpec { Name = "image-folder", Path = "/data/birds/" } } };
        await using var service = await FakeService.StartAsync(FakeService.Json(Page(null, named, Wire.Job(JobState.Failed))));

        (await _terminal.RunAsync(["jobs", "--url", service.Address.ToString()])).ShouldBe(0, _terminal.Notes);

        var rows = _terminal.Output.Split('\n').Where(line => line.Contains(Wire.JobId.ToString())).Select(line => line.Split('│', StringSplitOptions.TrimEntries)[1..^1]).ToList();
        rows.ShouldBe(
        [
            [Wire.JobId.ToString(), "nightly [1]", "running", "10 of 10", "2", "birds", "1970-01-01 00:00"],
            [Wire.JobId.ToString(), "", "failed", "10 of 10", "2", "synthetic", "1970-01-01 00:00"],
        ]);
        service.Requests.ShouldHaveSingleItem().Path.ShouldBe("/api/v1/jobs?limit=20");
    }

    [Fact]
    public async Task Filters_are_the_services()
    {
        await using var service = await FakeService.StartAsync(FakeService.Json(Page(null)));

        (await _terminal.RunAsync(["jobs", "--state", "queued", "running", "--name", "50 %", "--dataset", "birds", "--limit", "1000", "--url", service.Address.ToString()])).ShouldBe(0, _terminal.Notes);

        service.Requests.ShouldHaveSingleItem().Path.ShouldBe("/api/v1/jobs?state=queued&state=running&name=50%20%25&dataset=birds&limit=100");
        _terminal.Notes.Trim().ShouldBe("No job fits.");
        _terminal.Output.ShouldBeEmpty();
    }

    [Fact]
    public async Task No_more_pages_are_fetched_than_are_shown()
    {
        await using var service = await FakeService.StartAsync(FakeService.Json(Page("next", Wire.Job(), Wire.Job())));

        (await _terminal.RunAsync(["jobs", "--limit", "2", "--json", "--url", service.Address.ToString()])).ShouldBe(0, _terminal.Notes);

        service.Requests.ShouldHaveSingleItem();
        System.Text.Json.JsonSerializer.Deserialize<List<Job>>(_terminal.Output, WireJson.Options).ShouldNotBeNull().Select(job => job.Id).ShouldBe([Wire.JobId, Wire.JobId]);
    }

    [Fact]
    public async Task No_job_is_an_empty_list_for_a_program()
    {
        await using var service = await FakeService.StartAsync(FakeService.Json(Page(null)));

        (await _terminal.RunAsync(["jobs", "--json", "--url", service.Address.ToString()])).ShouldBe(0, _terminal.Notes);

        _terminal.Output.Trim().ShouldBe("[]");
    }

    [Fact]
    public async Task A_refused_filter_is_told()
    {
        await using var service = await FakeService.StartAsync(FakeService.Problem(400, "invalid-parameter", """[{ "path": "name", "value": null, "problem": "has 300 characters", "accepted": "at most 255" }]"""));

        (await _terminal.RunAsync(["jobs", "--name", "long", "--url", service.Address.ToString()])).ShouldBe(3);

        _terminal.Notes.ShouldContain("name has 300 characters. Accepted: at most 255");
    }

    private static string Page(string? cursor, params Job[] jobs) => new { Items = jobs, NextCursor = cursor }.Json();
}
