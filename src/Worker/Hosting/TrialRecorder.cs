using NeuralCapacitance.Domain.Trials;
using NeuralCapacitance.Infrastructure.Storage;
using NeuralCapacitance.Infrastructure.Trials;
using NeuralCapacitance.Worker.Telemetry;
using NeuralCapacitance.Worker.TensorBoard;
using NeuralCapacitance.Worker.Training;

namespace NeuralCapacitance.Worker.Hosting;

/// <summary>
/// Writes a trial's progress to Postgres under its lease. Blocks the thread that waits for the trial's process, on purpose: that is answered, and its next
/// epoch starts, only when the last one is stored, or a lost lease would be noticed too late.
/// </summary>
/// <param name="curve">For TensorBoard, of what is stored; null: nobody wants it.</param>
internal sealed class TrialRecorder(
    TrialStore trials, Lease lease, ComputeDevice device, ClientPaths paths, TrialTracing tracing, TrialCurve? curve, CancellationToken cancellationToken) : ITrialListener
{
    /// <summary>Whether this attempt has stored an observation that no earlier one had.</summary>
    public bool MadeProgress { get; private set; }

    public void DatasetLoaded(string hash)
    {
        Wait(trials.DescribeAsync(lease, new RunEnvironment(hash, SoftwareVersions.On(device)), cancellationToken));
        tracing.DatasetLoaded();
    }

    public void Noted(string note) => Wait(trials.AddNoteAsync(lease, paths.Tell(note), cancellationToken));

    public int ContinuesFrom(IReadOnlyList<Observation> history)
    {
        var stored = trials.ContinueFromAsync(lease, history, cancellationToken).GetAwaiter().GetResult();
        curve?.Begin(history.Where(observation => observation.Epoch <= stored));
        return stored;
    }

    public bool HasScores() => trials.HasScoresAsync(lease.TrialId, cancellationToken).GetAwaiter().GetResult();

    public void Scored(IReadOnlyList<TrialScore> scores)
    {
        Wait(trials.RecordScoresAsync(lease, [.. scores.Select(score => score.Reason is { } reason ? score with { Reason = paths.Tell(reason) } : score)], cancellationToken));
        tracing.Scored();
    }

    public void Observed(Observation observation)
    {
        MadeProgress |= trials.RecordAsync(lease, observation, cancellationToken).GetAwaiter().GetResult();
        curve?.Add(observation);
        tracing.Observed(observation);
    }

    private static void Wait(Task write) => write.GetAwaiter().GetResult();
}
