using OpenTelemetry;
using OpenTelemetry.Exporter;
using OpenTelemetry.Metrics;
using OpenTelemetry.Resources;
using OpenTelemetry.Trace;

namespace NeuralCapacitance.Api.Metrics;

/// <summary>Sends metrics and traces to an OpenTelemetry collector while the service runs, if <c>Telemetry:OtlpEndpoint</c> names one.</summary>
internal sealed class TelemetryExport(Uri endpoint) : IHostedService, IDisposable
{
    private MeterProvider? _metrics;
    private TracerProvider? _traces;

    public Task StartAsync(CancellationToken cancellationToken)
    {
        var resource = ResourceBuilder.CreateDefault().AddService("neural-capacitance");
        _metrics = Sdk.CreateMeterProviderBuilder()
            .SetResourceBuilder(resource)
            .AddMeter([.. MetricsCollector.Meters.Select(name => $"{name}*")])
            .AddOtlpExporter(Configure)
            .Build();
        _traces = Sdk.CreateTracerProviderBuilder()
            .SetResourceBuilder(resource)
            .AddSource("NeuralCapacitance*", "Microsoft.AspNetCore", "Npgsql")
            .AddOtlpExporter(Configure)
            .Build();
        return Task.CompletedTask;
    }

    public Task StopAsync(CancellationToken cancellationToken)
    {
        _metrics?.ForceFlush();
        _traces?.ForceFlush();
        return Task.CompletedTask;
    }

    public void Dispose()
    {
        _metrics?.Dispose();
        _traces?.Dispose();
    }

    private void Configure(OtlpExporterOptions options) => options.Endpoint = endpoint;
}
