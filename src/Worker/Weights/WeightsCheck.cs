using NeuralCapacitance.Domain.Backbones;
using NeuralCapacitance.Domain.Jobs;
using NeuralCapacitance.Infrastructure.Archives;
using NeuralCapacitance.Infrastructure.Storage;
using NeuralCapacitance.Worker.Backbones;
using NeuralCapacitance.Worker.TorchScript;

namespace NeuralCapacitance.Worker.Weights;

/// <summary>Opens files as a trial will, but for their numbers. Needs no tensor library in this process.</summary>
public sealed class WeightsCheck(IWeightsStore store, BackboneCatalogue backbones, NetworkShapes networks, TorchScriptGuard guard, ClientPaths paths) : IWeightsCheck
{
    /// <inheritdoc/>
    public IReadOnlyList<string?> WhyUnusable(IReadOnlyList<CandidateSpec> candidates)
    {
        var listed = candidates.Where(candidate => candidate.Backbone is not TorchScriptBackbone.Name).Select(candidate => candidate.Backbone).ToList();
        // On the pool, so that no caller's context has to wait for itself.
        var shapes = Task.Run(() => networks.OfAsync(listed, CancellationToken.None)).GetAwaiter().GetResult();
        return [.. candidates.Select(candidate => WhyUnusable(candidate, shapes.GetValueOrDefault(candidate.Backbone)))];
    }

    /// <param name="shapes">Null: unknown; the trial will tell.</param>
    private string? WhyUnusable(CandidateSpec candidate, IReadOnlyList<StateShape>? shapes)
    {
        try
        {
            if (candidate.Backbone is TorchScriptBackbone.Name)
            {
                guard.FileOf(candidate);
                return null;
            }
            var (path, part) = FileWeights.Resolve(candidate.Weights, store.ResolveWeights);
            using var file = WeightsFile.Open(path);
            if (shapes is not null) WeightsChoice.Choose(file, part, shapes, backbones.Get(candidate.Backbone), candidate.Weights);
            return null;
        }
        catch (Exception e) when (e is WeightsException or TorchScriptRefusedException or ArgumentException or IOException)
        {
            return paths.Tell(e.Message).TrimEnd('.');
        }
    }
}
