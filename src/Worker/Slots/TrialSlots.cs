using System.Collections.Concurrent;
using System.ComponentModel;
using System.Diagnostics;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Logging;
using NeuralCapacitance.Worker.Hosting;
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
    private readonly KillOnCloseJob? job = OperatingSystem.IsWindows() ? new() : null;
    private readonly ConcurrentStack<SlotProcess> idle = [];
    private readonly Lazy<(ComputeDevice? Device, IReadOnlyList<string> Faults)> first;

    public TrialSlots(IConfiguration configuration, ILoggerFactory loggers, TimeProvider time)
    {
        this.configuration = configuration;
        this.loggers = loggers;
        this.time = time;
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

    internal SlotProcess StartProcess() => SlotProcess.Start(
        pipe => OwnProcess.Start([SlotCommand.Name, pipe], configuration),
        process =>
        {
            if (OperatingSystem.IsWindows()) job?.Add(process);
        },
        loggers,
        time);

    private void RunOnce(TrialPlan plan, ITrialListener listener, CancellationToken cancellationToken)
    {
        var slot = Take(cancellationToken);
        try
        {
            slot.Run(plan, listener, cancellationToken);
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
        try
        {
            return StartReady(cancellationToken).Slot;
        }
        catch (Exception e) when (e is SlotUnfitException or Win32Exception)
        {
            // The first one was fit: something has happened to the machine.
            throw new TrialFailedException(new(FailureCodes.Device, $"No process for the trial could be started: {e.Message}"), e);
        }
    }

    private (SlotProcess Slot, ComputeDevice Device) StartReady(CancellationToken cancellationToken)
    {
        var slot = StartProcess();
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
        try
        {
            var (slot, device) = StartReady(CancellationToken.None);
            idle.Push(slot);
            return (device, []);
        }
        catch (SlotUnfitException e)
        {
            return (null, e.Faults);
        }
    }
}
