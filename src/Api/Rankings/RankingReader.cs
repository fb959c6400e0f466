using NeuralCapacitance.Domain.Jobs;
using NeuralCapacitance.Domain.Rankings;
using NeuralCapacitance.Domain.Trials;
using NeuralCapacitance.Infrastructure.Trials;

namespace NeuralCapacitance.Api.Rankings;

/// <summary>Ranks a job's candidates by what is stored at this moment.</summary>
public sealed class RankingReader(TrialStore trials)
{
    private const int BatchSize = 5_000;

    public async Task<RankingResponse> RankAsync(Job job, SelectionSpec selection, CancellationToken cancellationToken)
    {
        var its = await trials.ListAsync(job.Id, cancellationToken);
        var observations = await ObservationsAsync(job.Id, cancellationToken);
        return RankingResponse.Of(job, Ranker.Rank(job.Spec, [.. its], observations, selection), [.. its], observations);
    }

    private async Task<List<Observation>> ObservationsAsync(Guid jobId, CancellationToken cancellationToken)
    {
        var all = new List<Observation>();
        IReadOnlyList<Observation> batch;
        do
        {
            batch = await trials.ObservationsAsync(jobId, all.Count == 0 ? 0 : all[^1].Id, BatchSize, cancellationToken);
            all.AddRange(batch);
        }
        while (batch.Count == BatchSize);

        return all;
    }
}
