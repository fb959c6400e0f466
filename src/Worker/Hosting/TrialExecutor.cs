using System.Security.Cryptography;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using NeuralCapacitance.Domain.Jobs;
using NeuralCapacitance.Domain.Trials;
using NeuralCapacitance.Infrastructure.Artifacts;
using NeuralCapacitance.Infrastructure.Events;
using NeuralCapacitance.Infrastructure.Queue;
using NeuralCapacitance.Infrastructure.Storage;
using NeuralCapacitance.Infrastructure.Trials;
using NeuralCapacitance.Worker.Slots;
using NeuralCapacitance.Worker.Telemetry;
using NeuralCapacitance.Worker.TensorBoard;
using NeuralCapacitance.Worker.Training;

namespace NeuralCapacitance.Worker.Hosting;

/// <summary>
/// Takes the trial that is most urgent when a slot is free, and runs it to its end. A firing is only the signal that some trial waits, so one that finds none
/// has nothing to do.
/// </summary>
internal sealed class TrialExecutor(
    TrialStore trials,
    ChangeFeed changes,
    ArtifactStore artifacts,
    TrialSlots slots,
    ComputeDevice device,
    IOptions<WorkerOptions> options,
    ClientPaths paths,
    TimeProvider time,
    ILogger<TrialExecutor> logger) : ITrialExecutor
{
    /// <summary>For handing a trial back while the process is going down.</summary>
    private static readonly TimeSpan LastWriteTimeout = TimeSpan.FromSeconds(10);

    private static readonly TimeSpan LongestPause = TimeSpan.FromHours(1);

    public async Task ExecuteAsync(TrialFiring firing, CancellationToken cancellationToken)
    {
        if (await trials.ClaimNextAsync(firing.Owner, firing.Signal, device.Name, cancellationToken) is not { } claimed)
        {
            TrialLog.NothingToDo(logger, firing.Signal);
            return;
        }
        using var scope = TrialLog.BeginScope(logger, claimed);
        using var tracing = TrialTracing.Begin(claimed, firing, time);
        try
        {
            await AttemptAsync(claimed, tracing, cancellationToken);
        }
        catch (LeaseLostException)
        {
            TrialLog.LeaseLost(logger, claimed.Lease.Attempt);
        }
    }

    private async Task AttemptAsync(ClaimedTrial claimed, TrialTracing tracing, CancellationToken shutdown)
    {
        var lease = claimed.Lease;
        if (claimed.AttemptsWithoutProgress > options.Value.MaxAttempts)
        {
            await FailAsync(lease, TooManyAttempts(claimed), tracing, exception: null, shutdown);
            return;
        }

        // Ends the watch together with the attempt.
        using var watching = CancellationTokenSource.CreateLinkedTokenSource(shutdown);
        var revoked = await changes.WatchLeaseAsync(lease, watching.Token);
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(shutdown, revoked);
        try
        {
            await RunAsync(claimed, tracing, stop.Token, shutdown);
        }
        catch (OperationCanceledException) when (shutdown.IsCancellationRequested)
        {
            await ReleaseAsync(lease);

            // Tells the queue that the trial was handed back.
            throw;
        }
        catch (OperationCanceledException) when (revoked.IsCancellationRequested)
        {
            // Of a job that is being cancelled, the trial ends with this; a race may have ended it. Were only the watch lost, it would go back to the queue.
            if (await trials.ReleaseAsync(lease, shutdown))
            {
                DeleteCheckpoints([lease.TrialId]);
            }
            TrialLog.Revoked(logger);
        }
        catch (TrialFailedException e)
        {
            TrialLog.FailedBecause(logger, e.InnerException);
            await FailAsync(lease, e.Failure, tracing, exception: null, shutdown);
        }
        catch (Exception e) when (e is not LeaseLostException)
        {
            await FailAsync(lease, new Failure(FailureCodes.Internal, $"{e.GetType().Name}: {e.Message}"), tracing, e, shutdown);
        }
        finally
        {
            await watching.CancelAsync();
        }
    }

    private async Task RunAsync(ClaimedTrial claimed, TrialTracing tracing, CancellationToken cancellationToken, CancellationToken shutdown)
    {
        var plan = PlanOf(claimed);
        var curve = TrialCurve.Of(claimed, options.Value.TensorBoard, time, logger);
        var recorder = new TrialRecorder(trials, claimed.Lease, device, paths, tracing, curve, cancellationToken);
        var start = time.GetTimestamp();
        TrialLog.Started(logger, claimed.Trial.Candidate, claimed.Trial.Repeat, claimed.Lease.Attempt, device.Name, device.Threads);

        try
        {
            await DedicatedThread.RunAsync($"trial {claimed.Trial.Id}", () => slots.Run(plan, recorder, cancellationToken));
        }
        catch (TrialFailedException e) when (TrialFailures.MayPass(e.Failure))
        {
            await PostponeAsync(claimed.Lease, e, recorder.MadeProgress ? 1 : claimed.AttemptsWithoutProgress, cancellationToken);
            return;
        }

        if (claimed.Spec.Selection.Mode is SelectionMode.Race)
        {
            var weights = plan.WeightsPath is { } path ? SlashPath.Relative(artifacts.Root, path) : null;
            // Not the token that a decision about this trial cancels: what it has trained and written is to be kept all the same.
            var paused = await trials.PauseAsync(claimed.Lease, weights, shutdown);
            TrialLog.RoundDone(logger, plan.Epochs, time.GetElapsedTime(start).TotalSeconds, paused.State);
            DeleteCheckpoints(paused.Ended);
            return;
        }

        await SucceedAsync(claimed.Lease, plan.WeightsPath, cancellationToken);
        TrialLog.Succeeded(logger, plan.Epochs, time.GetElapsedTime(start).TotalSeconds);
        DeleteCheckpoints([claimed.Lease.TrialId]);
    }

    private async Task SucceedAsync(Lease lease, string? weights, CancellationToken cancellationToken)
    {
        if (weights is null)
        {
            await trials.SucceedAsync(lease, weightsPath: null, cancellationToken);
            return;
        }
        await using var file = File.OpenRead(weights);
        var digest = new FileDigest(Convert.ToHexStringLower(await SHA256.HashDataAsync(file, cancellationToken)), file.Length);
        await trials.SucceedAsync(lease, SlashPath.Relative(artifacts.Root, weights), digest, cancellationToken);
    }

    /// <summary>Gives the trial back after a pause, which the slot sits out: the next trial would meet the same disk or device.</summary>
    private async Task PostponeAsync(Lease lease, TrialFailedException exception, int attemptsWithoutProgress, CancellationToken cancellationToken)
    {
        if (attemptsWithoutProgress >= options.Value.MaxAttempts)
        {
            throw exception;
        }
        var pause = TimeSpan.FromTicks((long)Math.Min(LongestPause.Ticks, options.Value.RetryPause.Ticks * Math.Pow(4, attemptsWithoutProgress - 1)));
        TrialLog.Postponed(logger, exception.InnerException, exception.Failure.Code, exception.Failure.Message, pause.TotalSeconds);
        await Task.Delay(pause, time, cancellationToken);
        await trials.ReleaseAsync(lease, cancellationToken);
    }

    /// <summary>Only weights are kept of a trial that has ended.</summary>
    private void DeleteCheckpoints(IReadOnlyList<Guid> ended)
    {
        try
        {
            foreach (var trial in ended)
            {
                artifacts.DeleteCheckpoints(trial);
            }
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            TrialLog.CheckpointsRemain(logger, e);
        }
    }

    private TrialPlan PlanOf(ClaimedTrial claimed) => new()
    {
        TrialId = claimed.Trial.Id,
        Spec = claimed.Spec,
        Candidate = claimed.Spec.Candidates[claimed.Trial.CandidateIndex],
        Seed = claimed.Trial.Seed,
        Epochs = claimed.Trial.EpochsTarget,
        Device = device,
        Attempt = claimed.Lease.Attempt,
        WeightsPath = WeightsPathOf(claimed),
    };

    private string? WeightsPathOf(ClaimedTrial claimed) => claimed.Spec switch
    {
        { Head: not null } => artifacts.ModelPath(claimed.Trial.JobId, claimed.Trial.Id, claimed.Lease.Attempt),
        { Training.SaveWeights: true } => artifacts.WeightsPath(claimed.Trial.JobId, claimed.Trial.Id),
        _ => null,
    };

    private async Task FailAsync(Lease lease, Failure failure, TrialTracing tracing, Exception? exception, CancellationToken cancellationToken)
    {
        tracing.Failed(failure);
        TrialLog.Failed(logger, exception, failure.Code, failure.Message);
        DeleteCheckpoints(await trials.FailAsync(lease, failure with { Message = paths.Tell(failure.Message) }, cancellationToken));
    }

    private async Task ReleaseAsync(Lease lease)
    {
        using var timeout = new CancellationTokenSource(LastWriteTimeout, time);
        try
        {
            await trials.ReleaseAsync(lease, timeout.Token);
            TrialLog.Released(logger);
        }
        catch (OperationCanceledException)
        {
            // The database is away too. The trial stays leased until it is missed; then it goes to another worker.
            TrialLog.ReleaseTimedOut(logger);
        }
    }

    private static Failure TooManyAttempts(ClaimedTrial claimed) => new(
        FailureCodes.TooManyAttempts,
        $"{claimed.AttemptsWithoutProgress - 1} attempts in a row finished no epoch of this trial: its worker died or was stopped each time. Look into the workers' logs and memory, then submit the job again.");
}
