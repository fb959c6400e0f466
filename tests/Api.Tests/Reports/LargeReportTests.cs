using System.Diagnostics;
using System.Text.Json;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using NeuralCapacitance.Api.Jobs;
using Npgsql;
using Xunit.Abstractions;

namespace NeuralCapacitance.Api.Tests.Reports;

/// <summary>Twenty candidates, twenty repeats, two hundred epochs: 80 400 observations.</summary>
[Collection(ServiceCollectionDefinition.Name)]
public sealed class LargeReportTests(ServiceFixture service, ITestOutputHelper output)
{
    private const int Limit = 1_000_000;

    [Fact]
    public async Task A_large_jobs_report_and_plots_stay_small()
    {
        var job = await LargeJobAsync();

        await MeasureAsync($"{job.Links.Ranking}");
        (await MeasureAsync(job.Links.Report)).ShouldBeLessThan(Limit);
        foreach (var plot in new[] { "curves", "beta", "ranking", "beta-accuracy" })
        {
            (await MeasureAsync($"{job.Links.Self}/plots/{plot}.svg")).ShouldBeLessThan(Limit);
            (await MeasureAsync($"{job.Links.Self}/plots/{plot}.png")).ShouldBeLessThan(Limit);
        }
    }

    private async Task<int> MeasureAsync(string path)
    {
        var watch = Stopwatch.StartNew();
        var bytes = await service.Client.GetByteArrayAsync(path);
        output.WriteLine($"{path.Split('/', 6)[^1]}: {bytes.Length:N0} bytes, {watch.ElapsedMilliseconds} ms");
        return bytes.Length;
    }

    private async Task<JobResponse> LargeJobAsync()
    {
        var job = await service.SubmitAsync(JsonSerializer.Serialize(new
        {
            name = "large",
            dataset = new { name = "synthetic", synthetic = new { classes = 4, trainImages = 400, testImages = 100 } },
            candidates = Enumerable.Range(1, 20).Select(i => new { backbone = "cnn-small", name = $"candidate-{i}" }),
            training = new { epochs = 200, repeats = 20, validation = 0.25 },
            selection = new { observe = 20, mode = "full" },
        }));
        await using var database = NpgsqlDataSource.Create(service.Services.GetRequiredService<IConfiguration>().GetConnectionString("Postgres")!);
        await using var played = database.CreateCommand("""
            WITH observed AS (
                INSERT INTO observations (job_id, trial_id, epoch, beta_eff, validation_accuracy, validation_loss, validation_count, test_count, train_seconds, beta_seconds, validation_seconds, attempt, recorded_at)
                SELECT job_id, id, epoch, 4 * exp(-0.02 * epoch) + 0.1 * random(), 0.2 + (0.7 - 0.01 * candidate_index) * (1 - exp(-0.05 * epoch)) + 0.02 * random(), 1, 100, 100, 1, 0.1, 0.2, 1, now()
                FROM trials, generate_series(0, 200) AS epoch WHERE job_id = $1),
            trained AS (UPDATE trials SET state = 'succeeded', epochs_done = 200 WHERE job_id = $1)
            UPDATE jobs SET state = 'succeeded', finished_at = now(), version = version + 1 WHERE id = $1
            """);
        played.Parameters.Add(new NpgsqlParameter { Value = job.Id });
        (await played.ExecuteNonQueryAsync()).ShouldBe(1);
        return await service.GetAsync<JobResponse>(job.Links.Self);
    }
}
