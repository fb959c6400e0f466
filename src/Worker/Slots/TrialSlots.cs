using System.Collections.Concurrent;
using System.ComponentModel;
using System.Diagnostics;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Logging;
using NeuralCapacitance.Domain.Backbones;
using NeuralCapacitance.Worker.Datasets;
using NeuralCapacitance.Worker.Hosting;
using NeuralCapacitance.Worker.Memory;
using NeuralCapacitance.Worker.TorchScript;
using NeuralCapacitance.Worker.Training;

namespace NeuralCapacitance.Worker.Slots;

/// <summary>
/// Runs trials in processes of their own, which stay for the next trial. There are as many as trials were ever run at once. This process itself needs no libtorch.
/// </summary>
internal sealed class TrialSlots : IDisposable
{
    private readonly IConfiguration configuration;
    private readonly ILoggerFactory loggers;
    private readonly ILogger logger;
    private readonly TimeProvider time;
    private readonly TorchScriptGuard guard;
    private readonly OwnModelSlots ownModels;
    private readonly KillOnCloseJob? job;
    private readonly ConcurrentStack<SlotProcess> idle = [];
    private readonly Lazy<(ComputeDevice? Device, IReadOnlyList<string> Faults)> first;

    public TrialSlots(IConfiguration configuration, ILoggerFactory loggers, TimeProvider time, TorchScriptGuard guard)
    {
        this.configuration = configuration;
        this.loggers = loggers;
        this.time = time;
        this.guard = guard;
        if (OperatingSystem.IsWindows()) job = new(Options.MemoryLimitBytes);
        ownModels = new(guard, configuration, (start, token) => Started(start, token).Slot, Prepare);
        logger = loggers.CreateLogger<TrialSlots>();
        first = new(StartFirst);
    }

    /// <summary>Why no trial can run here, as the first process says, which is started for that; a sentence each. None: all is well.</summary>
    public IReadOnlyList<string> Faults => first.Value.Faults;

    /// <summary>What the first process computes on.</summary>
    /// <exception cref="InvalidOperationException">There are <see cref="Faults"/>.</exception>
    public ComputeDevice Device => first.Value.Device ?? throw new InvalidOperationException(string.Join(' ', Faults));

    /// <summary>
    /// Blocks the calling thread, which should be one of its own, until the last epoch. A trial whose process ends is tried once more, from its last epoch; one that
    /// brings two processes in a row down without an epoch in between fails.
    /// </summary>
    /// <exception cref="TrialFailedException">The trial cannot succeed.</exception>
    /// <exception cref="OperationCanceledException">At the next training step after the token was cancelled, or 10 s later.</exception>
    public void Run(TrialPlan plan, ITrialListener listener, CancellationToken cancellationToken)
    {
        for (var ends = 0; ;)
        {
            try
            {
                RunOnce(plan, listener, cancellationToken);
                return;
            }
            catch (SlotEndedException e)
            {
                ends = e.Observed > 0 ? 1 : ends + 1;
                if (ends > 1) throw new TrialFailedException(e.End.FailureOf(plan));
                cancellationToken.ThrowIfCancellationRequested();
                SlotLog.Ended(logger, e.End.What);
            }
        }
    }

    public void Dispose()
    {
        while (idle.TryPop(out var slot)) slot.Dispose();
        if (OperatingSystem.IsWindows()) job?.Dispose();
    }

    internal SlotProcess StartProcess() => StartProcess(Ordinary);

    private ProcessStartInfo Ordinary(string pipe) => OwnProcess.Start([SlotCommand.Name, pipe], configuration);

    private SlotProcess StartProcess(SlotStart start) => SlotProcess.Start(
        pipe => start(pipe),
        process =>
        {
            if (OperatingSystem.IsWindows()) job?.Add(process);
        },
        loggers,
        time);

    private WorkerOptions Options => configuration.GetSection(WorkerOptions.Section).Get<WorkerOptions>() ?? new();

    private void RunOnce(TrialPlan plan, ITrialListener listener, CancellationToken cancellationToken)
    {
        if (plan.Candidate.Backbone is TorchScriptBackbone.Name) ownModels.Run(plan, listener, Options.StallTimeout, cancellationToken);
        else Follow(new RunTrial(plan), call => SlotProcess.Answer(call, listener), cancellationToken);
    }

    private PreparedDataset Prepare(TrialPlan plan, CancellationToken cancellationToken)
    {
        PreparedDataset? data = null;
        Follow(new PrepareData(plan), Keep, cancellationToken);
        return data ?? throw new InvalidOperationException("The process said nothing of the data set that it was to prepare.");

        ToSlot Keep(TrialCall call)
        {
            data = ((DataPrepared)call).Data;
            return new Done();
        }
    }

    private void Follow(Order order, Func<TrialCall, ToSlot> answer, CancellationToken cancellationToken)
    {
        var slot = Take(cancellationToken);
        try
        {
            slot.Follow(order, answer, Options.StallTimeout, cancellationToken);
        }
        finally
        {
            if (slot.IsUsable) idle.Push(slot);
            else slot.Dispose();
        }
    }

    private SlotProcess Take(CancellationToken cancellationToken)
    {
        while (idle.TryPop(out var slot))
        {
            if (slot.IsUsable) return slot;
            slot.Dispose();
        }
        return Started(Ordinary, cancellationToken).Slot;
    }

    private (SlotProcess Slot, ComputeDevice Device) Started(SlotStart start, CancellationToken cancellationToken)
    {
        try
        {
            return StartReady(start, cancellationToken);
        }
        catch (Exception e) when (e is SlotUnfitException or Win32Exception)
        {
            // The first one was fit: something has happened to the machine.
            throw new TrialFailedException(new(FailureCodes.Device, $"No process for the trial could be started: {e.Message}"), e);
        }
    }

    private (SlotProcess Slot, ComputeDevice Device) StartReady(SlotStart start, CancellationToken cancellationToken)
    {
        var slot = StartProcess(start);
        try
        {
            return (slot, slot.Greet(cancellationToken));
        }
        catch
        {
            slot.Dispose();
            throw;
        }
    }

    private (ComputeDevice? Device, IReadOnlyList<string> Faults) StartFirst()
    {
        guard.Announce();
        if (Options.MemoryLimit.Length > 0 && !ProcessMemoryLimit.CanBeEnforced) SlotLog.LimitIsNotKept(logger, Options.MemoryLimit);
        try
        {
            var (slot, device) = StartReady(Ordinary, CancellationToken.None);
            idle.Push(slot);
            return (device, []);
        }
        catch (SlotUnfitException e)
        {
            return (null, e.Faults);
        }
    }
}
