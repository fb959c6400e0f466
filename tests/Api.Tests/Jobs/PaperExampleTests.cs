using System.Net;
using System.Net.Http.Json;
using System.Text;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Mvc.Testing;
using Microsoft.AspNetCore.TestHost;
using Microsoft.Extensions.DependencyInjection;
using NeuralCapacitance.Api.Jobs;
using NeuralCapacitance.Domain.Backbones;
using NeuralCapacitance.Domain.Estimates;
using NeuralCapacitance.Infrastructure.Tests;
using NeuralCapacitance.Infrastructure.Weights;

namespace NeuralCapacitance.Api.Tests.Jobs;

/// <summary>examples/paper-cifar10.json, as it stands, on machines that have what it needs and on one that has not.</summary>
[Collection(ServiceCollectionDefinition.Name)]
public sealed class PaperExampleTests(ServiceFixture bare) : IDisposable
{
    private const int Networks = 17;
    private const int ImagesPerFile = 10_000;
    private const int ImageBytes = 3 * 32 * 32;

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("nc-paper-");

    private static string Example => File.ReadAllText(Path.Combine(AppContext.BaseDirectory, "paper-cifar10.json"));

    [Fact]
    public async Task It_is_accepted_where_the_images_and_the_weights_are()
    {
        await using var service = await StartAsync();
        await using var trusting = Trusting(service);

        using var response = await PostAsync(trusting);

        response.StatusCode.ShouldBe(HttpStatusCode.Accepted, await response.Content.ReadAsStringAsync());
        var job = (await response.Content.ReadFromJsonAsync<JobResponse>(ServiceFixture.Json))!;
        job.Spec.Candidates.Count.ShouldBe(Networks);
        job.Spec.Candidates.ShouldAllBe(candidate => candidate.Weights == "imagenet");
        job.Spec.Training.ShouldSatisfyAllConditions(
            training => training.Epochs.ShouldBe(50),
            training => training.BatchSize.ShouldBe(64),
            training => training.LearningRate.ShouldBe(0.001),
            training => training.TrainLimit.ShouldBe(35_000),
            training => training.Validation.ShouldBe(15_000));
        job.Progress.Trials.ShouldBe(Networks);
    }

    [Fact]
    public async Task Candidates_that_say_no_weights_get_the_published_ones_where_there_are_any()
    {
        await using var service = await StartAsync();
        await using var trusting = Trusting(service);

        using var response = await PostAsync(trusting, """{ "dataset": { "name": "cifar10" }, "candidates": ["vgg16", { "backbone": "xception", "name": "x" }, "resnet8"] }""");

        response.StatusCode.ShouldBe(HttpStatusCode.Accepted, await response.Content.ReadAsStringAsync());
        using var client = trusting.CreateClient();
        var job = (await client.GetFromJsonAsync<JobResponse>(response.Headers.Location, ServiceFixture.Json))!;
        job.Spec.Candidates.Select(c => (c.Name, c.Weights)).ShouldBe([("vgg16@imagenet", "imagenet"), ("x", "imagenet"), ("resnet8", "random")]);
    }

    [Fact]
    public async Task Files_under_the_weights_names_that_are_not_the_published_ones_are_told()
    {
        await using var service = await StartAsync();

        using var response = await PostAsync(service);

        await response.ShouldBeProblemAsync(HttpStatusCode.BadRequest, "invalid-job-spec");
        var problem = await response.Content.ReadAsStringAsync();
        for (var i = 0; i < Networks; i++) problem.ShouldContain($"candidates[{i}].weights");
        problem.ShouldContain("the file that is there is another one or damaged");
        problem.ShouldContain("under the name 'xception_weights_tf_dim_ordering_tf_kernels.h5'");
    }

    [Fact]
    public async Task Elsewhere_each_thing_that_is_missing_is_told()
    {
        using var response = await bare.PostAsync("/api/v1/jobs", Example);

        await response.ShouldBeProblemAsync(HttpStatusCode.BadRequest, "invalid-job-spec");
        var problem = await response.Content.ReadAsStringAsync();
        problem.ShouldContain("https://www.cs.toronto.edu/~kriz/cifar-10-binary.tar.gz");
        for (var i = 0; i < Networks; i++) problem.ShouldContain($"candidates[{i}].weights");
    }

    [Fact]
    public async Task A_dry_run_estimates_a_job_whose_images_and_weights_are_still_missing()
    {
        using var response = await bare.PostAsync("/api/v1/jobs?dryRun=true", """
            {
              "dataset": { "name": "cifar10" },
              "candidates": ["resnet8", "resnet18"],
              "training": { "trainLimit": 35000, "batchSize": 8 }
            }
            """);

        response.StatusCode.ShouldBe(HttpStatusCode.OK, await response.Content.ReadAsStringAsync());
        var estimate = (await response.Content.ReadFromJsonAsync<JobEstimate>(ServiceFixture.Json))!;
        estimate.Images.ShouldBe(new ImageCounts(Train: 35_000, Validation: 15_000, Test: 10_000));
        estimate.Candidates.ShouldAllBe(c => c.Seconds > 0);
        estimate.Obstacles.Select(obstacle => obstacle.Path).ShouldBe(["candidates[1]", "dataset.path"]);
    }

    public void Dispose() => _folder.Delete(recursive: true);

    /// <summary>A service without a network that has the images, and empty files in place of the weights.</summary>
    private async Task<WebApplicationFactory<JobResponse>> StartAsync()
    {
        var database = await PostgresFixture.NewDatabaseAsync();
        var factory = new WebApplicationFactory<JobResponse>().WithWebHostBuilder(builder => builder
            .UseSetting("ConnectionStrings:Postgres", database)
            .UseSetting("Storage:Root", _folder.FullName)
            .UseSetting("Storage:DataRoots:0", _folder.CreateSubdirectory("data").FullName)
            .UseSetting("Downloads:Offline", "true")
            .UseSetting("Worker:InProcess", "false"));
        WriteCifar10(_folder.CreateSubdirectory("data/cifar-10-batches-bin"));
        WriteWeights(_folder.CreateSubdirectory("weights"));
        return factory;
    }

    /// <summary>Files as published cannot be made up: that they are there has to do.</summary>
    private static WebApplicationFactory<JobResponse> Trusting(WebApplicationFactory<JobResponse> service) => service.WithWebHostBuilder(builder =>
        builder.ConfigureTestServices(services => services.AddSingleton<IWeightsStore>(provider => new TrustingStore(provider.GetRequiredService<WeightsStore>()))));

    private static Task<HttpResponseMessage> PostAsync(WebApplicationFactory<JobResponse> service, string? spec = null)
        => service.CreateClient().PostAsync("/api/v1/jobs", new StringContent(spec ?? Example, Encoding.UTF8, "application/json"));

    /// <summary>Black images under every label, in the official layout: a label and 3 × 32 × 32 bytes each.</summary>
    private static void WriteCifar10(DirectoryInfo folder)
    {
        var records = new byte[ImagesPerFile * (1 + ImageBytes)];
        for (var i = 0; i < ImagesPerFile; i++) records[i * (1 + ImageBytes)] = (byte)(i % 10);
        foreach (var name in (string[])["data_batch_1.bin", "data_batch_2.bin", "data_batch_3.bin", "data_batch_4.bin", "data_batch_5.bin", "test_batch.bin"])
            File.WriteAllBytes(Path.Combine(folder.FullName, name), records);
    }

    private static void WriteWeights(DirectoryInfo folder)
    {
        foreach (var backbone in ImageNetManifest.Backbones)
            File.Create(Path.Combine(folder.FullName, ImageNetManifest.Find(backbone)!.File)).Dispose();
    }

    /// <summary>Takes a file of the right name for the published one.</summary>
    private sealed class TrustingStore(WeightsStore store) : IWeightsStore
    {
        public string ResolveWeights(string relativePath) => store.ResolveWeights(relativePath);

        public bool IsCached(PublishedWeights weights) => store.IsCached(weights);

        public IReadOnlyList<string?> WhyUnavailable(IReadOnlyList<PublishedWeights> weights) => [.. weights.Select(w => IsCached(w) ? null : $"no {w.File}")];
    }
}
