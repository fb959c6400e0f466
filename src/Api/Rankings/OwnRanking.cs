using NeuralCapacitance.Domain.Answers;
using NeuralCapacitance.Domain.Jobs;
using NeuralCapacitance.Domain.Predictors;
using NeuralCapacitance.Infrastructure.Caching;
using NeuralCapacitance.Infrastructure.History;
using NeuralCapacitance.Infrastructure.Jobs;
using NeuralCapacitance.Infrastructure.Races;
using NeuralCapacitance.Infrastructure.Rankings;

namespace NeuralCapacitance.Api.Rankings;

/// <summary>A job's ranking as its spec asks for it, which is the one behind its answer.</summary>
public sealed class OwnRanking(JobStore jobs, RankingReader rankings, RaceStore races, PredictionGate gate)
{
    private const int MostAnswers = 20_000;

    private readonly SharedCache<(Guid Job, long Version), Answer?> _answers = new(MostAnswers);

    /// <summary>A race was decided by more than its first window.</summary>
    public async Task<SelectionSpec> SelectionAsync(Job job, CancellationToken cancellationToken)
        => job.Spec.Selection is { Mode: SelectionMode.Race } selection && await races.LastRoundAsync(job.Id, cancellationToken) is { } round
            ? selection with { Observe = round - (selection.Start ?? 0) }
            : job.Spec.Selection;

    /// <summary>Other looks at the job; what is not asked for is as in <see cref="SelectionAsync"/>.</summary>
    public async Task<SelectionResult> ResolveAsync(Job job, int? observe, string? start, IReadOnlyList<string> predictors, CancellationToken cancellationToken)
        => SelectionQuery.Resolve(
            job.Spec,
            job.Spec.Selection.Mode is SelectionMode.Race && observe is null && start is null ? (await SelectionAsync(job, cancellationToken)).Observe : observe,
            start,
            predictors);

    public async Task<RankingResponse> RankAsync(Job job, PastJobList history, CancellationToken cancellationToken)
        => await rankings.RankAsync(job, [await SelectionAsync(job, cancellationToken)], history, cancellationToken);

    /// <summary>
    /// Of a job that has ended. Null: it has not; or its predictor takes longer than who polls should wait. Computed once for a version of the job, and kept whatever becomes of
    /// the history: a job's page does not change its mind.
    /// </summary>
    /// <param name="version">Of the job, as the caller has it.</param>
    /// <exception cref="PredictionsBusyException">It is not known yet, and other predictions are being computed: who polls does not wait for them.</exception>
    public async Task<Answer?> AnswerAsync(Guid id, JobState state, long version, CancellationToken cancellationToken)
        => state.IsFinal ? await _answers.GetAsync((id, version), abandoned => ComputeAsync(id, abandoned), cancellationToken) : null;

    private async Task<Answer?> ComputeAsync(Guid id, CancellationToken cancellationToken)
    {
        if (!gate.IsFree) throw new PredictionsBusyException(gate.Threads);
        return await jobs.FindAsync(id, cancellationToken) is { } job && PredictorCatalogue.Get(job.Spec.Selection.Predictor).IsQuick
            ? (await RankAsync(job, await rankings.PastAsync(job, cancellationToken), cancellationToken)).Answer
            : null;
    }
}
