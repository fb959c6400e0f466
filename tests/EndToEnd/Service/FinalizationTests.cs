using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text.Json;
using NeuralCapacitance.Infrastructure.Tests;

namespace NeuralCapacitance.EndToEnd.Service;

/// <summary>From a job spec to a model in the hand, by the real programs.</summary>
public sealed class FinalizationTests(PostgresFixture postgres) : IClassFixture<PostgresFixture>, IAsyncLifetime
{
    private readonly Site _site = new(postgres.ConnectionString);

    public Task InitializeAsync() => _site.StartApiAsync();

    public async Task DisposeAsync() => await _site.DisposeAsync();

    [Fact]
    public async Task The_winner_of_a_job_is_trained_to_the_end_and_downloaded()
    {
        _site.StartWorker("worker");
        var job = await _site.SubmitAsync(Specs.Small);
        await _site.SucceedsAsync(job);

        var finalization = (await _site.PostAsync($"/api/v1/jobs/{job}/finalize", """{ "candidate": "resnet8", "epochs": 2 }""")).GetProperty("id").GetGuid();
        await _site.SucceedsAsync(finalization);

        var model = (await _site.GetAsync($"/api/v1/jobs/{job}")).GetProperty("finalization").GetProperty("model");
        var file = await _site.DownloadAsync($"/api/v1/jobs/{job}/model");
        Convert.ToHexStringLower(SHA256.HashData(file)).ShouldBe(model.GetProperty("sha256").GetString());
        var header = JsonDocument.Parse(file.AsMemory(8, (int)BinaryPrimitives.ReadUInt64LittleEndian(file))).RootElement;
        var names = header.EnumerateObject().Select(entry => entry.Name).ToList();
        names.ShouldContain("conv1.weight");
        names.ShouldContain("layer3.0.downsample.1.running_mean");
        header.GetProperty("head.weight").GetProperty("shape").EnumerateArray().Select(size => size.GetInt32()).ShouldBe([4, 64]);
        JsonSerializer.Deserialize<string[]>(header.GetProperty("__metadata__").GetProperty("classes").GetString()!)!.Length.ShouldBe(4);
    }
}
