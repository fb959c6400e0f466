using NeuralCapacitance.Infrastructure.Workload;
using OpenTelemetry.Exporter;
using OpenTelemetry.Metrics;
using OpenTelemetry.Resources;
using OpenTelemetry.Trace;

namespace NeuralCapacitance.Api.Metrics;

internal static class MetricsServices
{
    /// <summary>Our own, HTTP and the process, the queue and the database's client.</summary>
    private static readonly string[] Meters =
        ["NeuralCapacitance*", "Microsoft.AspNetCore.Hosting", "Microsoft.AspNetCore.Server.Kestrel", "System.Runtime", "Npgsql*"];

    private static readonly string[] Sources = ["NeuralCapacitance*", "Microsoft.AspNetCore", "Npgsql"];

    /// <summary>The process's instruments for <c>/metrics</c>; and where <c>Telemetry:OtlpEndpoint</c> names a collector, they and traces are sent there too.</summary>
    /// <exception cref="InvalidOperationException"><c>Telemetry:OtlpEndpoint</c> is no absolute URL.</exception>
    public static IServiceCollection AddServiceMetrics(this IServiceCollection services, IConfiguration configuration)
    {
        services.AddSingleton<WorkloadMeter>();
        services.AddSingleton<MetricsSampler>();
        services.AddHostedService(provider => provider.GetRequiredService<MetricsSampler>());
        var telemetry = services.AddOpenTelemetry()
            .ConfigureResource(resource => resource.AddService("neural-capacitance"))
            .WithMetrics(metrics => metrics.AddMeter(Meters).AddPrometheusExporter(options =>
            {
                // No two of the meters have an instrument of the same name, and a label more on every series is only in the way.
                options.ScopeInfoEnabled = false;
                // The sampler alone asks the exporter.
                options.ScrapeResponseCacheDurationMilliseconds = 0;
            }));
        if (configuration["Telemetry:OtlpEndpoint"] is { Length: > 0 } given)
        {
            var endpoint = Uri.TryCreate(given, UriKind.Absolute, out var uri)
                ? uri
                : throw new InvalidOperationException($"Telemetry:OtlpEndpoint is '{given}'; an absolute URL such as http://collector:4317 would be accepted.");
            telemetry
                .WithMetrics(metrics => metrics.AddOtlpExporter(Send))
                .WithTracing(traces => traces.AddSource(Sources).AddOtlpExporter(Send));
            void Send(OtlpExporterOptions options) => options.Endpoint = endpoint;
        }

        return services;
    }
}
