using NeuralCapacitance.Domain.Jobs;
using NeuralCapacitance.Domain.Predictors;
using NeuralCapacitance.Domain.Trials;

namespace NeuralCapacitance.Domain.Races;

/// <summary>Where a job's race stands, from its trials and the decisions so far, and what follows.</summary>
public sealed class RaceCourse
{
    /// <summary>
    /// Epochs that a trial may train beyond the round that is not decided yet. One keeps a slot busy while the slowest finishes its epoch;
    /// a second one bridges networks of different speed. More would be spent mostly on those that the next round drops.
    /// </summary>
    public const int MostAhead = 2;

    private readonly JobSpec _spec;
    private readonly RaceSettings _settings;
    private readonly IReadOnlyList<Trial> _trials;
    private readonly IReadOnlyList<RaceDecision> _decisions;
    private readonly Dictionary<int, int> _droppedAfter;
    private readonly bool _isStopped;

    /// <param name="spec">As resolved, of mode <c>race</c>.</param>
    /// <param name="trials">All of the job.</param>
    /// <param name="decisions">All of the job; promotions among them change nothing.</param>
    public RaceCourse(JobSpec spec, IReadOnlyList<Trial> trials, IReadOnlyList<RaceDecision> decisions)
    {
        _spec = spec;
        _settings = RaceSettings.Of(spec);
        _trials = trials;
        _decisions = [.. decisions.Where(d => d.Action is not RaceAction.Promoted)];
        _droppedAfter = _decisions.Where(d => d.Action is RaceAction.Dropped).ToDictionary(d => d.Candidate, d => d.Round);
        _isStopped = _decisions.Any(d => d.Action is RaceAction.Stopped);
        Round = _decisions.Count == 0 ? _settings.FirstRound : Math.Min(_settings.Epochs, _decisions.Max(d => d.Round) + 1);
    }

    /// <summary>The round that is to be decided next; once it is over, it means nothing.</summary>
    public int Round { get; }

    /// <summary>A round has ended it, or nobody is left.</summary>
    public bool IsOver => _isStopped || !_trials.Any(IsInRound);

    /// <summary>Every repeat of every candidate in the race has reached the round, or failed before.</summary>
    public bool IsRoundComplete => !IsOver && _trials.Where(IsInRound).All(t => t.EpochsDone >= Round);

    public RaceRound Decide(RaceEvidence evidence) => Race.Decide(_settings, Round, Racers(evidence));

    public RaceCourse After(RaceRound round) => new(_spec, _trials, [.. _decisions, .. round.Decisions]);

    /// <summary>What a trial that has not ended becomes now; null: it races on.</summary>
    public TrialState? EndOf(Trial trial)
    {
        if (_droppedAfter.ContainsKey(trial.CandidateIndex)) return TrialState.Dropped;
        return IsOver ? TrialState.Succeeded : null;
    }

    /// <summary>The epoch that a racing trial has to reach, ahead of the round where it was promoted.</summary>
    public int TargetOf(Trial trial) => Math.Max(trial.EpochsTarget, Round);

    /// <summary>
    /// The paused trial that goes on before the round is decided: the one least ahead, then the likeliest to be the best, by what has been
    /// observed up to its epoch. Null: none may. A trial that goes ahead trains to one epoch after those it has done.
    /// </summary>
    public RaceDecision? Promote(RaceEvidence evidence)
    {
        if (IsOver) return null;
        var able = _trials.Where(t => t.State == TrialState.Paused && IsInRound(t) && t.EpochsDone >= Round && t.EpochsDone < Math.Min(_settings.Epochs, Round + MostAhead)).ToList();
        if (able.Count == 0) return null;
        var racers = Racers(evidence);
        var looks = able.Select(t => t.EpochsDone).Distinct().ToDictionary(epoch => epoch, epoch => RaceAssessment.Of(_settings, epoch, racers));
        return able
            .Select(t => (Trial: t, Look: looks[t.EpochsDone].First(a => a.Racer.Candidate == t.CandidateIndex)))
            .Where(t => t.Look.ProbabilityBest >= _settings.DropBelow)
            .OrderBy(t => t.Trial.EpochsDone).ThenByDescending(t => t.Look.ProbabilityBest).ThenBy(t => t.Trial.Repeat).ThenBy(t => t.Trial.CandidateIndex)
            .Select(t => t.Look.As(RaceAction.Promoted, t.Trial.EpochsDone, $"a worker would idle until round {Round} is complete; judged by what was there") with { Repeat = t.Trial.Repeat })
            .FirstOrDefault();
    }

    /// <summary>
    /// A trial that failed later than the round counts in it like any other: it failed in an epoch that it ran ahead into, and with fewer
    /// workers it would not have come to that yet.
    /// </summary>
    private static bool IsSound(Trial trial, int round) => trial.State is not TrialState.Failed || trial.EpochsDone >= round;

    private bool IsInRound(Trial trial) => !_droppedAfter.ContainsKey(trial.CandidateIndex) && IsSound(trial, Round);

    private List<Racer> Racers(RaceEvidence evidence)
    {
        var observations = evidence.Observations.ToLookup(o => o.TrialId);
        var scores = evidence.Scores.ToLookup(s => s.TrialId);
        return [.. from trial in _trials
                   let dropped = _droppedAfter.TryGetValue(trial.CandidateIndex, out var round) ? (int?)round : null
                   where IsSound(trial, dropped ?? Round)
                   group trial by (trial.CandidateIndex, dropped) into repeats
                   orderby repeats.Key.CandidateIndex
                   let curves = new CandidateCurves([.. repeats.Select(t => Curve(observations[t.Id]))]) { Scores = ScoreValue.Means(repeats.SelectMany(t => scores[t.Id])) }
                   select new Racer(repeats.Key.CandidateIndex, curves, repeats.Key.dropped)];
    }

    private static IReadOnlyList<CurvePoint> Curve(IEnumerable<Observation> observations)
        => [.. observations.OrderBy(o => o.Epoch).Select(CurvePoint.Of)];
}

/// <summary>What was measured of a race's trials.</summary>
/// <param name="Observations">Of all trials, in any order.</param>
/// <param name="Scores">Of all trials, in any order; measured before the first epoch.</param>
public sealed record RaceEvidence(IReadOnlyCollection<Observation> Observations, IReadOnlyCollection<TrialScore> Scores);
