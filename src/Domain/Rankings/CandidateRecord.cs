using NeuralCapacitance.Domain.Jobs;
using NeuralCapacitance.Domain.Predictors;
using NeuralCapacitance.Domain.Trials;

namespace NeuralCapacitance.Domain.Rankings;

/// <summary>A candidate of a job with all that is known of it.</summary>
/// <param name="Index">Position in the spec.</param>
/// <param name="Kind">Backbone and kind of weights.</param>
/// <param name="Trials">One per repeat, with their observations.</param>
internal sealed record CandidateRecord(int Index, string Name, string Kind, CandidateState State, IReadOnlyList<TrialRecord> Trials)
{
    /// <summary>Repeats that a prediction may rest on: a failed one stopped somewhere on the way to nonsense.</summary>
    public IReadOnlyList<TrialRecord> Sound { get; } = [.. Trials.Where(t => t.Trial.State != TrialState.Failed && t.Observations.Count > 0)];

    /// <summary>Last epoch that all of these have come to; 0: none has ended.</summary>
    public int LastEpoch => Sound.Count == 0 ? 0 : Sound.Min(t => t.Observations.Max(o => o.Epoch));

    public int FailedRepeats => Trials.Count(t => t.Trial.State == TrialState.Failed);

    public Failure? Failure => State == CandidateState.Failed ? Trials.Select(t => t.Trial.Failure).FirstOrDefault(f => f is not null) : null;

    public static IReadOnlyList<CandidateRecord> Of(
        JobSpec spec, IEnumerable<Trial> trials, IEnumerable<Observation> observations, IEnumerable<TrialScore> scores)
    {
        var scoresByTrial = scores.ToLookup(s => s.TrialId);
        var byTrial = observations.ToLookup(o => o.TrialId);
        var byCandidate = trials.ToLookup(t => t.CandidateIndex);
        return [.. spec.Candidates.Select((candidate, index) =>
        {
            var records = byCandidate[index].OrderBy(t => t.Repeat).Select(t => new TrialRecord(t, [.. byTrial[t.Id]], [.. scoresByTrial[t.Id]])).ToList();
            var state = records.Count == 0 ? CandidateState.Queued : CandidateStates.Of([.. records.Select(r => r.Trial.State)]);
            return new CandidateRecord(index, candidate.Name, candidate.Kind, state, records);
        })];
    }

    public CandidateCurves Curves() => new([.. Sound.Select(t => (IReadOnlyList<CurvePoint>)
        [.. t.Observations.Select(CurvePoint.Of)])])
    {
        Kind = Kind,
        Scores = ScoreValue.Means(Scored()),
    };

    /// <summary>Repeats that a predictor's answer rests on.</summary>
    public int RepeatsBehind(IPredictor predictor) => predictor.Unit == PredictionUnit.Score
        ? Scored().Count(s => s.Value is not null && string.Equals(s.Name, predictor.Name, StringComparison.Ordinal))
        : Sound.Count;

    /// <summary>Scores are there before the first observation.</summary>
    private IEnumerable<TrialScore> Scored() => Trials.Where(t => t.Trial.State != TrialState.Failed).SelectMany(t => t.Scores);
}

internal sealed record TrialRecord(Trial Trial, IReadOnlyList<Observation> Observations, IReadOnlyList<TrialScore> Scores);
