using NeuralCapacitance.Infrastructure.Workers;
using NeuralCapacitance.Infrastructure.Workload;
using NeuralCapacitance.Worker.Telemetry;
using OpenTelemetry;
using OpenTelemetry.Metrics;

namespace NeuralCapacitance.Api.Metrics;

internal static class MetricsServices
{
    /// <summary>Our own, HTTP and the process, the queue and the database's client.</summary>
    private static readonly string[] Meters =
        ["NeuralCapacitance*", "Microsoft.AspNetCore.Hosting", "Microsoft.AspNetCore.Server.Kestrel", "System.Runtime", "Npgsql*"];

    /// <summary>The process's instruments for <c>/metrics</c>; and where <c>Telemetry:OtlpEndpoint</c> names a collector, they and traces are sent there too.</summary>
    public static IServiceCollection AddServiceMetrics(this IServiceCollection services, IConfiguration configuration)
    {
        services.AddSingleton<WorkloadMeter>();
        services.AddSingleton<WorkersMeter>();
        services.AddSingleton<MetricsSampler>();
        services.AddHostedService(provider => provider.GetRequiredService<MetricsSampler>());
        services.AddTelemetry(configuration, "neural-capacitance")
            .WithMetrics(metrics => metrics.AddMeter(Meters).AddPrometheusExporter(options =>
            {
                // No two of the meters have an instrument of the same name, and a label more on every series is only in the way.
                options.ScopeInfoEnabled = false;
                // The sampler alone asks the exporter.
                options.ScrapeResponseCacheDurationMilliseconds = 0;
            }));
        return services;
    }
}
