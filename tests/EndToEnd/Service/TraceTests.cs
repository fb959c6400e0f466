using System.Collections.Concurrent;
using System.Net;
using System.Text;
using NeuralCapacitance.EndToEnd.Processes;
using NeuralCapacitance.Infrastructure.Tests;

namespace NeuralCapacitance.EndToEnd.Service;

/// <summary>What two processes of ours tell a collector, as OTLP over HTTP.</summary>
public sealed class TraceTests : IAsyncLifetime
{
    private const string Trace = "0af7651916cd43dd8448eb211c80319c";

    private readonly ConcurrentQueue<byte[]> _received = new();
    private readonly HttpListener _collector = new();
    private string _address = "";
    private Task _collecting = Task.CompletedTask;

    public Task InitializeAsync()
    {
        // A free port is only known to who tries.
        for (var port = 24_317; ; port++)
        {
            try
            {
                _collector.Prefixes.Clear();
                _collector.Prefixes.Add($"http://127.0.0.1:{port}/");
                _collector.Start();
                _address = $"http://127.0.0.1:{port}";
                _collecting = CollectAsync();
                return Task.CompletedTask;
            }
            catch (HttpListenerException) when (port < 24_400)
            {
                // Somebody has it.
            }
        }
    }

    public async Task DisposeAsync()
    {
        _collector.Close();
        await _collecting.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
    }

    [Fact]
    public async Task A_trace_leads_from_the_request_to_the_trial_in_another_process()
    {
        await using var site = new Site(await PostgresFixture.NewDatabaseAsync(), ("Telemetry__OtlpEndpoint", _address), ("Telemetry__OtlpProtocol", "http/protobuf"), ("OTEL_BSP_SCHEDULE_DELAY", "200"));
        await site.StartApiAsync();
        site.StartWorker("worker");

        var job = await site.SubmitAsync(Specs.Quick, ("traceparent", $"00-{Trace}-b7ad6b7169203331-01"));
        await site.SucceedsAsync(job);

        await Eventually.Async("the trial's spans", () => Task.FromResult(Sent("neural-capacitance-worker", "trial") && Sent("neural-capacitance-worker", "epoch")), found => found, Received);
        await Eventually.Async("the request's span", () => Task.FromResult(Sent("neural-capacitance\n", "Microsoft.AspNetCore")), found => found, Received);
    }

    /// <summary>Whether one message has the trace, the name of the service, and that of the span. Names are text in protobuf, ids are bytes.</summary>
    private bool Sent(string service, string span)
        => _received.Any(body => Has(body, Convert.FromHexString(Trace)) && Has(body, Encoding.UTF8.GetBytes(service.TrimEnd('\n'))) && Has(body, Encoding.UTF8.GetBytes(span))
            && service.EndsWith('\n') != Has(body, "neural-capacitance-worker"u8.ToArray()));

    private string Received() => string.Join('\n', _received.Select(body => $"{body.Length} bytes, with the trace: {Has(body, Convert.FromHexString(Trace))}, of a worker: {Has(body, "neural-capacitance-worker"u8.ToArray())}"));

    private static bool Has(byte[] body, byte[] part) => body.AsSpan().IndexOf(part) >= 0;

    private async Task CollectAsync()
    {
        while (_collector.IsListening)
        {
            var context = await _collector.GetContextAsync();
            using var body = new MemoryStream();
            await context.Request.InputStream.CopyToAsync(body);
            if (context.Request.Url?.AbsolutePath == "/v1/traces") _received.Enqueue(body.ToArray());
            context.Response.ContentType = "application/x-protobuf";
            context.Response.Close();
        }
    }
}
