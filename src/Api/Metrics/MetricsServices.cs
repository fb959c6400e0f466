using NeuralCapacitance.Infrastructure.Workload;

namespace NeuralCapacitance.Api.Metrics;

internal static class MetricsServices
{
    /// <exception cref="InvalidOperationException"><c>Telemetry:OtlpEndpoint</c> is no absolute URL.</exception>
    public static IServiceCollection AddServiceMetrics(this IServiceCollection services, IConfiguration configuration)
    {
        services.AddSingleton<MetricsCollector>();
        services.AddSingleton<WorkloadMeter>();
        services.AddHostedService<MetricsStart>();
        if (configuration["Telemetry:OtlpEndpoint"] is { Length: > 0 } given)
        {
            var endpoint = Uri.TryCreate(given, UriKind.Absolute, out var uri)
                ? uri
                : throw new InvalidOperationException($"Telemetry:OtlpEndpoint is '{given}'; an absolute URL such as http://collector:4317 would be accepted.");
            services.AddHostedService(_ => new TelemetryExport(endpoint));
        }

        return services;
    }
}
