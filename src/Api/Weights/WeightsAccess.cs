using Microsoft.Extensions.Options;
using NeuralCapacitance.Api.Access;
using NeuralCapacitance.Domain.Access;
using NeuralCapacitance.Domain.Backbones;
using NeuralCapacitance.Infrastructure.Artifacts;
using NeuralCapacitance.Infrastructure.Jobs;

namespace NeuralCapacitance.Api.Weights;

/// <summary>What trials saved belongs to who submitted their job, and is there for others as <see cref="Isolation"/> says. What somebody put into a data root is everybody's.</summary>
internal sealed class WeightsAccess(IWeightsStore store, ArtifactStore artifacts, JobStore jobs, IOptions<AccessOptions> options)
{
    /// <summary>The store as the caller may know it: what is not shown reads as what is not there.</summary>
    public IWeightsStore For(Caller caller) => caller.Only(options.Value.Isolation) is { } owner ? new OwnWeights(store, path => IsShown(path, owner)) : store;

    private bool IsShown(string path, string owner)
        => artifacts.JobThatSaved(path) is { } job
            ? string.Equals(jobs.OwnerOfAsync(job, CancellationToken.None).GetAwaiter().GetResult(), owner, StringComparison.Ordinal)
            : !artifacts.IsInternal(path);

    private sealed class OwnWeights(IWeightsStore all, Func<string, bool> isShown) : IWeightsStore
    {
        public string ResolveWeights(string relativePath)
            => all.ResolveWeights(relativePath) is var path && isShown(path) ? path : throw ArtifactStore.NoSuchWeights(relativePath);

        public bool IsCached(PublishedWeights weights) => all.IsCached(weights);

        public IReadOnlyList<string?> WhyUnavailable(IReadOnlyList<PublishedWeights> weights) => all.WhyUnavailable(weights);
    }
}
