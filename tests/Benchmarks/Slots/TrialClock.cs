using System.Diagnostics;
using NeuralCapacitance.Domain.Trials;
using NeuralCapacitance.Worker.Training;

namespace NeuralCapacitance.Benchmarks.Slots;

/// <summary>Notes when a trial, begun at its construction, comes where.</summary>
internal sealed class TrialClock : ITrialListener
{
    private readonly long start = Stopwatch.GetTimestamp();

    public double SecondsToImages { get; private set; }

    /// <summary>Of the last epoch.</summary>
    public double TrainSeconds { get; private set; }

    public void DatasetLoaded(string hash) => SecondsToImages = Stopwatch.GetElapsedTime(start).TotalSeconds;

    public int ContinuesFrom(IReadOnlyList<Observation> history) => -1;

    public bool HasScores() => true;

    public void Scored(IReadOnlyList<TrialScore> scores) => throw new InvalidOperationException("No scores are wanted.");

    public void Observed(Observation observation) => TrainSeconds = observation.TrainSeconds;

    public void Noted(string note)
    {
        // Nothing that takes time.
    }
}
