using Hangfire.Server;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using NeuralCapacitance.Domain.Trials;
using NeuralCapacitance.Infrastructure.Postgres;

namespace NeuralCapacitance.Infrastructure.Queue;

/// <summary>
/// What Hangfire runs for a signal: one free slot, one trial. It takes no cancellation token of Hangfire's: a trial stops when the process does, or when its
/// lease is lost, and not because Hangfire has lost sight of its server.
/// </summary>
internal sealed partial class TrialJob(
    ITrialExecutor executor,
    SlotGate slots,
    Firings firings,
    MissingSignals missing,
    IDbContextFactory<ServiceDbContext> contexts,
    OutageRetry retry,
    IHostApplicationLifetime lifetime,
    ILogger<TrialJob> logger)
{
    /// <param name="signal">Key of its <see cref="SignalNotes"/>.</param>
    /// <returns>What came of it, for the dashboard.</returns>
    /// <exception cref="FailedTrialException">The trial has failed, and says why: Hangfire shows the job as failed, too.</exception>
    public async Task<string> RunAsync(Guid signal, PerformContext context)
    {
        var stopping = lifetime.ApplicationStopping;
        var owner = WorkerName.NewOwner();
        try
        {
            bool hasClaimed;
            using (await slots.EnterAsync(stopping))
            using (var firing = firings.Begin(owner, signal))
            {
                await executor.ExecuteAsync(new TrialFiring(owner, context.BackgroundJob.Id), stopping);
                hasClaimed = firing.HasClaimed;
            }
            await KeepSignalsAsync(stopping);
            return hasClaimed ? await OutcomeAsync(owner, stopping) : "No trial waited";
        }
        catch (OperationCanceledException) when (stopping.IsCancellationRequested)
        {
            return "Handed back: the worker stops";
        }
    }

    /// <summary>More trials than slots may wait: each firing wakes its slot again.</summary>
    private async Task KeepSignalsAsync(CancellationToken cancellationToken)
    {
        try
        {
            await missing.SendAsync(cancellationToken);
        }
        catch (Exception e) when (!cancellationToken.IsCancellationRequested)
        {
            // The trial has ended well; the reconciliation makes up for it.
            LogNotSent(e);
        }
    }

    private async Task<string> OutcomeAsync(string owner, CancellationToken cancellationToken)
    {
        var trial = await retry.RunAsync(
            async token =>
            {
                await using var context = await contexts.CreateDbContextAsync(token);
                return await context.Trials.AsNoTracking().Where(t => t.LeaseOwner == owner)
                    .Select(t => new { t.State, t.FailureCode, t.FailureMessage })
                    .FirstOrDefaultAsync(token);
            },
            cancellationToken);
        return trial switch
        {
            null => "Back in the queue, or another worker's",
            { State: TrialState.Failed } => throw new FailedTrialException($"{trial.FailureCode}: {trial.FailureMessage}"),
            _ => trial.State.ToString(),
        };
    }

    [LoggerMessage(2201, LogLevel.Warning, "Could not see to the signals of further trials; the next reconciliation does")]
    private partial void LogNotSent(Exception exception);
}

/// <summary>A trial has failed, for the reason that the message gives. Its row says so already.</summary>
internal sealed class FailedTrialException(string message) : Exception(message);
