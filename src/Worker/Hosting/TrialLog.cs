using Microsoft.Extensions.Logging;
using NeuralCapacitance.Domain.Trials;
using NeuralCapacitance.Infrastructure.Trials;

namespace NeuralCapacitance.Worker.Hosting;

internal static partial class TrialLog
{
    private static readonly Func<ILogger, Guid, Guid, IDisposable?> TrialScope =
        LoggerMessage.DefineScope<Guid, Guid>("job {JobId}, trial {TrialId}");

    /// <summary>Every line until it is disposed carries the job's and the trial's id.</summary>
    public static IDisposable? BeginScope(ILogger logger, ClaimedTrial claimed) => TrialScope(logger, claimed.Trial.JobId, claimed.Trial.Id);

    [LoggerMessage(3000, LogLevel.Debug, "Signal {Signal} found no waiting trial")]
    public static partial void NothingToDo(ILogger logger, string signal);

    [LoggerMessage(3001, LogLevel.Information, "Trial of {Candidate}, repeat {Repeat}, starts: attempt {Attempt} on {Device} with {Threads} threads")]
    public static partial void Started(ILogger logger, string candidate, int repeat, int attempt, string device, int threads);

    [LoggerMessage(3002, LogLevel.Information, "Trial finished: {Epochs} epochs in {Seconds:F1} s")]
    public static partial void Succeeded(ILogger logger, int epochs, double seconds);

    [LoggerMessage(3010, LogLevel.Information, "Round {Round} finished in {Seconds:F1} s; the trial is {State}")]
    public static partial void RoundDone(ILogger logger, int round, double seconds, TrialState state);

    [LoggerMessage(3003, LogLevel.Warning, "Trial failed ({Code}): {Reason}")]
    public static partial void Failed(ILogger logger, Exception? exception, string code, string reason);

    /// <summary>A foreseen failure says what is wrong and what to do; where it was met interests only whoever asks.</summary>
    [LoggerMessage(3011, LogLevel.Debug, "Why the trial fails")]
    public static partial void FailedBecause(ILogger logger, Exception? exception);

    [LoggerMessage(3004, LogLevel.Information, "Trial stopped: its job is being cancelled, or its race goes on without it")]
    public static partial void Revoked(ILogger logger);

    [LoggerMessage(3005, LogLevel.Information, "Trial handed back to the queue")]
    public static partial void Released(ILogger logger);

    [LoggerMessage(3006, LogLevel.Warning, "Attempt {Attempt} stopped: another worker has the trial now, or it is gone")]
    public static partial void LeaseLost(ILogger logger, int attempt);

    [LoggerMessage(3008, LogLevel.Warning, "Trial stopped ({Code}): {Reason} It is tried again after {Seconds} s")]
    public static partial void Postponed(ILogger logger, Exception? exception, string code, string reason, double seconds);

    [LoggerMessage(3009, LogLevel.Warning, "The checkpoints of the ended trial could not be removed; the sweep will try again")]
    public static partial void CheckpointsRemain(ILogger logger, Exception exception);

    [LoggerMessage(3007, LogLevel.Warning, "The trial could not be handed back before the process ends; another worker gets it when it is missed")]
    public static partial void ReleaseTimedOut(ILogger logger);
}
