using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;
using NeuralCapacitance.Domain.Statistics;
using NeuralCapacitance.Infrastructure;
using NeuralCapacitance.Worker.Estimates;
using NeuralCapacitance.Worker.Hosting;
using NeuralCapacitance.Worker.Slots;
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
        var builder = Host.CreateApplicationBuilder(args);
        builder.Services.AddWorkerLogging(builder.Configuration);
        builder.Services.Configure<HostOptions>(o => o.ShutdownTimeout = ShutdownTimeout);
        builder.Services.AddInfrastructure(builder.Configuration);
        builder.Services.AddWorker(builder.Configuration);
        using var host = builder.Build();
        try
        {
            await host.RunAsync();
            return 0;
        }
        catch (Exception e) when (e is OptionsValidationException or AggregateException { InnerException: OptionsValidationException })
        {
            // The host has logged every fault.
            return 1;
        }
    }
}
