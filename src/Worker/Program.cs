using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using NeuralCapacitance.Domain.Statistics;
using NeuralCapacitance.Infrastructure;
using NeuralCapacitance.Worker.Estimates;
using NeuralCapacitance.Worker.Hosting;
using NeuralCapacitance.Worker.Logging;
using NeuralCapacitance.Worker.Settings;
using NeuralCapacitance.Worker.Slots;
using NeuralCapacitance.Worker.Telemetry;
using NeuralCapacitance.Worker.Weights;

namespace NeuralCapacitance.Worker;

/// <summary>The worker as a process of its own: takes trials from the queue until SIGTERM, then hands the running one back.</summary>
internal static class Program
{
    /// <summary>A training step, a checkpoint and a last write fit in. Whoever stops the worker should wait a little longer (docs/operations.md: 60 s).</summary>
    private static readonly TimeSpan ShutdownTimeout = TimeSpan.FromSeconds(50);

    private static async Task<int> Main(string[] args)
    {
        switch (args)
        {
            case [MeasureCommand.Name, .. var settings]:
                await MeasureCommand.RunAsync(settings, Console.In, Console.Out, CancellationToken.None);
                return 0;
            case [ShapesCommand.Name, .. var settings]:
                await ShapesCommand.RunAsync(settings, Console.In, Console.Out, CancellationToken.None);
                return 0;
            case [SlotCommand.Name, var pipe, .. var settings]:
                return SlotCommand.Run(pipe, settings);
            default:
                return await RunAsync(args);
        }
    }

    private static async Task<int> RunAsync(string[] args)
    {
        SmallMatrices.ComputeOnOneThread();
        try
        {
            using var host = Build(args);
            await host.RunAsync();
            return 0;
        }
        catch (Exception e) when (StartFailure.Explain(e) is { Count: > 0 } faults)
        {
            await Console.Error.WriteLineAsync(StartFailure.Describe("The worker", faults));
            return 1;
        }
    }

    private static IHost Build(string[] args)
    {
        var builder = Host.CreateApplicationBuilder(args);
        var review = SettingsReview.Begin(builder.Configuration, typeof(Program).Assembly);
        builder.Services.AddWorkerLogging(builder.Configuration);
        builder.Services.Configure<HostOptions>(o => o.ShutdownTimeout = ShutdownTimeout);
        builder.Services.AddInfrastructure(builder.Configuration);
        builder.Services.AddWorker(builder.Configuration);
        builder.Services.AddTelemetry(builder.Configuration, "neural-capacitance-worker");
        var host = builder.Build();
        review.End(host.Services);
        return host;
    }
}
