using System.Diagnostics.Metrics;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using NeuralCapacitance.Api.Metrics;

namespace NeuralCapacitance.Api.Tests.Metrics;

public sealed class TelemetryExportTests
{
    [Fact]
    public async Task Measurements_reach_the_collector_that_is_named()
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
        using var export = new TelemetryExport(new Uri(address));
        using var meter = new Meter("NeuralCapacitance.Tests");

        await export.StartAsync(CancellationToken.None);
        meter.CreateCounter<int>("tests").Add(1);
        await export.StopAsync(CancellationToken.None);

        paths.ShouldContain("/opentelemetry.proto.collector.metrics.v1.MetricsService/Export");
    }

    [Fact]
    public void An_address_that_is_no_URL_is_refused_with_what_would_be_accepted()
    {
        var configuration = new ConfigurationBuilder()
            .AddInMemoryCollection(new Dictionary<string, string?>(StringComparer.Ordinal) { ["Telemetry:OtlpEndpoint"] = "collector" })
            .Build();

        var refused = Should.Throw<InvalidOperationException>(() => new ServiceCollection().AddServiceMetrics(configuration));

        refused.Message.ShouldContain("'collector'");
        refused.Message.ShouldContain("http://");
    }
}
