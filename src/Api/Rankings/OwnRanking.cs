using NeuralCapacitance.Domain.Answers;
using NeuralCapacitance.Domain.Jobs;
using NeuralCapacitance.Domain.Predictors;
using NeuralCapacitance.Infrastructure.History;
using NeuralCapacitance.Infrastructure.Jobs;
using NeuralCapacitance.Infrastructure.Races;
using NeuralCapacitance.Infrastructure.Rankings;

namespace NeuralCapacitance.Api.Rankings;

/// <summary>A job's ranking as its spec asks for it, which is the one behind its answer.</summary>
public sealed class OwnRanking(JobStore jobs, RankingReader rankings, RaceStore races)
{
    /// <summary>A race was decided by more than its first window.</summary>
    public async Task<SelectionSpec> SelectionAsync(Job job, CancellationToken cancellationToken)
        => job.Spec.Selection is { Mode: SelectionMode.Race } selection && await races.LastRoundAsync(job.Id, cancellationToken) is { } round
            ? selection with { Observe = round - (selection.Start ?? 0) }
            : job.Spec.Selection;

    public async Task<RankingResponse> RankAsync(Job job, PastJobList history, CancellationToken cancellationToken)
        => await rankings.RankAsync(job, [await SelectionAsync(job, cancellationToken)], history, cancellationToken);

    /// <summary>
    /// Null: the job has not ended, or is gone; its predictor takes longer than who polls should wait, or too many predictions are waiting. Computed once for a version
    /// of the job and its history.
    /// </summary>
    public async Task<Answer?> AnswerAsync(Guid id, CancellationToken cancellationToken)
    {
        if (await jobs.FindAsync(id, cancellationToken) is not { State.IsFinal: true } job || !PredictorCatalogue.Get(job.Spec.Selection.Predictor).IsQuick)
        {
            return null;
        }

        try
        {
            return (await RankAsync(job, await rankings.PastAsync(job, cancellationToken), cancellationToken)).Answer;
        }
        catch (PredictionsBusyException)
        {
            return null;
        }
    }
}
