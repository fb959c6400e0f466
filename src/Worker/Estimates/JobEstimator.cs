using Microsoft.Extensions.Configuration;
using NeuralCapacitance.Domain.Backbones;
using NeuralCapacitance.Domain.Datasets;
using NeuralCapacitance.Domain.Estimates;
using NeuralCapacitance.Domain.Jobs;
using NeuralCapacitance.Infrastructure.Storage;
using NeuralCapacitance.Worker.TorchScript;

namespace NeuralCapacitance.Worker.Estimates;

/// <summary>Measures what a job would cost on this machine.</summary>
public sealed class JobEstimator(IDatasetCatalogue datasets, IConfiguration configuration, TimeProvider time, TorchScriptGuard guard, ClientPaths paths) : IDisposable
{
    /// <summary>Two at once would measure each other.</summary>
    private readonly SemaphoreSlim turn = new(1);

    private readonly CostProcess costs = new(configuration, time, guard);

    /// <param name="spec">Resolved and checked.</param>
    /// <returns>A few seconds per candidate later. Candidates with the same network are measured once.</returns>
    /// <exception cref="DatasetException">The data set has gone since the spec was checked.</exception>
    public async Task<JobEstimate> EstimateAsync(JobSpec spec, CancellationToken cancellationToken)
    {
        var dataset = Inspect(spec.Dataset);
        var outcomes = new Dictionary<string, CostOutcome>(StringComparer.Ordinal);
        await turn.WaitAsync(cancellationToken);
        try
        {
            foreach (var candidate in spec.Candidates.DistinctBy(NetworkOf))
                outcomes[NetworkOf(candidate)] = Told(await costs.MeasureAsync(new CostRequest(spec, candidate, dataset.Classes.Count), cancellationToken));
        }
        finally
        {
            turn.Release();
        }
        return JobEstimate.Of(spec, ImageCounts.Of(spec.Training, dataset), [.. spec.Candidates.Select(c => outcomes[NetworkOf(c)])]);
    }

    public void Dispose() => turn.Dispose();

    private CostOutcome Told(CostOutcome outcome) => outcome.Reason is { } reason ? outcome with { Reason = paths.Tell(reason) } : outcome;

    private DatasetInfo Inspect(DatasetSpec spec)
    {
        try
        {
            return datasets.Inspect(spec);
        }
        catch (DatasetAbsentException e)
        {
            return e.Published;
        }
    }

    /// <summary>What a step costs does not depend on the values of the weights, unless the network itself comes with them.</summary>
    private static string NetworkOf(CandidateSpec candidate) => candidate.Backbone is TorchScriptBackbone.Name
        ? $"{candidate.Weights}#{candidate.Module}"
        : candidate.Backbone;
}
