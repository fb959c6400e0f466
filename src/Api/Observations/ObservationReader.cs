using System.Runtime.CompilerServices;
using NeuralCapacitance.Domain.Trials;
using NeuralCapacitance.Infrastructure.Trials;

namespace NeuralCapacitance.Api.Observations;

/// <summary>A job's observations with the names of their candidates, in order of id.</summary>
public sealed class ObservationReader(TrialStore trials)
{
    private const int BatchSize = 1_000;

    public async Task<IReadOnlyList<ObservationResponse>> PageAsync(Guid jobId, long after, int limit, CancellationToken cancellationToken)
    {
        var byId = (await trials.ListAsync(jobId, cancellationToken)).ToDictionary(trial => trial.Id);
        return Describe(await trials.ObservationsAsync(jobId, after, limit, cancellationToken), byId);
    }

    /// <summary>All of them, read in batches while the caller writes them out.</summary>
    public async IAsyncEnumerable<ObservationResponse> AllAsync(
        Guid jobId, long after, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var byId = (await trials.ListAsync(jobId, cancellationToken)).ToDictionary(trial => trial.Id);
        while (true)
        {
            var batch = Describe(await trials.ObservationsAsync(jobId, after, BatchSize, cancellationToken), byId);
            foreach (var observation in batch)
            {
                yield return observation;
            }

            if (batch.Count < BatchSize)
            {
                yield break;
            }

            after = batch[^1].Id;
        }
    }

    private static List<ObservationResponse> Describe(IReadOnlyList<Observation> observations, Dictionary<Guid, Trial> trials)
        => [.. observations.Select(observation => ObservationResponse.Of(observation, trials[observation.TrialId]))];
}
