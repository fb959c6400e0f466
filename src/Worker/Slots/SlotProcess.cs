using System.Collections.Concurrent;
using System.ComponentModel;
using System.Diagnostics;
using System.IO.Pipes;
using System.Text;
using System.Text.Json;
using Microsoft.Extensions.Logging;
using NeuralCapacitance.Worker.Training;

namespace NeuralCapacitance.Worker.Slots;

/// <summary>In the worker: a process that runs trials, one at a time. It is gone after disposal, whatever it does.</summary>
internal sealed class SlotProcess : IDisposable
{
    private const int MostPrinted = 20;

    /// <summary>For a training step to end.</summary>
    private static readonly TimeSpan StopPatience = TimeSpan.FromSeconds(10);

    /// <summary>For libtorch to be loaded, from a slow disk and with CUDA.</summary>
    private static readonly TimeSpan ReadyPatience = TimeSpan.FromMinutes(5);

    /// <summary>For a process that has closed its pipe, or was killed.</summary>
    private static readonly TimeSpan EndPatience = TimeSpan.FromSeconds(10);

    /// <summary>How long a process that has ended may leave something unread.</summary>
    private static readonly TimeSpan Glance = TimeSpan.FromSeconds(1);

    /// <summary>A process that starts at the same time must not inherit the pipe of this one.</summary>
    private static readonly Lock Starting = new();

    private static readonly UTF8Encoding WithoutMark = new(encoderShouldEmitUTF8Identifier: false);

    private readonly Process process;
    private readonly int id;
    private readonly ILoggerFactory loggers;
    private readonly ILogger logger;
    private readonly TimeProvider time;
    private readonly BlockingCollection<FromSlot> heard = [];
    private readonly ConcurrentQueue<string> printed = [];
    private volatile bool babbled;

    private SlotProcess(Process process, ILoggerFactory loggers, TimeProvider time)
    {
        this.process = process;
        id = process.Id;
        this.loggers = loggers;
        this.time = time;
        logger = loggers.CreateLogger<SlotProcess>();
        process.OutputDataReceived += (_, e) => Keep(e.Data);
        process.ErrorDataReceived += (_, e) => Keep(e.Data);
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
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
            slot.Listen(pipe);
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
            throw new SlotUnfitException([$"The process for trials {e.End.What} before it was ready: {string.Join(' ', printed)}"]);
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            throw new SlotUnfitException([$"The process for trials was not ready after {ReadyPatience.TotalMinutes} minutes."]);
        }
    }

    /// <summary>Blocks the calling thread, which should be one of its own, until the trial is over.</summary>
    /// <exception cref="TrialFailedException">The trial cannot succeed.</exception>
    /// <exception cref="SlotEndedException">The process has ended, and not the trial.</exception>
    /// <exception cref="OperationCanceledException">The token was cancelled, and the trial has left its training step, or the process is gone.</exception>
    public void Run(TrialPlan plan, ITrialListener listener, CancellationToken cancellationToken)
    {
        IsUsable = false;
        TrialEnded ended;
        try
        {
            ended = Converse(plan, listener, cancellationToken);
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

    public void Dispose()
    {
        Kill();
        process.WaitForExit(EndPatience);
        process.Dispose();
    }

    internal void Kill()
    {
        try
        {
            process.Kill();
        }
        catch (Exception e) when (e is InvalidOperationException or Win32Exception)
        {
            // It has ended already.
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

    private TrialEnded Converse(TrialPlan plan, ITrialListener listener, CancellationToken cancellationToken)
    {
        var kills = KernelKills.Count();
        var observed = 0;
        Send(new RunTrial(plan));
        while (true)
        {
            switch (Next(cancellationToken, kills, observed))
            {
                case TrialEnded ended:
                    return ended;
                case TrialCall call:
                    var answer = Answer(call, listener);
                    if (call is Observed) observed++;
                    cancellationToken.ThrowIfCancellationRequested();
                    Send(answer);
                    break;
                case var other:
                    throw new InvalidOperationException($"The trial's process said {other} in the middle of a trial.");
            }
        }
    }

    private static ToSlot Answer(TrialCall call, ITrialListener listener)
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
    private FromSlot Next(CancellationToken cancellationToken, long? kills = null, int observed = 0)
    {
        while (true)
        {
            if (!heard.TryTake(out var message, (int)Glance.TotalMilliseconds, cancellationToken))
            {
                if (heard.IsCompleted || process.HasExited) throw new SlotEndedException(End(kills), observed);
            }
            else if (message is Logged(var level, var category, var eventId, var text))
            {
                loggers.CreateLogger(category).Log(level, eventId, "{Text}", text);
            }
            else
            {
                return message;
            }
        }
    }

    private SlotEnd End(long? kills)
    {
        if (!process.WaitForExit(EndPatience)) Kill();
        // Also until all that it printed is here.
        process.WaitForExit();
        return babbled ? new("said what it cannot mean, and was ended", FailureCodes.Internal) : SlotEnd.Of(process.ExitCode, KernelKills.Since(kills));
    }

    private void Listen(Stream pipe)
    {
        using var reader = new StreamReader(pipe);
        while (reader.ReadLine() is { } line && Hear(line)) { }
        heard.CompleteAdding();
    }

    /// <returns>Whether it may say more.</returns>
    private bool Hear(string line)
    {
        try
        {
            heard.Add(SlotWire.Read<FromSlot>(line));
            return true;
        }
        catch (JsonException e)
        {
            // Else it is half a line: it was killed.
            if (!process.WaitForExit(Glance))
            {
                SlotLog.Babbles(logger, id, line, e);
                babbled = true;
                Kill();
            }
            return false;
        }
    }

    private void Keep(string? line)
    {
        if (string.IsNullOrWhiteSpace(line)) return;
        SlotLog.Prints(logger, id, line);
        printed.Enqueue(line);
        while (printed.Count > MostPrinted) printed.TryDequeue(out _);
    }
}
