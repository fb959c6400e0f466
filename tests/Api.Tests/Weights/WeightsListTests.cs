using System.Net;
using System.Net.Http.Json;
using NeuralCapacitance.Api.Jobs;
using NeuralCapacitance.Api.Tests.Access;
using NeuralCapacitance.Api.Tests.Datasets;
using NeuralCapacitance.Api.Weights;
using NeuralCapacitance.Domain.Access;

namespace NeuralCapacitance.Api.Tests.Weights;

/// <summary>What a candidate can start from.</summary>
[Collection(ServiceCollectionDefinition.Name)]
public sealed class WeightsListTests(ServiceFixture service)
{
    private const string Weights = "/api/v1/weights";

    [Fact]
    public async Task Files_are_listed_as_a_job_names_them_and_a_job_takes_what_is_listed()
    {
        service.Write("list-zoo/mine.safetensors", WeightsFiles.Safetensors());

        var item = (await service.GetAsync<WeightsList>(Weights)).Items.Single(one => one.Weights == "file:list-zoo/mine.safetensors");

        item.Bytes.ShouldBe(WeightsFiles.Safetensors().Length);
        item.SavedBy.ShouldBeNull();
        using var posted = await service.PostAsync("/api/v1/jobs", $$"""{ "dataset": { "name": "synthetic" }, "candidates": ["resnet8", { "backbone": "cnn-small", "weights": "{{item.Weights}}" }] }""");
        (await posted.ShouldBeProblemAsync(HttpStatusCode.BadRequest, "invalid-job-spec")).GetProperty("detail").GetString()!
            .ShouldContain("cannot be used by candidate", customMessage: "it was opened, and holds no tensors");
    }

    [Fact]
    public async Task What_a_trial_saved_is_listed_with_its_job_and_goes_with_its_file()
    {
        var (job, path) = await service.SavedJobAsync(name: "to start from");

        var items = (await service.GetAsync<WeightsList>(Weights)).Items;
        var saved = items.Single(item => item.SavedBy?.JobId == job.Id);

        saved.Weights.ShouldStartWith($"file:weights/{job.Id}/");
        (saved.SavedBy!.JobName, saved.SavedBy.Candidate, saved.SavedBy.Backbone, saved.SavedBy.Seed).ShouldBe(("to start from", "resnet8", "resnet8", 1));
        File.Delete(path);
        (await service.GetAsync<WeightsList>(Weights)).Items.ShouldNotContain(item => item.Weights == saved.Weights);
    }

    [Fact]
    public async Task There_are_never_more_than_asked_for_and_that_there_are_more_is_said()
    {
        foreach (var name in new[] { "one", "two" }) service.Write($"list-bounds/{name}.safetensors", WeightsFiles.Safetensors());

        var list = await service.GetAsync<WeightsList>($"{Weights}?limit=1");

        list.Items.Count(item => item.SavedBy is null).ShouldBe(1);
        list.More.ShouldBe("there are more than 1 files; a job may name others");
    }

    [Theory]
    [InlineData("0")]
    [InlineData("1001")]
    public async Task A_limit_out_of_range_is_refused(string limit)
    {
        using var response = await service.Client.GetAsync($"{Weights}?limit={limit}");

        (await response.ShouldBeProblemAsync(HttpStatusCode.BadRequest, "invalid-parameter")).Paths().ShouldBe(["limit"]);
    }
}

/// <summary>Where what belongs to others is not there.</summary>
public sealed class WeightsIsolationTests : IAsyncLifetime
{
    private readonly KeyedService _keyed = new(Isolation.Owner);

    public Task InitializeAsync() => _keyed.InitializeAsync();

    public Task DisposeAsync() => _keyed.DisposeAsync();

    [Fact]
    public async Task What_others_jobs_saved_is_neither_listed_nor_there_for_a_spec()
    {
        _keyed.Service.Write("shared.safetensors", WeightsFiles.Safetensors());
        var job = await _keyed.SubmitAsync("one", ServiceFixture.Spec(priority: 0));
        await _keyed.Service.SaveAsync(job);

        var own = await ListAsync("one");
        own.ShouldContain("file:shared.safetensors");
        var saved = own.Single(weights => weights.StartsWith("file:weights/", StringComparison.Ordinal));
        (await ListAsync("two")).ShouldBe(["file:shared.safetensors"]);
        (await ListAsync("operator")).ShouldBe(own);

        (await RefusalAsync("two", saved)).ShouldBe((await RefusalAsync("two", saved.Replace(job.Id.ToString(), Guid.Empty.ToString(), StringComparison.Ordinal)))
            .Replace(Guid.Empty.ToString(), job.Id.ToString(), StringComparison.Ordinal));
        (await RefusalAsync("one", saved)).ShouldContain("cannot be used by candidate", customMessage: "it was found, and holds no tensors");
    }

    private async Task<string[]> ListAsync(string key)
        => [.. (await (await _keyed.GetAsync(key, "/api/v1/weights")).Content.ReadFromJsonAsync<WeightsList>(ServiceFixture.Json))!.Items.Select(item => item.Weights)];

    private async Task<string> RefusalAsync(string key, string weights)
    {
        using var response = await _keyed.SendAsync(key, HttpMethod.Post, "/api/v1/jobs", $$"""{ "dataset": { "name": "synthetic" }, "candidates": ["resnet8", { "backbone": "cnn-small", "weights": "{{weights}}" }] }""");
        return (await response.ShouldBeProblemAsync(HttpStatusCode.BadRequest, "invalid-job-spec")).GetProperty("errors").GetRawText();
    }
}
