using Microsoft.AspNetCore.Http.HttpResults;
using NeuralCapacitance.Api.OpenApi;

namespace NeuralCapacitance.Api.Metrics;

internal static class MetricsEndpoints
{
    public static void MapMetrics(this IEndpointRouteBuilder routes)
        => routes.MapGet("/metrics", Scrape).WithTags("Operations").WithName("metrics")
            .WithExample(() => "# TYPE neuralcapacitance_jobs gauge\nneuralcapacitance_jobs{state=\"running\"} 1\n")
            .Produces<string>(StatusCodes.Status200OK, "text/plain");

    /// <summary>Counters, gauges and durations for Prometheus</summary>
    /// <response code="200">Text exposition format 0.0.4.</response>
    private static ContentHttpResult Scrape(MetricsCollector collector)
        => TypedResults.Content(PrometheusText.Write(collector.Collect()), PrometheusText.ContentType);
}
