using NeuralCapacitance.Domain.Jobs;
using NeuralCapacitance.Infrastructure.Artifacts;
using NeuralCapacitance.Infrastructure.Jobs;
using NeuralCapacitance.Infrastructure.Uploads;

namespace NeuralCapacitance.Infrastructure.Retention;

/// <summary>What the jobs need that have not ended.</summary>
public sealed class ActiveNeeds
{
    private readonly JobStore _jobs;
    private readonly ArtifactStore _artifacts;
    private readonly IUploadUse _uploads;

    internal ActiveNeeds(JobStore jobs, ArtifactStore artifacts, IUploadUse uploads)
    {
        _jobs = jobs;
        _artifacts = artifacts;
        _uploads = uploads;
    }

    /// <summary>The jobs that have not ended and train on the upload.</summary>
    public async Task<IReadOnlyList<Guid>> UsersOfAsync(UploadedDataset upload, CancellationToken cancellationToken)
        => [.. (await _jobs.ListActiveAsync(cancellationToken)).Where(job => _uploads.Uses(job.Spec.Dataset, upload)).Select(job => job.Id)];

    /// <summary>The jobs that have not ended, by the files below the artifact root that their candidates start from.</summary>
    internal async Task<ILookup<string, Guid>> WeightsAsync(CancellationToken cancellationToken)
    {
        var active = await _jobs.ListActiveAsync(cancellationToken);
        return active.SelectMany(job => WeightsOf(job.Spec), (job, path) => (job.Id, path)).ToLookup(need => need.path, need => need.Id, StringComparer.Ordinal);
    }

    /// <summary>What of a spec may have been removed since it was read; null: all of it is there.</summary>
    public string? WhyGone(JobSpec spec)
    {
        if (_uploads.WhyGone(spec.Dataset) is { } gone) return gone;
        foreach (var candidate in spec.Candidates.Where(candidate => candidate.IsFromFile))
        {
            try
            {
                _ = FileWeights.Resolve(candidate.Weights, _artifacts.ResolveWeights);
            }
            catch (ArgumentException e)
            {
                return e.Message;
            }
        }
        return null;
    }

    private IEnumerable<string> WeightsOf(JobSpec spec)
    {
        foreach (var candidate in spec.Candidates.Where(candidate => candidate.IsFromFile))
        {
            string path;
            try
            {
                path = FileWeights.Resolve(candidate.Weights, _artifacts.ResolveWeights).Path;
            }
            catch (ArgumentException)
            {
                continue;
            }
            yield return path;
        }
    }
}
