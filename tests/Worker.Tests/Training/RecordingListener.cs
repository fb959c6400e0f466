using NeuralCapacitance.Domain.Trials;
using NeuralCapacitance.Worker.Training;

namespace NeuralCapacitance.Worker.Tests.Training;

/// <summary>Keeps what it hears, and can act on an epoch: cancel, or die in place of the process.</summary>
internal sealed class RecordingListener(Action<Observation>? onObserved = null) : ITrialListener
{
    public List<Observation> Observations { get; } = [];

    public string? DatasetHash { get; private set; }

    /// <summary>Epochs that were restored.</summary>
    public int? ContinuedFrom { get; private set; }

    /// <summary>The last epoch that an earlier attempt has told somebody of; -1: none.</summary>
    public int Known { get; init; } = -1;

    /// <summary>What an earlier attempt has left behind, and what this one adds.</summary>
    public List<TrialScore> Scores { get; init; } = [];

    public List<string> Notes { get; } = [];

    /// <summary>What a repeated run must repeat: everything but the clock.</summary>
    public IEnumerable<Observation> Numbers => Observations.Select(
        o => o with { RecordedAt = default, TrainSeconds = 0, BetaSeconds = 0, ValidationSeconds = 0 });

    public void DatasetLoaded(string hash) => DatasetHash = hash;

    public int ContinuesFrom(IReadOnlyList<Observation> history)
    {
        ContinuedFrom = history.Count;
        return Known;
    }

    public bool HasScores() => Scores.Count > 0;

    public void Scored(IReadOnlyList<TrialScore> scores) => Scores.AddRange(scores);

    public void Observed(Observation observation)
    {
        onObserved?.Invoke(observation);
        Observations.Add(observation);
    }

    public void Noted(string note) => Notes.Add(note);
}
