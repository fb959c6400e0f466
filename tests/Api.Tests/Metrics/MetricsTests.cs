using System.Globalization;
using System.Text.RegularExpressions;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using NeuralCapacitance.Infrastructure.Workload;

namespace NeuralCapacitance.Api.Tests.Metrics;

[Collection(MetricsCollectionDefinition.Name)]
public sealed partial class MetricsTests(ServiceFixture service)
{
    [Fact]
    public async Task The_answer_is_the_Prometheus_text_format_and_knows_each_series_once()
    {
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

        var text = await service.Client.GetStringAsync("/metrics");

        Value(text, "http_server_request_duration_seconds_count", "http_route=\"/api/v1/backbones\"").ShouldBeGreaterThanOrEqualTo(1);
        Value(text, "dotnet_process_memory_working_set_bytes").ShouldBeGreaterThan(1e6);
        Value(text, "db_client_operation_duration_seconds_count", "db_client_connection_pool_name=\"service\"").ShouldBeGreaterThan(0);
    }

    [Fact]
    public async Task Jobs_and_trials_are_counted_by_state_as_the_database_has_them()
    {
        var workload = service.Services.GetServices<IHostedService>().OfType<WorkloadMeter>().Single();
        await workload.RefreshAsync(CancellationToken.None);
        var before = await service.Client.GetStringAsync("/metrics");
        await service.PlayedJobAsync();
        await workload.RefreshAsync(CancellationToken.None);
        var after = await service.Client.GetStringAsync("/metrics");

        (Value(after, "neuralcapacitance_jobs", "state=\"succeeded\"") - Value(before, "neuralcapacitance_jobs", "state=\"succeeded\"")).ShouldBe(1);
        (Value(after, "neuralcapacitance_trials", "state=\"succeeded\"") - Value(before, "neuralcapacitance_trials", "state=\"succeeded\"")).ShouldBe(2);
        (Value(after, "neuralcapacitance_epochs_total") - Value(before, "neuralcapacitance_epochs_total")).ShouldBe(12);
        (Value(after, "neuralcapacitance_attempts_total") - Value(before, "neuralcapacitance_attempts_total")).ShouldBe(2);
        (Value(after, "neuralcapacitance_epoch_time_seconds_total", "phase=\"train\"") - Value(before, "neuralcapacitance_epoch_time_seconds_total", "phase=\"train\"")).ShouldBe(12 * 1.5, 1e-9);
    }

    [Fact]
    public async Task Buckets_of_a_histogram_are_cumulative_and_end_with_the_count()
    {
        await service.Client.GetStringAsync("/api/v1/backbones");

        var text = await service.Client.GetStringAsync("/metrics");

        var buckets = text.Split('\n')
            .Where(line => line.StartsWith("http_server_request_duration_seconds_bucket", StringComparison.Ordinal) && line.Contains("http_route=\"/api/v1/backbones\"", StringComparison.Ordinal))
            .Select(line => double.Parse(line[(line.LastIndexOf(' ') + 1)..], CultureInfo.InvariantCulture))
            .ToList();
        buckets.ShouldBeInOrder();
        buckets[^1].ShouldBe(Value(text, "http_server_request_duration_seconds_count", "http_route=\"/api/v1/backbones\""));
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
