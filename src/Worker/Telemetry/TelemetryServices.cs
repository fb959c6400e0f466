using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using NeuralCapacitance.Infrastructure.Queue;
using OpenTelemetry;
using OpenTelemetry.Exporter;
using OpenTelemetry.Metrics;
using OpenTelemetry.Resources;
using OpenTelemetry.Trace;

namespace NeuralCapacitance.Worker.Telemetry;

public static class TelemetryServices
{
    private static readonly string[] Meters = ["NeuralCapacitance*", "System.Runtime", "Npgsql*"];

    private static readonly string[] Sources = ["NeuralCapacitance*", "Microsoft.AspNetCore", "Npgsql"];

    /// <summary>Where <c>Telemetry:OtlpEndpoint</c> names a collector, the process's traces and metrics are sent there.</summary>
    /// <param name="service">What the collector knows this kind of process by.</param>
    public static IOpenTelemetryBuilder AddTelemetry(this IServiceCollection services, IConfiguration configuration, string service)
    {
        services.AddOptionsWithValidateOnStart<OtlpOptions, OtlpOptionsValidation>().Bind(configuration.GetSection(OtlpOptions.Section));
        var telemetry = services.AddOpenTelemetry()
            .ConfigureResource(resource => resource.AddService(service, serviceInstanceId: WorkerName.OfThisProcess));
        var options = new OtlpOptions();
        configuration.GetSection(OtlpOptions.Section).Bind(options);
        // What is wrong with them stops the start, with everything else that is.
        if (options.OtlpEndpoint.Length == 0 || OtlpOptionsValidation.FaultsIn(options).Any()) return telemetry;
        return telemetry
            .WithMetrics(metrics => metrics.AddMeter(Meters).AddOtlpExporter(exporter => SendTo(exporter, options, "v1/metrics")))
            .WithTracing(traces => traces
                .AddSource(Sources)
                .SetSampler(new ParentBasedSampler(new OwnRoots()))
                .AddOtlpExporter(exporter => SendTo(exporter, options, "v1/traces")));
    }

    private static void SendTo(OtlpExporterOptions exporter, OtlpOptions options, string path)
    {
        var endpoint = new Uri(options.OtlpEndpoint);
        var isHttp = options.OtlpProtocol is OtlpOptions.Http;
        exporter.Protocol = isHttp ? OtlpExportProtocol.HttpProtobuf : OtlpExportProtocol.Grpc;
        exporter.Endpoint = isHttp ? new Uri($"{options.OtlpEndpoint.TrimEnd('/')}/{path}") : endpoint;
    }
}
