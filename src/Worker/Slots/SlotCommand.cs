using System.IO.Pipes;
using System.Runtime.InteropServices;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using NeuralCapacitance.Domain.Statistics;
using NeuralCapacitance.Worker.Hosting;
using NeuralCapacitance.Worker.Memory;
using NeuralCapacitance.Worker.Training;

namespace NeuralCapacitance.Worker.Slots;

/// <summary>
/// <c>slot</c>: runs trials for the worker that started it, one after the other. It has libtorch and its random generator for itself, and what native code does
/// to it no other trial notices. Knows no database.
/// </summary>
internal static class SlotCommand
{
    public const string Name = "slot";

    /// <summary>A terminal tells all of its processes, and systemd all of a service's. The worker decides what becomes of the trial.</summary>
    private static readonly PosixSignal[] OfTheWorker = [PosixSignal.SIGINT, PosixSignal.SIGTERM, PosixSignal.SIGQUIT, PosixSignal.SIGHUP];

    /// <param name="pipe">Handle of the pipe for <see cref="FromSlot"/>. Standard output is not for messages: native code prints there.</param>
    /// <param name="settings">Configuration as <c>--Section:Key=value</c>.</param>
    /// <returns>The exit status, if no trial can run here; else it returns never, and ends with its standard input.</returns>
    public static int Run(string pipe, string[] settings)
    {
        EndWithWorker.Arrange();
        FirstToGo.Volunteer();
        PosixSignalRegistration[] ignored = [.. OfTheWorker.Select(signal => PosixSignalRegistration.Create(signal, context => context.Cancel = true))];
        using var output = new AnonymousPipeClientStream(PipeDirection.Out, pipe);
        using var worker = new WorkerLine(Console.OpenStandardInput(), output);
        Console.SetOut(Console.Error);
        worker.Listen();
        SmallMatrices.ComputeOnOneThread();
        using var services = Services(settings, worker);
        TrialRunner runner;
        long? limit;
        try
        {
            var device = services.GetRequiredService<ComputeDevice>();
            limit = services.GetRequiredService<IOptions<WorkerOptions>>().Value.MemoryLimitBytes;
            if (limit is { } bytes) ProcessMemoryLimit.Impose(bytes);
            runner = services.GetRequiredService<TrialRunner>();
            worker.Say(new Ready(device));
        }
        catch (OptionsValidationException e)
        {
            worker.Say(new Unfit([.. e.Failures]));
            return 1;
        }
        using var over = new CancellationTokenSource();
        StepReports.Start(worker, over.Token);
        RunTrials(worker, runner, limit);
        over.Cancel();
        GC.KeepAlive(ignored);
        return 0;
    }

    private static ServiceProvider Services(string[] settings, WorkerLine worker)
    {
        var configuration = new ConfigurationBuilder().AddEnvironmentVariables().AddCommandLine(settings).Build();
        return new ServiceCollection()
            .AddLogging(logging => logging.AddProvider(new WorkerLoggerProvider(worker)).AddFilter("Microsoft", LogLevel.Warning).AddFilter("System", LogLevel.Warning))
            .AddTraining(configuration)
            .BuildServiceProvider();
    }

    private static void RunTrials(WorkerLine worker, TrialRunner runner, long? limit)
    {
        foreach (var (order, stop) in worker.Trials())
        {
            var ended = Follow(worker, runner, order, stop);
            stop.Dispose();
            FreedMemory.GiveBack();
            worker.Say(Limited(ended, limit));
        }
    }

    /// <summary>A trial that found no memory is told how much it was allowed.</summary>
    private static TrialEnded Limited(TrialEnded ended, long? limit) => ended.Failure is { Code: FailureCodes.OutOfMemory } failure && limit is { } bytes
        ? ended with { Failure = failure with { Message = $"{failure.Message} Its process may allocate {MemorySize.Show(bytes)} ({WorkerOptions.Section}:{nameof(WorkerOptions.MemoryLimit)})." } }
        : ended;

    private static TrialEnded Follow(WorkerLine worker, TrialRunner runner, Order order, CancellationTokenSource stop)
    {
        try
        {
            if (order is RunTrial(var plan, var data)) runner.Run(plan, data, new DistantListener(worker, stop.Token), stop.Token);
            else worker.Ask(new DataPrepared(runner.Prepare(order.Plan, stop.Token)), stop.Token);
            return new TrialEnded(IsStopped: false);
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
            return new TrialEnded(IsStopped: true);
        }
        catch (TrialFailedException e)
        {
            return new TrialEnded(IsStopped: false, e.Failure, e.InnerException?.ToString());
        }
        catch (Exception e)
        {
            return new TrialEnded(IsStopped: false, new(FailureCodes.Internal, $"{e.GetType().Name}: {e.Message}"), e.ToString());
        }
    }
}
