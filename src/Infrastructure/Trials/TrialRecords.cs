using NeuralCapacitance.Domain.Trials;

namespace NeuralCapacitance.Infrastructure.Trials;

/// <summary>All that is stored of a job's trials: what a ranking looks at.</summary>
public sealed record TrialRecords(IReadOnlyCollection<Trial> Trials, IReadOnlyCollection<Observation> Observations, IReadOnlyCollection<TrialScore> Scores)
{
    private const int BatchSize = 5_000;

    /// <summary>Of the images and labels; null until a trial has loaded them.</summary>
    public string? DatasetHash => Trials.Select(t => t.DatasetHash).FirstOrDefault(hash => hash is not null);

    public static async Task<TrialRecords> ReadAsync(TrialStore store, Guid jobId, CancellationToken cancellationToken)
    {
        var trials = await store.ListAsync(jobId, cancellationToken);
        var observations = new List<Observation>();
        IReadOnlyList<Observation> batch;
        do
        {
            batch = await store.ObservationsAsync(jobId, observations.Count == 0 ? 0 : observations[^1].Id, BatchSize, cancellationToken);
            observations.AddRange(batch);
        }
        while (batch.Count == BatchSize);

        return new([.. trials], observations, [.. await store.ScoresAsync(jobId, cancellationToken)]);
    }
}
