using NeuralCapacitance.Infrastructure.Stalls;

namespace NeuralCapacitance.Worker.Slots;

/// <summary>In a slot's process: tells the worker now and then that something was done, on a thread of its own, since the one that trains is in native code.</summary>
internal static class StepReports
{
    /// <summary>A step may be told so much later than it was made: the least <c>Worker:StallTimeout</c> is longer.</summary>
    public static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(500);

    /// <param name="over">Ends it.</param>
    public static void Start(WorkerLine worker, CancellationToken over) => new Thread(() => Report(worker, over)) { IsBackground = true, Name = "steps" }.Start();

    private static void Report(WorkerLine worker, CancellationToken over)
    {
        var told = Steps.Count;
        while (!over.WaitHandle.WaitOne(Interval))
        {
            if (Steps.Count is var now && now == told) continue;
            told = now;
            worker.Say(new Moved());
        }
    }
}
