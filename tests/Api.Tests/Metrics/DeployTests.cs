using System.Text.Json;
using System.Text.RegularExpressions;
using Microsoft.Extensions.DependencyInjection;
using NeuralCapacitance.Api.Metrics;
using NeuralCapacitance.EndToEnd.Processes;

namespace NeuralCapacitance.Api.Tests.Metrics;

/// <summary>deploy/: the alert rules and the dashboard ask for what <c>/metrics</c> tells.</summary>
[Collection(MetricsCollectionDefinition.Name)]
public sealed partial class DeployTests(ServiceFixture service)
{
    private static readonly string[] Words =
    [
        "absent", "by", "clamp_min", "group_left", "histogram_quantile", "increase", "le", "max", "min", "on", "or", "and", "rate", "sum", "unless", "without",
    ];

    /// <summary>Prometheus adds these to what it scrapes, and Grafana puts a value in place of those with a dollar sign.</summary>
    private static readonly string[] OfTheScraper = ["up", "instance", "job"];

    [Fact]
    public async Task Every_metric_of_the_alert_rules_is_told()
    {
        var rules = await File.ReadAllTextAsync(PathOf("deploy/prometheus/alerts.yml"));
        var expressions = Expression().Matches(rules).Select(match => match.Groups["expr"].Value).ToList();
        expressions.Count.ShouldBe(Alert().Count(rules));
        expressions.Count.ShouldBeGreaterThan(5);

        await ShouldBeToldAsync(expressions);
    }

    [Fact]
    public void Every_alert_says_what_it_is_how_bad_and_what_to_do()
    {
        foreach (var alert in File.ReadAllText(PathOf("deploy/prometheus/alerts.yml")).Split("- alert: ").Skip(1))
        {
            foreach (var part in (string[])["expr:", "severity:", "summary:", "description:"]) alert.ShouldContain(part, Case.Sensitive, alert.Split('\n')[0]);
        }
    }

    [Fact]
    public async Task Every_metric_of_the_dashboard_is_told()
    {
        using var dashboard = JsonDocument.Parse(await File.ReadAllTextAsync(PathOf("deploy/grafana/dashboard.json")));
        var panels = dashboard.RootElement.GetProperty("panels").EnumerateArray().ToList();
        panels.Select(panel => panel.GetProperty("id").GetInt32()).ShouldBeUnique();
        panels.ShouldAllBe(panel => panel.GetProperty("title").GetString() != "");
        var expressions = panels.SelectMany(panel => panel.GetProperty("targets").EnumerateArray()).Select(target => target.GetProperty("expr").GetString()!).ToList();
        expressions.Count.ShouldBeGreaterThanOrEqualTo(panels.Count);

        await ShouldBeToldAsync(expressions);
    }

    private async Task ShouldBeToldAsync(IReadOnlyList<string> expressions)
    {
        // What was asked once is measured, and is told by the next sample.
        await service.Client.GetStringAsync("/api/v1/jobs");
        await service.Services.GetRequiredService<MetricsSampler>().SampleAsync(CancellationToken.None);
        var told = await Eventually.Async(
            "a sample with requests in it",
            async () => Type().Matches(await service.Client.GetStringAsync("/metrics")).ToDictionary(match => match.Groups["name"].Value, match => match.Groups["type"].Value, StringComparer.Ordinal),
            types => types.ContainsKey("http_server_request_duration_seconds") && types.ContainsKey("neuralcapacitance_workers"));
        var names = told.SelectMany(metric => metric.Value == "histogram" ? (string[])[$"{metric.Key}_bucket", $"{metric.Key}_sum", $"{metric.Key}_count"] : [metric.Key]).ToHashSet(StringComparer.Ordinal);
        foreach (var expression in expressions)
        {
            var named = NamesIn(expression).ToList();
            named.ShouldNotBeEmpty(expression);
            named.Where(name => !names.Contains(name)).ShouldBeEmpty(expression);
        }
    }

    /// <summary>Without labels, their values, ranges and the words of the language.</summary>
    private static IEnumerable<string> NamesIn(string expression)
        => Name().Matches(Grouping().Replace(Range().Replace(Labels().Replace(expression, ""), ""), ""))
            .Select(match => match.Value).Where(name => !Words.Contains(name) && !OfTheScraper.Contains(name)).Distinct(StringComparer.Ordinal);

    private static string PathOf(string file)
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (!File.Exists(Path.Combine(folder.FullName, "NeuralCapacitance.sln"))) folder = folder.Parent ?? throw new InvalidOperationException("The tests run outside the repository.");
        return Path.Combine(folder.FullName, file);
    }

    [GeneratedRegex(@"^\s+expr: (?<expr>.+)$", RegexOptions.Multiline, 1000)]
    private static partial Regex Expression();

    [GeneratedRegex("- alert:", RegexOptions.None, 1000)]
    private static partial Regex Alert();

    [GeneratedRegex(@"^# TYPE (?<name>\S+) (?<type>\S+)$", RegexOptions.Multiline, 1000)]
    private static partial Regex Type();

    [GeneratedRegex(@"\{[^}]*\}", RegexOptions.None, 1000)]
    private static partial Regex Labels();

    [GeneratedRegex(@"\[[^\]]*\]", RegexOptions.None, 1000)]
    private static partial Regex Range();

    [GeneratedRegex(@"\b(by|on|without|group_left)\s*\([^)]*\)", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Grouping();

    [GeneratedRegex("[a-z_][a-z0-9_]*", RegexOptions.None, 1000)]
    private static partial Regex Name();
}
