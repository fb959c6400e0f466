using System.Collections.Concurrent;
using System.Diagnostics;

namespace NeuralCapacitance.Worker.Slots;

/// <summary>In a slot's process: the line to its worker. All members but <see cref="Say"/> are for one thread.</summary>
/// <param name="input">Brings <see cref="ToSlot"/>.</param>
/// <param name="output">Takes <see cref="FromSlot"/>.</param>
internal sealed class WorkerLine(Stream input, Stream output) : IDisposable
{
    private readonly BlockingCollection<(Order Order, CancellationTokenSource Stop)> trials = [];
    private readonly BlockingCollection<ToSlot> answers = [];
    private readonly StreamWriter writer = new(output) { AutoFlush = true };
    private readonly Lock writing = new();

    /// <summary>Starts to listen, on a thread of its own that no computation delays.</summary>
    public void Listen() => new Thread(ReadToTheEnd) { IsBackground = true, Name = "worker" }.Start();

    /// <summary>The trials that the worker wants run, when it wants them.</summary>
    public IEnumerable<(Order Order, CancellationTokenSource Stop)> Trials() => trials.GetConsumingEnumerable();

    /// <summary>May be called by any thread.</summary>
    public void Say(FromSlot message)
    {
        lock (writing) writer.WriteLine(SlotWire.Write(message));
    }

    /// <returns>The worker's answer.</returns>
    /// <exception cref="OperationCanceledException">There will be none.</exception>
    public ToSlot Ask(TrialCall call, CancellationToken stop)
    {
        Say(call);
        return answers.Take(stop);
    }

    public void Dispose()
    {
        writer.Dispose();
        trials.Dispose();
        answers.Dispose();
    }

    /// <summary>Nobody wants what this process computes when its worker is gone, and native code does not listen.</summary>
    private void ReadToTheEnd()
    {
        try
        {
            Read();
        }
        finally
        {
            using var self = Process.GetCurrentProcess();
            self.Kill();
        }
    }

    private void Read()
    {
        using var reader = new StreamReader(input);
        var current = new CancellationTokenSource();
        while (reader.ReadLine() is { } line)
        {
            switch (SlotWire.Read<ToSlot>(line))
            {
                case Order order:
                    // The last trial's: it was told to stop while its last call was answered.
                    while (answers.TryTake(out _)) { }
                    // Made here: a stop that follows finds it, also when the trial has not begun.
                    current = new CancellationTokenSource();
                    trials.Add((order, current));
                    break;
                case StopTrial:
                    Stop(current);
                    break;
                case var answer:
                    answers.Add(answer);
                    break;
            }
        }
    }

    private static void Stop(CancellationTokenSource trial)
    {
        try
        {
            trial.Cancel();
        }
        catch (ObjectDisposedException)
        {
            // The trial ended by itself in between.
        }
    }
}
