using NeuralCapacitance.Domain.Trials;
using NeuralCapacitance.Worker.Training;

namespace NeuralCapacitance.Worker.Slots;

/// <summary>How long it is that a trial's process gave the last sign of a step. Time in which the worker itself had to answer does not count.</summary>
/// <param name="timeout"><c>Worker:StallTimeout</c>.</param>
internal sealed class StallWatch(TimeSpan timeout, TimeProvider time)
{
    private long last = time.GetTimestamp();

    /// <summary>It did something, or is about to go on.</summary>
    public void Moved() => last = time.GetTimestamp();

    /// <exception cref="StalledException">It was too long.</exception>
    public void Check()
    {
        if (time.GetElapsedTime(last) > timeout) throw new StalledException(timeout);
    }
}

/// <summary>A trial's process has done nothing for too long.</summary>
internal sealed class StalledException(TimeSpan timeout) : Exception($"The trial made no step for {timeout}.")
{
    /// <param name="observed">The last epoch that the trial told of in this attempt; null: none.</param>
    public Failure FailureOf(TrialPlan plan, int? observed) => new(
        FailureCodes.Stalled,
        $"{plan.Candidate.Name}: no training step, decoded image or other sign of progress for {timeout} (Worker:StallTimeout), {(observed is { } epoch ? $"after epoch {epoch}" : "before its first epoch here")}, "
        + "so its process was ended. A model that never returns, or a disk or GPU that hangs, is the likeliest cause; where single steps do take so long, lower training.batchSize or raise Worker:StallTimeout.");
}
