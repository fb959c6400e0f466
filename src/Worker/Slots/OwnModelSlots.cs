using System.Diagnostics;
using Microsoft.Extensions.Configuration;
using NeuralCapacitance.Worker.Datasets;
using NeuralCapacitance.Worker.Hosting;
using NeuralCapacitance.Worker.TorchScript;
using NeuralCapacitance.Worker.Training;
using NeuralCapacitance.Worker.Weights;

namespace NeuralCapacitance.Worker.Slots;

/// <summary>
/// Runs trials of users' own models, which are programs: each in a process that runs nothing else, before or after, and sees nothing but the model's file and the
/// decoded images, which an ordinary process has prepared.
/// </summary>
/// <param name="start">Starts a process that is ready, as given.</param>
/// <param name="prepare">Has a trial's data set decoded.</param>
internal sealed class OwnModelSlots(
    TorchScriptGuard guard, IConfiguration configuration, Func<SlotStart, CancellationToken, SlotProcess> start, Func<TrialPlan, CancellationToken, PreparedDataset> prepare)
{
    /// <inheritdoc cref="SlotProcess.Run"/>
    public void Run(TrialPlan plan, ITrialListener listener, TimeSpan stallTimeout, CancellationToken cancellationToken)
    {
        try
        {
            var model = guard.FileOf(plan.Candidate);
            if (guard.SandboxOrThrow() is { } bubblewrap) RunInside(bubblewrap, model, plan, listener, stallTimeout, cancellationToken);
            else RunFree(plan, listener, stallTimeout, cancellationToken);
        }
        catch (TorchScriptRefusedException e)
        {
            throw new TrialFailedException(new(FailureCodes.NotAllowed, $"{plan.Candidate.Name}: {e.Message}."), e);
        }
        catch (WeightsException e)
        {
            throw new TrialFailedException(new(FailureCodes.Weights, e.Message), e);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new TrialFailedException(new(FailureCodes.Storage, e.Message), e);
        }
        catch (TrialFailedException e)
        {
            throw new TrialFailedException(GuardedListener.Readable(e.Failure), e.InnerException);
        }
    }

    private void RunInside(Bubblewrap bubblewrap, string model, TrialPlan plan, ITrialListener listener, TimeSpan stallTimeout, CancellationToken cancellationToken)
    {
        var data = prepare(plan, cancellationToken);
        using var sandbox = new TrialSandbox(guard.Artifacts, plan, data, model);
        using var slot = start(Start, cancellationToken);
        var guarded = new GuardedListener(listener, sandbox);
        slot.Follow(new RunTrial(plan, data), call => SlotProcess.Answer(call, guarded), stallTimeout, cancellationToken);
        sandbox.KeepWeights();

        ProcessStartInfo Start(string pipe) => Sandbox.Wrap(
            bubblewrap,
            OwnProcess.Start([SlotCommand.Name, pipe], configuration, guard.AbsolutePlaces),
            guard.Torch,
            sandbox.Places,
            diesWithThread: true);
    }

    private void RunFree(TrialPlan plan, ITrialListener listener, TimeSpan stallTimeout, CancellationToken cancellationToken)
    {
        using var slot = start(pipe => OwnProcess.Start([SlotCommand.Name, pipe], configuration), cancellationToken);
        slot.Run(plan, new GuardedListener(listener, sandbox: null), stallTimeout, cancellationToken);
    }
}

/// <summary>How a slot's process is started.</summary>
/// <param name="pipe">Handle of the pipe that it is to write to.</param>
internal delegate ProcessStartInfo SlotStart(string pipe);
