using Microsoft.Extensions.Logging;

namespace NeuralCapacitance.Worker.Slots;

internal static partial class SlotLog
{
    [LoggerMessage(3020, LogLevel.Information, "Process {Process} for trials is ready: {Device}, {Threads} threads, libtorch {LibTorch}")]
    public static partial void Ready(ILogger logger, int process, string device, int threads, string? libTorch);

    [LoggerMessage(3021, LogLevel.Information, "Process {Process} prints: {Line}")]
    public static partial void Prints(ILogger logger, int process, string line);

    [LoggerMessage(3022, LogLevel.Warning, "The trial's process {What}; the trial is tried once more in another one")]
    public static partial void Ended(ILogger logger, string what);

    [LoggerMessage(3023, LogLevel.Warning, "Process {Process} did not leave its trial within {Seconds} s and is ended")]
    public static partial void DoesNotStop(ILogger logger, int process, double seconds);

    [LoggerMessage(3024, LogLevel.Error, "Process {Process} is ended: it said what it cannot mean: {Line}")]
    public static partial void Babbles(ILogger logger, int process, string line, Exception exception);

    [LoggerMessage(3025, LogLevel.Warning, "Process {Process} gave no sign of a step for {Seconds} s and is ended")]
    public static partial void Stalled(ILogger logger, int process, double seconds);

    [LoggerMessage(3026, LogLevel.Warning, "Worker:MemoryLimit ({Limit}) is not kept: this system bounds no process's memory. A trial that is foreseen to need more is refused all the same")]
    public static partial void LimitIsNotKept(ILogger logger, string limit);
}
