using System.IO.Compression;
using System.Net;
using System.Net.Http.Json;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Microsoft.Extensions.DependencyInjection;
using NeuralCapacitance.Api.Jobs;
using NeuralCapacitance.Domain.Estimates;
using NeuralCapacitance.Worker.Weights;

namespace NeuralCapacitance.Api.Tests.Jobs;

/// <summary>Files of weights are opened when a job is posted.</summary>
[Collection(ServiceCollectionDefinition.Name)]
public sealed class WeightsSubmissionTests(ServiceFixture service)
{
    private const string Jobs = "/api/v1/jobs";

    private const string Pointer = "version https://git-lfs.github.com/spec/v1\noid sha256:00\nsize 102400\n";

    [Fact]
    public async Task A_file_that_is_none_of_weights_is_refused_with_the_candidate_s_name()
    {
        Write("pointer.pth", Encoding.UTF8.GetBytes(Pointer));

        using var response = await service.PostAsync(Jobs, Spec("resnet8", "pointer.pth"));

        var problem = await response.ShouldBeProblemAsync(HttpStatusCode.BadRequest, "invalid-job-spec");
        var error = problem.GetProperty("errors").EnumerateArray().ShouldHaveSingleItem();
        error.GetProperty("path").GetString().ShouldBe("candidates[1].weights");
        error.GetProperty("problem").GetString()!.ShouldStartWith("cannot be used by candidate 'resnet8@file:pointer.pth': ");
        error.GetProperty("problem").GetString()!.ShouldEndWith("it is a Git LFS pointer, not the file itself, which has 102400 bytes; run: git lfs pull");
        problem.GetProperty("detail").GetString()!.ShouldEndWith("git lfs pull.");
    }

    [Fact]
    public async Task Weights_of_another_network_are_refused_and_those_of_the_backbone_accepted()
    {
        var shapes = (await service.Services.GetRequiredService<NetworkShapes>().OfAsync(["resnet8"], CancellationToken.None))["resnet8"];
        Write("fits.safetensors", WeightsFiles.Safetensors(shapes.Select(s => s with { Name = $"module.{s.Name}" })));
        Write("half.safetensors", WeightsFiles.Safetensors(shapes.Take(10)));

        using var accepted = await service.PostAsync(Jobs, Spec("resnet8", "fits.safetensors"));
        using var refused = await service.PostAsync(Jobs, Spec("resnet8", "half.safetensors"));

        accepted.StatusCode.ShouldBe(HttpStatusCode.Accepted, await accepted.Content.ReadAsStringAsync());
        (await refused.ShouldBeProblemAsync(HttpStatusCode.BadRequest, "invalid-job-spec")).GetProperty("detail").GetString()!
            .ShouldContain($"does not fit the backbone resnet8: 10 of its {shapes.Count} tensors are there; missing: ");
    }

    [Fact]
    public async Task A_network_of_one_s_own_is_looked_at_too()
    {
        Write("empty.pt", []);

        using var response = await service.PostAsync(Jobs, Spec("torchscript", "empty.pt"));

        (await response.ShouldBeProblemAsync(HttpStatusCode.BadRequest, "invalid-job-spec")).GetProperty("detail").GetString()!
            .ShouldContain("is no TorchScript file: it is empty");
    }

    /// <summary>An archive with the entry that makes it TorchScript is enough to be told from what it is not.</summary>
    [Fact]
    public async Task TorchScript_is_refused_unless_it_is_allowed_and_the_refusal_names_the_digest()
    {
        using var content = new MemoryStream();
        using (var archive = new ZipArchive(content, ZipArchiveMode.Create, leaveOpen: true)) archive.CreateEntry("mine/constants.pkl", CompressionLevel.NoCompression);
        Write("scripted.pt", content.ToArray());

        using var response = await service.PostAsync(Jobs, Spec("torchscript", "scripted.pt"));

        var digest = Convert.ToHexStringLower(SHA256.HashData(content.ToArray()));
        (await response.ShouldBeProblemAsync(HttpStatusCode.BadRequest, "invalid-job-spec")).GetProperty("detail").GetString()!
            .ShouldContain($"it is TorchScript, which is a program, and this service does not run it. Whoever operates the service can allow this file: Worker:AllowTorchScript={digest}");
    }

    [Fact]
    public async Task A_dry_run_lists_the_file_as_an_obstacle()
    {
        Write("page.pth", "<!DOCTYPE html><html>"u8.ToArray());

        using var response = await service.PostAsync($"{Jobs}?dryRun=true", Spec("resnet8", "page.pth"));

        response.StatusCode.ShouldBe(HttpStatusCode.OK, await response.Content.ReadAsStringAsync());
        var obstacle = (await response.Content.ReadFromJsonAsync<JobEstimate>(ServiceFixture.Json))!.Obstacles.ShouldHaveSingleItem();
        obstacle.Path.ShouldBe("candidates[1].weights");
        obstacle.Problem.ShouldContain("it is a web page");
    }

    private static string Spec(string backbone, string file) => JsonSerializer.Serialize(new
    {
        dataset = new { name = "synthetic", synthetic = new { classes = 4, trainImages = 400, testImages = 100 } },
        candidates = new object[] { "resnet8", new { backbone, weights = $"file:{file}" } },
    });

    private void Write(string name, byte[] content) => File.WriteAllBytes(Path.Combine(service.DataRoot, name), content);
}
