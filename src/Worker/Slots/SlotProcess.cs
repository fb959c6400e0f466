using System.ComponentModel;
using System.Diagnostics;
using System.IO.Pipes;
using System.Text;
using Microsoft.Extensions.Logging;
using NeuralCapacitance.Worker.Training;

namespace NeuralCapacitance.Worker.Slots;

/// <summary>In the worker: a process that runs trials, one at a time. It is gone after disposal, whatever it does.</summary>
internal sealed class SlotProcess : IDisposable
{
    /// <summary>For a training step to end.</summary>
    private static readonly TimeSpan StopPatience = TimeSpan.FromSeconds(10);

    /// <summary>For libtorch to be loaded, from a slow disk and with CUDA.</summary>
    private static readonly TimeSpan ReadyPatience = TimeSpan.FromMinutes(5);

    /// <summary>For a process that has closed its pipe, or was killed.</summary>
    private static readonly TimeSpan EndPatience = TimeSpan.FromSeconds(10);

    /// <summary>A process that starts at the same time must not inherit the pipe of this one.</summary>
    private static readonly Lock Starting = new();

    private static readonly UTF8Encoding WithoutMark = new(encoderShouldEmitUTF8Identifier: false);

    private readonly Process process;
    private readonly int id;
    private readonly ILogger logger;
    private readonly TimeProvider time;
    private readonly SlotVoice voice;

    private SlotProcess(Process process, ILoggerFactory loggers, TimeProvider time)
    {
        this.process = process;
        id = process.Id;
        this.time = time;
        logger = loggers.CreateLogger<SlotProcess>();
        voice = new(process, loggers, logger);
    }

    /// <summary>Whether another trial can be sent: the last one has ended, and left nothing behind that would harm the next.</summary>
    public bool IsUsable { get => field && !process.HasExited; private set; }

    public int Id => id;

    /// <param name="start">Takes the handle of the pipe that the process is to write to.</param>
    /// <param name="adopt">Called with the process as soon as there is one.</param>
    /// <exception cref="Win32Exception">The system starts no process.</exception>
    public static SlotProcess Start(Func<string, ProcessStartInfo> start, Action<Process> adopt, ILoggerFactory loggers, TimeProvider time)
    {
        var started = new TaskCompletionSource<SlotProcess>(TaskCreationOptions.RunContinuationsAsynchronously);
        new Thread(Live) { IsBackground = true, Name = "slot" }.Start();
        return started.Task.GetAwaiter().GetResult();

        // The kernel takes this thread for the parent (EndWithWorker): it stays until the process has ended.
        void Live()
        {
            using var pipe = new AnonymousPipeServerStream(PipeDirection.In, HandleInheritability.Inheritable);
            SlotProcess? slot = null;
            try
            {
                slot = new(StartWith(pipe, start), loggers, time);
                adopt(slot.process);
            }
            catch (Exception e)
            {
                slot?.Dispose();
                started.SetException(e);
                return;
            }
            started.SetResult(slot);
            slot.voice.Listen(pipe);
            slot.StayToTheEnd();
        }
    }

    /// <returns>What it computes on.</returns>
    /// <exception cref="SlotUnfitException">No trial can run there.</exception>
    public ComputeDevice Greet(CancellationToken cancellationToken)
    {
        using var patience = new CancellationTokenSource(ReadyPatience, time);
        using var both = CancellationTokenSource.CreateLinkedTokenSource(patience.Token, cancellationToken);
        try
        {
            switch (Next(both.Token))
            {
                case Ready(var device):
                    SlotLog.Ready(logger, id, device.Name, device.Threads, device.LibTorch);
                    IsUsable = true;
                    return device;
                case Unfit(var faults):
                    throw new SlotUnfitException(faults);
                case var other:
                    throw new SlotUnfitException([$"The process for trials said {other} where it should have said that it is ready."]);
            }
        }
        catch (SlotEndedException e)
        {
            throw new SlotUnfitException([$"The process for trials {e.End.What} before it was ready: {voice.Printed}"]);
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            throw new SlotUnfitException([$"The process for trials was not ready after {ReadyPatience.TotalMinutes} minutes."]);
        }
    }

    /// <summary>Blocks the calling thread, which should be one of its own, until the trial is over.</summary>
    /// <param name="stallTimeout">A process that gives no sign of a step for so long is ended, and its trial has failed.</param>
    /// <exception cref="TrialFailedException">The trial cannot succeed.</exception>
    /// <exception cref="SlotEndedException">The process has ended, and not the trial.</exception>
    /// <exception cref="OperationCanceledException">The token was cancelled, and the trial has left its training step, or the process is gone.</exception>
    public void Run(TrialPlan plan, ITrialListener listener, TimeSpan stallTimeout, CancellationToken cancellationToken)
        => Follow(new RunTrial(plan), call => Answer(call, listener), stallTimeout, cancellationToken);

    /// <summary>As <see cref="Run"/>, of whatever there is to do.</summary>
    /// <param name="answer">Of its calls.</param>
    public void Follow(Order order, Func<TrialCall, ToSlot> answer, TimeSpan stallTimeout, CancellationToken cancellationToken)
    {
        IsUsable = false;
        TrialEnded ended;
        try
        {
            ended = Converse(order, answer, stallTimeout, cancellationToken);
        }
        catch (TrialFailedException)
        {
            // It has stalled, and is gone.
            throw;
        }
        catch (Exception e) when (e is not SlotEndedException)
        {
            Stop();
            throw;
        }
        IsUsable = LeavesNothing(ended);
        if (ended.Failure is { } failure) throw new TrialFailedException(failure, ended.Detail is { } detail ? new DistantException(detail) : null);
        if (ended.IsStopped) throw new OperationCanceledException(cancellationToken);
    }

    /// <summary>What a listener answers to a call.</summary>
    public static ToSlot Answer(TrialCall call, ITrialListener listener)
    {
        switch (call)
        {
            case DatasetLoaded(var hash): listener.DatasetLoaded(hash); break;
            case ContinuesFrom(var history): return new KnownEpochs(listener.ContinuesFrom(history));
            case HasScores: return new ScoresStored(listener.HasScores());
            case Scored(var scores): listener.Scored(scores); break;
            case Observed(var observation): listener.Observed(observation); break;
            case Noted(var note): listener.Noted(note); break;
            default: throw new InvalidOperationException($"No listener knows {call}.");
        }
        return new Done();
    }

    public void Dispose()
    {
        Kill();
        process.WaitForExit(EndPatience);
        process.Dispose();
    }

    internal void Kill() => ProcessTree.Kill(process);

    /// <summary>A sandbox closes the pipe before it ends itself, and would be killed for the end of this thread: its status is wanted.</summary>
    private void StayToTheEnd()
    {
        try
        {
            process.WaitForExit(EndPatience);
        }
        catch (InvalidOperationException)
        {
            // Disposed: it is gone.
        }
    }

    private static Process StartWith(AnonymousPipeServerStream pipe, Func<string, ProcessStartInfo> start)
    {
        lock (Starting)
        {
            var info = start(pipe.GetClientHandleAsString());
            info.StandardInputEncoding = WithoutMark;
            var child = Process.Start(info)!;
            pipe.DisposeLocalCopyOfClientHandle();
            return child;
        }
    }

    private TrialEnded Converse(Order order, Func<TrialCall, ToSlot> answerOf, TimeSpan stallTimeout, CancellationToken cancellationToken)
    {
        var kills = KernelKills.Count();
        var watch = new StallWatch(stallTimeout, time);
        var observed = 0;
        int? last = null;
        Send(order);
        while (true)
        {
            switch (Hear())
            {
                case TrialEnded ended:
                    return ended;
                case TrialCall call:
                    var answer = answerOf(call);
                    if (call is Observed(var observation)) (observed, last) = (observed + 1, observation.Epoch);
                    cancellationToken.ThrowIfCancellationRequested();
                    watch.Moved();
                    Send(answer);
                    break;
                case var other:
                    throw new InvalidOperationException($"The trial's process said {other} in the middle of a trial.");
            }
        }

        FromSlot Hear()
        {
            try
            {
                return Next(cancellationToken, kills, observed, watch);
            }
            catch (StalledException e)
            {
                SlotLog.Stalled(logger, id, stallTimeout.TotalSeconds);
                Kill();
                throw new TrialFailedException(e.FailureOf(order.Plan, last), e);
            }
        }
    }

    /// <summary>Waits until the trial has left its training step; where it does not, the process goes.</summary>
    private void Stop()
    {
        Send(new StopTrial());
        using var patience = new CancellationTokenSource(StopPatience, time);
        try
        {
            TrialEnded? ended;
            do ended = Next(patience.Token) as TrialEnded; while (ended is null);
            IsUsable = LeavesNothing(ended);
        }
        catch (OperationCanceledException)
        {
            SlotLog.DoesNotStop(logger, id, StopPatience.TotalSeconds);
            Kill();
        }
        catch (SlotEndedException)
        {
            // Whatever it was, nobody wants the trial any more.
        }
    }

    /// <summary>A device that fails does so until the process is gone; memory that ran out, and a bug, may have left something behind.</summary>
    private static bool LeavesNothing(TrialEnded ended) => ended.Failure?.Code is not (FailureCodes.Device or FailureCodes.OutOfMemory or FailureCodes.Internal);

    private void Send(ToSlot message)
    {
        try
        {
            process.StandardInput.WriteLine(SlotWire.Write(message));
            process.StandardInput.Flush();
        }
        catch (IOException)
        {
            // It has ended: the next that is heard of it tells how.
        }
    }

    /// <exception cref="SlotEndedException">It will say nothing more.</exception>
    /// <exception cref="StalledException">As the watch says.</exception>
    private FromSlot Next(CancellationToken cancellationToken, long? kills = null, int observed = 0, StallWatch? watch = null)
    {
        while (true)
        {
            switch (voice.Next(out var isOver, cancellationToken))
            {
                case null when isOver:
                    throw new SlotEndedException(End(kills), observed);
                case null:
                    watch?.Check();
                    break;
                case Moved:
                    watch?.Moved();
                    break;
                case var message:
                    return message;
            }
        }
    }

    private SlotEnd End(long? kills)
    {
        if (!process.WaitForExit(EndPatience)) Kill();
        // Also until all that it printed is here.
        process.WaitForExit();
        return voice.Babbled ? new("said what it cannot mean, and was ended", FailureCodes.Internal) : SlotEnd.Of(process.ExitCode, KernelKills.Since(kills));
    }
}
