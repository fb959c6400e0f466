using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using Microsoft.Extensions.DependencyInjection;
using NeuralCapacitance.Api.Jobs;
using NeuralCapacitance.Api.Tests.Datasets;
using NeuralCapacitance.Worker.Weights;

namespace NeuralCapacitance.Api.Tests.Jobs;

/// <summary>What a job's answer has as its spec is a spec: posted again it makes the same job.</summary>
[Collection(ServiceCollectionDefinition.Name)]
public sealed class ResolvedSpecTests(ServiceFixture service)
{
    private const string Jobs = "/api/v1/jobs";

    public static TheoryData<string> Specs =>
    [
        """{ "dataset": { "name": "synthetic" }, "candidates": ["resnet8", "cnn-small"] }""",
        """
        { "name": "all of it", "priority": -3, "dataset": { "name": "synthetic", "synthetic": { "classes": 3, "seed": 7 }, "classes": ["checked-disc", "striped-disc"] },
          "candidates": ["resnet8", { "backbone": "resnet18", "weights": "random", "name": "mine" }, "nasbench201:|nor_conv_3x3~0|+|nor_conv_3x3~0|nor_conv_3x3~1|+|skip_connect~0|nor_conv_3x3~1|nor_conv_1x1~2|"],
          "training": { "epochs": 20, "optimizer": "adamw", "validation": 0.2, "trainLimit": 100, "repeats": 2, "saveWeights": true, "seed": 5 }, "probe": { "hidden": [32, 16] },
          "selection": { "start": 2, "observe": 4, "mode": "full", "confidence": 0.8, "scores": false, "finalize": { "head": "linear" } }, "notify": [] }
        """,
        """{ "dataset": { "name": "synthetic" }, "candidates": ["resnet8", "cnn-small"], "selection": { "mode": "race", "race": { "tolerance": 0.02 } } }""",
        """{ "dataset": { "name": "image-folder", "path": "resolved", "exif": "apply", "onBrokenImage": "skip" }, "candidates": ["resnet8", "cnn-small"], "training": { "batchSize": 4 } }""",
    ];

    [Theory, MemberData(nameof(Specs))]
    public async Task A_resolved_spec_makes_the_same_job(string given)
    {
        for (var i = 0; i < 20; i++) service.Write($"resolved/{(i % 2 == 0 ? "cat" : "dog")}/{i}.png", Pictures.Png(i));

        await PostsAgainAsync(given);
    }

    [Fact]
    public async Task A_candidate_may_be_called_by_its_long_path_as_the_service_calls_it()
    {
        var folder = string.Concat(Enumerable.Repeat("a-rather-long-folder/", 12));
        var shapes = (await service.Services.GetRequiredService<NetworkShapes>().OfAsync(["cnn-small"], CancellationToken.None))["cnn-small"];
        service.Write($"{folder}cnn.safetensors", WeightsFiles.Safetensors(shapes));

        await PostsAgainAsync(JsonSerializer.Serialize(new
        {
            dataset = new { name = "synthetic" }, candidates = new object[] { "resnet8", new { backbone = "cnn-small", weights = $"file:{folder}cnn.safetensors" } },
        }));
    }

    private async Task PostsAgainAsync(string given)
    {
        var first = await PostAsync(given);
        var second = await PostAsync(first.GetProperty("spec").GetRawText());

        second.GetProperty("id").GetGuid().ShouldNotBe(first.GetProperty("id").GetGuid());
        second.GetProperty("spec").GetRawText().ShouldBe(first.GetProperty("spec").GetRawText());
    }

    private async Task<JsonElement> PostAsync(string spec)
    {
        using var response = await service.PostAsync(Jobs, spec);
        response.StatusCode.ShouldBe(HttpStatusCode.Accepted, await response.Content.ReadAsStringAsync());
        return await response.Content.ReadFromJsonAsync<JsonElement>();
    }
}
