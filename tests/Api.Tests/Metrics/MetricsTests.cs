using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using NeuralCapacitance.Api.Metrics;
using NeuralCapacitance.EndToEnd.Processes;
using NeuralCapacitance.Infrastructure.Tests.Workload;
using NeuralCapacitance.Infrastructure.Workers;
using NeuralCapacitance.Infrastructure.Workload;

namespace NeuralCapacitance.Api.Tests.Metrics;

[Collection(MetricsCollectionDefinition.Name)]
public sealed partial class MetricsTests(ServiceFixture service)
{
    [Fact]
    public async Task The_answer_is_the_Prometheus_text_format_and_knows_each_series_once()
    {
        // A request is counted when it has ended, a little after its answer is here.
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(60));
        while (!(await service.Client.GetStringAsync("/metrics", patience.Token)).Contains("http_server_request_duration", StringComparison.Ordinal)) await Task.Delay(20, patience.Token);

        using var response = await service.Client.GetAsync("/metrics");
        response.Content.Headers.ContentType?.ToString().ShouldBe("text/plain; version=0.0.4; charset=utf-8");
        var lines = (await response.Content.ReadAsStringAsync()).Split('\n');

        lines[^1].ShouldBeEmpty("the last line ends with a line feed");
        foreach (var line in lines[..^1])
        {
            Line().IsMatch(line).ShouldBeTrue(line);
        }

        var samples = lines.Where(line => line.Length > 0 && line[0] != '#').Select(line => line[..line.LastIndexOf(' ')]).ToList();
        samples.ShouldBeUnique();
        string[] expected =
        [
            "# TYPE neuralcapacitance_jobs gauge", "# TYPE neuralcapacitance_trials gauge", "# TYPE neuralcapacitance_attempts_total counter",
            "# TYPE neuralcapacitance_epochs_total counter", "# TYPE neuralcapacitance_epoch_time_seconds_total counter", "# TYPE http_server_request_duration_seconds histogram",
        ];
        lines.Where(line => line.StartsWith("# TYPE", StringComparison.Ordinal)).Intersect(expected).ShouldBe(expected, ignoreOrder: true);
    }

    [Fact]
    public async Task A_scraper_that_asks_for_it_gets_OpenMetrics()
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, "/metrics");
        request.Headers.Accept.ParseAdd("application/openmetrics-text; version=1.0.0");
        using var response = await service.Client.SendAsync(request);

        response.Content.Headers.ContentType?.MediaType.ShouldBe("application/openmetrics-text");
        (await response.Content.ReadAsStringAsync()).ShouldEndWith("# EOF\n");
    }

    [Fact]
    public async Task Requests_and_the_process_are_measured()
    {
        await service.Client.GetStringAsync("/api/v1/backbones");

        var text = await ScrapeAsync();

        Value(text, "http_server_request_duration_seconds_count", "http_route=\"/api/v1/backbones\"").ShouldBeGreaterThanOrEqualTo(1);
        Value(text, "dotnet_process_memory_working_set_bytes").ShouldBeGreaterThan(1e6);
        Value(text, "db_client_operation_duration_seconds_count", "db_client_connection_pool_name=\"service\"").ShouldBeGreaterThan(0);
    }

    [Fact]
    public async Task Jobs_and_trials_are_counted_by_state_as_the_database_has_them()
    {
        var before = await ScrapeAsync();
        var job = await service.PlayedJobAsync();
        var after = await ScrapeAsync();

        (Value(after, "neuralcapacitance_jobs", "state=\"succeeded\"") - Value(before, "neuralcapacitance_jobs", "state=\"succeeded\"")).ShouldBe(1);
        (Value(after, "neuralcapacitance_trials", "state=\"succeeded\"") - Value(before, "neuralcapacitance_trials", "state=\"succeeded\"")).ShouldBe(2);
        (Value(after, "neuralcapacitance_epochs_total") - Value(before, "neuralcapacitance_epochs_total")).ShouldBe(12);
        (Value(after, "neuralcapacitance_attempts_total") - Value(before, "neuralcapacitance_attempts_total")).ShouldBe(2);
        (Value(after, "neuralcapacitance_epoch_time_seconds_total", "phase=\"train\"") - Value(before, "neuralcapacitance_epoch_time_seconds_total", "phase=\"train\"")).ShouldBe(12 * 1.5, 1e-9);

        using var deleted = await service.Client.DeleteAsync(job.Links.Self);
        var later = await ScrapeAsync();
        (Value(later, "neuralcapacitance_epochs_total") - Value(after, "neuralcapacitance_epochs_total")).ShouldBe(0);
        (Value(later, "neuralcapacitance_jobs", "state=\"succeeded\"") - Value(after, "neuralcapacitance_jobs", "state=\"succeeded\"")).ShouldBe(-1);
    }

    [Theory]
    [InlineData("text/plain")]
    [InlineData(MetricsSample.OpenMetrics)]
    public async Task However_many_scrape_all_are_given_the_same_sample_and_how_old_it_is(string format)
    {
        await Sampler.SampleAsync(default);

        var scrapes = await Task.WhenAll(Enumerable.Range(0, 50).Select(_ => ScrapeAsync(format)));

        scrapes.Select(text => string.Join('\n', text.Split('\n').Where(line => !line.StartsWith("neuralcapacitance_sample_age_seconds ", StringComparison.Ordinal)))).Distinct()
            .ShouldHaveSingleItem("no instrument was asked, since these requests themselves are counted");
        scrapes.ShouldAllBe(text => Value(text, "neuralcapacitance_sample_age_seconds") >= 0);
        scrapes.ShouldAllBe(text => text.EndsWith("# EOF\n", StringComparison.Ordinal) == (format == MetricsSample.OpenMetrics));
    }

    [Fact]
    public async Task A_sample_grows_old_until_the_next_one_which_the_setting_says_when()
    {
        var time = new ManualTime();
        using var sampler = new MetricsSampler(
            service.Services.GetRequiredService<WorkloadMeter>(), service.Services.GetRequiredService<WorkersMeter>(), service.Services, Options.Create(new TelemetryOptions { SampleInterval = TimeSpan.FromSeconds(7) }), time, NullLogger<MetricsSampler>.Instance);
        await sampler.StartAsync(default);
        await Eventually.Async("the timer", () => Task.FromResult(time.Periods), periods => periods.Contains(TimeSpan.FromSeconds(7)));
        for (var i = 0; i < 3; i++)
        {
            time.Advance(TimeSpan.FromHours(1));
            await Eventually.Async("the next sample", NextAgeAsync, age => age is 0);
        }

        await sampler.StopAsync(default);
        time.Advance(TimeSpan.FromHours(1));
        (await NextAgeAsync()).ShouldBe(3_600);

        Task<double> NextAgeAsync()
        {
            time.Ring();
            return AgeAsync(sampler);
        }
    }

    [Fact]
    public async Task Buckets_of_a_histogram_are_cumulative_and_end_with_the_count()
    {
        await service.Client.GetStringAsync("/api/v1/backbones");

        var text = await ScrapeAsync();

        var buckets = text.Split('\n')
            .Where(line => line.StartsWith("http_server_request_duration_seconds_bucket", StringComparison.Ordinal) && line.Contains("http_route=\"/api/v1/backbones\"", StringComparison.Ordinal))
            .Select(line => double.Parse(line[(line.LastIndexOf(' ') + 1)..], CultureInfo.InvariantCulture))
            .ToList();
        buckets.ShouldBeInOrder();
        buckets[^1].ShouldBe(Value(text, "http_server_request_duration_seconds_count", "http_route=\"/api/v1/backbones\""));
    }

    private MetricsSampler Sampler => service.Services.GetRequiredService<MetricsSampler>();

    /// <summary>What is true now.</summary>
    private async Task<string> ScrapeAsync()
    {
        await Sampler.SampleAsync(default);
        return await ScrapeAsync("text/plain");
    }

    private async Task<string> ScrapeAsync(string format)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, "/metrics");
        request.Headers.Accept.ParseAdd(format);
        using var response = await service.Client.SendAsync(request);
        return await response.Content.ReadAsStringAsync();
    }

    private static async Task<double> AgeAsync(MetricsSampler sampler)
    {
        using var body = new MemoryStream();
        await sampler.WriteAsync(new DefaultHttpContext { Response = { Body = body } });
        return Value(Encoding.UTF8.GetString(body.ToArray()), "neuralcapacitance_sample_age_seconds");
    }

    /// <summary>Sum over the series that have this label; 0 if there is none.</summary>
    private static double Value(string text, string name, string label = "")
        => text.Split('\n')
            .Where(line => line.StartsWith(name + '{', StringComparison.Ordinal) || line.StartsWith(name + ' ', StringComparison.Ordinal))
            .Where(line => line.Contains(label, StringComparison.Ordinal))
            .Sum(line => double.Parse(line[(line.LastIndexOf(' ') + 1)..], CultureInfo.InvariantCulture));

    [GeneratedRegex(
        """^(?:# HELP [a-zA-Z_:][\w:]* .*|# TYPE [a-zA-Z_:][\w:]* (?:counter|gauge|histogram)|[a-zA-Z_:][\w:]*(?:\{[a-zA-Z_]\w*="(?:[^"\\]|\\.)*"(?:,[a-zA-Z_]\w*="(?:[^"\\]|\\.)*")*\}|\{\})? (?:[-+]?(?:\d.*|Inf)|NaN))$""",
        RegexOptions.CultureInvariant, matchTimeoutMilliseconds: 1_000)]
    private static partial Regex Line();
}

/// <summary>
/// A service that nothing else in the process starts or stops beside: OpenTelemetry takes instruments of the same name from two hosts for one, and
/// forgets it when one of them stops.
/// </summary>
[CollectionDefinition(Name, DisableParallelization = true)]
public sealed class MetricsCollectionDefinition : ICollectionFixture<ServiceFixture>
{
    public const string Name = "metrics";
}
