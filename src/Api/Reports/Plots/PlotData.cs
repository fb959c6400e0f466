using NeuralCapacitance.Api.Rankings;
using NeuralCapacitance.Domain.Curves;
using NeuralCapacitance.Domain.Jobs;
using NeuralCapacitance.Domain.Predictors;
using NeuralCapacitance.Domain.Races;

namespace NeuralCapacitance.Api.Reports.Plots;

/// <summary>What plots are drawn from, already aggregated: their size does not grow with the repeats, nor with more epochs than a plot can show.</summary>
/// <param name="Curves">In the order of the spec.</param>
/// <param name="Decisions">Of a race; promotions left out.</param>
internal sealed record PlotData(
    JobSpec Spec, RankingResponse Ranking, IReadOnlyList<ObservedCurve> Curves, BetaAccuracyResponse BetaAccuracy, IReadOnlyList<RaceDecision> Decisions, IReadOnlyList<int> EpochsTrained)
{
    /// <summary>More points than this, nobody sees on a plot.</summary>
    private const int MostEpochs = 100;

    public static PlotData Of(Job job, RankingResponse ranking, StoredJob stored, SelectionSpec selection, CancellationToken cancellationToken) => new(
        job.Spec,
        ranking,
        [.. stored.Curves.Select(curve => curve.Thinned(MostEpochs))],
        BetaAccuracyResponse.Of(ranking, stored, BetaLine.Of(stored.Basis, selection, cancellationToken)),
        [.. stored.Decisions.Where(decision => decision.Action is not RaceAction.Promoted)],
        [.. stored.Course.Candidates.Select(candidate => candidate.Epochs)]);

    /// <summary>Position in the spec.</summary>
    public int IndexOf(RankedCandidateResponse candidate) => Spec.Candidates.Index().First(c => string.Equals(c.Item.Name, candidate.Candidate, StringComparison.Ordinal)).Index;
}
