using System.Text.Json;
using NeuralCapacitance.Api.Backbones;
using NeuralCapacitance.Api.Datasets;
using NeuralCapacitance.Api.Jobs;

namespace NeuralCapacitance.Api.Tests.Catalogues;

[Collection(ServiceCollectionDefinition.Name)]
public sealed class CatalogueTests(ServiceFixture service)
{
    [Fact]
    public async Task Backbones_are_listed_by_name_with_what_one_needs_to_choose()
    {
        var backbones = (await service.GetAsync<BackboneList>("/api/v1/backbones")).Items;

        backbones.Select(backbone => backbone.Name).ShouldBeInOrder(SortDirection.Ascending, StringComparer.Ordinal);
        backbones.Select(backbone => backbone.Name).ShouldContain("resnet8");
        backbones.ShouldAllBe(backbone => backbone.Parameters > 0 && backbone.FeatureWidth > 0 && backbone.MultiplyAdds > 0);
    }

    [Fact]
    public async Task Published_weights_are_named_with_source_and_licence()
    {
        var backbones = (await service.GetAsync<BackboneList>("/api/v1/backbones")).Items.ToDictionary(b => b.Name, StringComparer.Ordinal);

        backbones["resnet8"].Imagenet.ShouldBeNull();
        var weights = backbones["resnet50"].Imagenet.ShouldNotBeNull();
        weights.Url.ShouldBe("https://download.pytorch.org/models/resnet50-0676ba61.pth");
        weights.Sha256.ShouldBe("0676ba61");
        weights.Licence.ShouldContain("BSD-3-Clause");
        weights.SourceClasses.ShouldBe(1000);
        weights.Cached.ShouldBe(false);
    }

    [Fact]
    public async Task Weights_that_cannot_be_had_are_told_before_the_job_is_made()
    {
        using var response = await service.PostAsync("/api/v1/jobs", """
            { "dataset": { "name": "synthetic" }, "candidates": ["resnet8", { "backbone": "resnet18", "weights": "imagenet" }] }
            """);

        response.StatusCode.ShouldBe(System.Net.HttpStatusCode.BadRequest);
        var problem = await response.Content.ReadAsStringAsync();
        problem.ShouldContain("candidates[1].weights");
        problem.ShouldContain("https://download.pytorch.org/models/resnet18-f37072fd.pth: Downloads:Offline is set.");
        problem.ShouldContain("under the name 'resnet18-f37072fd.pth'");
    }

    [Fact]
    public async Task Weights_that_nobody_named_and_that_cannot_be_had_are_told_with_both_ways_out()
    {
        using var response = await service.PostAsync("/api/v1/jobs", """
            { "dataset": { "name": "synthetic" }, "candidates": ["resnet8", "resnet18", { "backbone": "xception" }] }
            """);

        await response.ShouldBeProblemAsync(System.Net.HttpStatusCode.BadRequest, "invalid-job-spec");
        using var document = JsonDocument.Parse(await response.Content.ReadAsStringAsync());
        var errors = document.RootElement.GetProperty("errors").EnumerateArray().ToList();
        errors.Select(error => error.GetProperty("path").GetString()).ShouldBe(["candidates[1]", "candidates[2].weights"]);
        var problem = errors[0].GetProperty("problem").GetString().ShouldNotBeNull();
        problem.ShouldContain("says no other `weights`, so the published ones are wanted; they are not available:");
        problem.ShouldContain("put it into '");
        problem.ShouldContain("under the name 'resnet18-f37072fd.pth'");
        errors.ShouldAllBe(error => error.GetProperty("accepted").GetString() == "the file in its place, or an object with `\"weights\": \"random\"` or `\"weights\": \"file:PATH\"`");
    }

    [Fact]
    public async Task The_resolved_spec_says_which_weights_a_candidate_gets()
    {
        using var response = await service.PostAsync("/api/v1/jobs", """
            { "dataset": { "name": "synthetic" }, "candidates": ["resnet8", { "backbone": "cnn-small" }, { "backbone": "resnet18", "weights": "random" }] }
            """);

        response.StatusCode.ShouldBe(System.Net.HttpStatusCode.Accepted);
        var job = await service.GetAsync<Api.Jobs.JobResponse>(response.Headers.Location!.ToString());
        job.Spec.Candidates.Select(c => (c.Name, c.Weights)).ShouldBe([("resnet8", "random"), ("cnn-small", "random"), ("resnet18", "random")]);
        var backbones = (await service.GetAsync<BackboneList>("/api/v1/backbones")).Items.ToDictionary(b => b.Name, StringComparer.Ordinal);
        (backbones["resnet8"].DefaultWeights, backbones["resnet18"].DefaultWeights, backbones["xception"].DefaultWeights).ShouldBe(("random", "imagenet", "imagenet"));
    }

    [Fact]
    public async Task Backbones_that_cannot_be_listed_are_described_by_a_pattern_and_an_example()
    {
        var patterns = (await service.GetAsync<BackboneList>("/api/v1/backbones")).Patterns;

        patterns.Select(pattern => pattern.Name).ShouldBe(["nasbench201:CELL", "torchscript"]);
        patterns.ShouldAllBe(pattern => pattern.Description.Length > 0 && pattern.Weights.Count > 0);
        patterns.ShouldAllBe(pattern => JsonDocument.Parse(pattern.Example, default).RootElement.ValueKind != JsonValueKind.Null);
    }

    [Fact]
    public async Task The_generated_data_set_is_always_there()
    {
        var datasets = (await service.GetAsync<PageResponse<DatasetSummary>>("/api/v1/datasets")).Items;

        var synthetic = datasets.Single(dataset => dataset.Spec.Name == "synthetic");
        synthetic.TrainImages.ShouldBe(synthetic.Classes.Sum(count => count.Train));
    }

    [Theory]
    [InlineData("limit=0", "limit")]
    [InlineData("limit=501", "limit")]
    [InlineData("cursor=nonsense!", "cursor")]
    [InlineData("cursor=am9iczoxMg", "cursor")]
    public async Task A_listing_of_data_sets_tells_what_is_wrong_with_a_parameter(string query, string parameter)
    {
        using var response = await service.Client.GetAsync($"/api/v1/datasets?{query}");

        (await response.ShouldBeProblemAsync(System.Net.HttpStatusCode.BadRequest, "invalid-parameter")).Paths().ShouldBe([parameter]);
    }
}
