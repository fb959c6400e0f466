using NeuralCapacitance.Domain.Jobs;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;
using static TorchSharp.torch.nn.init;

namespace NeuralCapacitance.Worker.Probe;

/// <summary>
/// The classifier that replaces a backbone's head: [Dense – BatchNorm – ReLU – Dropout] per hidden layer, then
/// Dense(C); features N×F to logits N×C. Kaiming-normal weights, zero bias, all of them frozen: only the backbone learns
/// (a finalization may let the probe learn too). The batch norms' running statistics do follow the features in train mode.
/// </summary>
/// <remarks>docs/method.md says why.</remarks>
public sealed class NeuralCapacitanceProbe : Module<Tensor, Tensor>
{
    internal const double NormEpsilon = 1e-5;

    private readonly Module<Tensor, Tensor> layers;

    /// <param name="featureWidth">F, the backbone's.</param>
    /// <param name="spec">At least two hidden layers: with one, no weight has neighbours on both sides and β_eff is always 0.</param>
    /// <param name="classes">C, at least 2.</param>
    /// <param name="isTrainable">Its weights learn with the backbone.</param>
    public NeuralCapacitanceProbe(int featureWidth, ProbeSpec spec, int classes, bool isTrainable = false)
        : base(nameof(NeuralCapacitanceProbe))
    {
        ArgumentNullException.ThrowIfNull(spec);
        ArgumentOutOfRangeException.ThrowIfLessThan(featureWidth, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(classes, 2);
        if (spec.Hidden.Count < 2)
            throw new ArgumentException($"The probe needs at least two hidden layers to have a β_eff; it was given {spec.Hidden.Count}.", nameof(spec));

        int[] widths = [featureWidth, .. spec.Hidden, classes];
        Dense = [.. widths.Zip(widths.Skip(1), (inputs, outputs) => Linear(inputs, outputs))];
        Norms = [.. spec.Hidden.Select(width => BatchNorm1d(width, eps: NormEpsilon))];
        layers = Sequential(Named(spec.Dropout).ToArray());
        RegisterComponents();
        Initialise(isTrainable);
    }

    internal IReadOnlyList<TorchSharp.Modules.Linear> Dense { get; }

    /// <summary>The batch norm behind each Dense layer but the last.</summary>
    internal IReadOnlyList<TorchSharp.Modules.BatchNorm1d> Norms { get; }

    public override Tensor forward(Tensor features) => layers.call(features);

    private IEnumerable<(string, Module<Tensor, Tensor>)> Named(double dropout)
    {
        for (var l = 0; l < Norms.Count; l++)
        {
            yield return ($"dense{l + 1}", Dense[l]);
            yield return ($"norm{l + 1}", Norms[l]);
            yield return ($"relu{l + 1}", ReLU(inplace: true));
            yield return ($"dropout{l + 1}", Dropout(dropout));
        }

        yield return ($"dense{Dense.Count}", Dense[^1]);
    }

    private void Initialise(bool isTrainable)
    {
        using var _ = no_grad();
        foreach (var dense in Dense)
        {
            kaiming_normal_(dense.weight, mode: FanInOut.FanIn, nonlinearity: NonlinearityType.ReLU);
            zeros_(dense.bias!);
        }

        foreach (var parameter in parameters())
            parameter.requires_grad = isTrainable;
    }
}
