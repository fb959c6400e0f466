using NeuralCapacitance.Api.Access;
using NeuralCapacitance.Domain.Access;

namespace NeuralCapacitance.Api.Metrics;

internal static class MetricsEndpoints
{
    public const string Path = "/metrics";

    /// <summary>Counters, gauges and durations for Prometheus. OpenAPI leaves it out: the format is Prometheus' own, chosen by what the scraper accepts.</summary>
    public static void MapMetrics(this IEndpointRouteBuilder routes)
        => routes.MapGet(Path, (HttpContext context, MetricsSampler sampler) => sampler.WriteAsync(context)).RequireRole(Role.Read).ExcludeFromDescription();
}
