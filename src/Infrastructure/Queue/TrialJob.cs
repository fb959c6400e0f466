using Microsoft.Extensions.Logging;
using Quartz;

namespace NeuralCapacitance.Infrastructure.Queue;

/// <summary>What Quartz fires for a signal.</summary>
internal sealed partial class TrialJob(ITrialExecutor executor, MissingSignals missing, ILogger<TrialJob> logger) : IJob
{
    public async ValueTask Execute(IJobExecutionContext context, CancellationToken cancellationToken = default)
    {
        var lost = context.RecoveringTriggerKey?.Name;
        var firing = new TrialFiring(context.FireInstanceId, context.Trigger.Key.Name, lost);
        if (lost is not null) LogRecovering(firing.Signal, lost);
        await executor.ExecuteAsync(firing, cancellationToken);
        await KeepSignalsAsync(cancellationToken);
    }

    /// <summary>A large job has more trials than signals: each firing makes up for the one that it was.</summary>
    private async Task KeepSignalsAsync(CancellationToken cancellationToken)
    {
        try
        {
            await missing.AddAsync(cancellationToken);
        }
        catch (Exception e) when (!cancellationToken.IsCancellationRequested)
        {
            // The trial has ended well; the reconciliation makes up for it.
            LogNotAdded(e);
        }
    }

    [LoggerMessage(2200, LogLevel.Information, "Firing {Signal} stands in for {LostSignal}, whose node is gone")]
    private partial void LogRecovering(string signal, string lostSignal);

    [LoggerMessage(2201, LogLevel.Warning, "Could not see to the signals of further trials; the next reconciliation does")]
    private partial void LogNotAdded(Exception exception);
}
