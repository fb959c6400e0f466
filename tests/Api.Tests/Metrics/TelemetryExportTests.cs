using System.Diagnostics.Metrics;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using NeuralCapacitance.Api.Metrics;
using NeuralCapacitance.Worker.Telemetry;
using OpenTelemetry.Metrics;
using OpenTelemetry.Trace;

namespace NeuralCapacitance.Api.Tests.Metrics;

public sealed class TelemetryExportTests
{
    [Fact]
    public async Task Measurements_and_traces_reach_the_collector_that_is_named()
    {
        var paths = new System.Collections.Concurrent.ConcurrentBag<string>();
        var builder = WebApplication.CreateSlimBuilder();
        builder.WebHost.ConfigureKestrel(kestrel => kestrel.Listen(System.Net.IPAddress.Loopback, 0, listen => listen.Protocols = HttpProtocols.Http2));
        await using var collector = builder.Build();
        collector.Run(context =>
        {
            paths.Add(context.Request.Path);
            return Task.CompletedTask;
        });
        await collector.StartAsync();
        var address = collector.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.First();
        await using var services = new ServiceCollection().AddServiceMetrics(Named(address)).BuildServiceProvider();
        using var meter = new Meter("NeuralCapacitance.Tests");
        using var source = new System.Diagnostics.ActivitySource("NeuralCapacitance.Tests");
        var metrics = services.GetRequiredService<MeterProvider>();
        var traces = services.GetRequiredService<TracerProvider>();

        meter.CreateCounter<int>("tests").Add(1);
        source.StartActivity("test").ShouldNotBeNull().Dispose();

        // This collector's answers are no gRPC, so both say that they failed.
        metrics.ForceFlush();
        traces.ForceFlush();
        paths.ShouldContain("/opentelemetry.proto.collector.metrics.v1.MetricsService/Export");
        paths.ShouldContain("/opentelemetry.proto.collector.trace.v1.TraceService/Export");
    }

    [Fact]
    public void An_address_that_is_no_URL_is_refused_with_what_would_be_accepted()
    {
        using var services = new ServiceCollection().AddServiceMetrics(Named("collector")).BuildServiceProvider();

        var refused = Should.Throw<OptionsValidationException>(() => services.GetRequiredService<IOptions<OtlpOptions>>().Value);

        refused.Message.ShouldContain("'collector'");
        refused.Message.ShouldContain("http://");
    }

    private static IConfiguration Named(string endpoint)
        => new ConfigurationBuilder().AddInMemoryCollection(new Dictionary<string, string?>(StringComparer.Ordinal) { ["Telemetry:OtlpEndpoint"] = endpoint }).Build();
}
