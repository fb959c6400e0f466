using NeuralCapacitance.Infrastructure.Artifacts;
using NeuralCapacitance.Worker.Backbones;
using NeuralCapacitance.Worker.Probe;
using NeuralCapacitance.Worker.Training;
using TorchSharp;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace NeuralCapacitance.Worker.Scores;

/// <summary>
/// A second network with the same weights as the trial's own, for scores that leave gradients, hooks or other weights behind: the
/// trial's own is not touched at all.
/// </summary>
internal sealed class TwinNetwork : IDisposable
{
    private TwinNetwork(Module<Tensor, Tensor> backbone, NeuralCapacitanceProbe probe) => (Backbone, Probe) = (backbone, probe);

    public Module<Tensor, Tensor> Backbone { get; }

    public NeuralCapacitanceProbe Probe { get; }

    /// <summary>Draws random numbers, which are overwritten.</summary>
    public static TwinNetwork Of(FineTuning tuning, TrialPlan plan, int classes, BackboneCatalogue backbones, ArtifactStore artifacts)
    {
        var network = backbones.Create(plan.Candidate, plan.Spec.Training.ImageSize, artifacts);
        NeuralCapacitanceProbe? probe = null;
        try
        {
            probe = new NeuralCapacitanceProbe(network.FeatureWidth, plan.Spec.Probe, classes);
            var twin = new TwinNetwork(network.Module.to(plan.Device.Torch), probe.to(plan.Device.Torch));
            Copy(tuning.Backbone, twin.Backbone);
            Copy(tuning.Head, twin.Probe);
            return twin;
        }
        catch
        {
            network.Module.Dispose(); // a device that is out of memory needs it back
            probe?.Dispose();
            throw;
        }
    }

    public void Dispose()
    {
        Backbone.Dispose();
        Probe.Dispose();
    }

    private static void Copy(nn.Module from, nn.Module to)
    {
        using var frozen = no_grad();
        using var scope = NewDisposeScope();
        var source = from.state_dict();
        foreach (var (name, target) in to.state_dict()) target.copy_(source[name]);
    }
}
