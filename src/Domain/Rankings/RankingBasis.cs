using NeuralCapacitance.Domain.Jobs;
using NeuralCapacitance.Domain.Predictors;
using NeuralCapacitance.Domain.Statistics;
using NeuralCapacitance.Domain.Trials;

namespace NeuralCapacitance.Domain.Rankings;

/// <summary>
/// What all rankings of a job as it is stored at one moment rest on, whatever the predictor: made once, since grouping the observations of a large job takes longer
/// than most predictors do. Safe to use from several threads.
/// </summary>
public sealed class RankingBasis
{
    private const int Draws = 5_000;
    private const int Seed = 1;

    private RankingBasis(JobSpec spec, IReadOnlyList<CandidateRecord> records)
    {
        (Spec, Records) = (spec, records);
        Final = FinalAccuracies.Find(spec, records);
        Alive = [.. records.Where(r => r.State != CandidateState.Failed)];
        Curves = [.. Alive.Select(r => r.Curves())];
        Ties = Rankings.Ties.In(Curves);
    }

    internal JobSpec Spec { get; }

    /// <summary>All candidates, in the order of the spec.</summary>
    internal IReadOnlyList<CandidateRecord> Records { get; }

    internal FinalAccuracies Final { get; }

    /// <summary>Failed candidates are not predicted: they would take part in P(best) and in the shared slope.</summary>
    internal IReadOnlyList<CandidateRecord> Alive { get; }

    /// <summary>Of the candidates alive.</summary>
    internal IReadOnlyList<CandidateCurves> Curves { get; }

    /// <summary>Positions among them of candidates with the same curves.</summary>
    internal IReadOnlyList<IReadOnlyList<int>> Ties { get; }

    /// <summary>Behind P(best).</summary>
    internal StandardNormalDraws Normals { get; } = new(Seed, Draws);

    /// <summary>Several predictors start from the default one's answer.</summary>
    internal LatestPrediction Default { get; } = new();

    /// <param name="spec">As resolved.</param>
    /// <param name="trials">All trials of the job.</param>
    /// <param name="observations">Of these trials, in any order.</param>
    /// <param name="scores">What was measured of the trials before training, in any order.</param>
    public static RankingBasis Of(
        JobSpec spec, IReadOnlyCollection<Trial> trials, IReadOnlyCollection<Observation> observations, IReadOnlyCollection<TrialScore> scores)
        => new(spec, CandidateRecord.Of(spec, trials, observations, scores));
}
