using static TorchSharp.torch;

namespace NeuralCapacitance.Worker.Probe;

/// <summary>
/// β_eff of a probe over a set of samples, batch by batch: degrees are summed, the ratio is taken once, so batch size and
/// order do not matter. Float64 from the features on. Two matrix products of the hidden layers' size per middle layer and
/// reading of P, instead of P's out·in·in' entries per sample.
/// </summary>
/// <remarks>The probe acts in eval mode (running statistics, no dropout) whatever mode it is in, as it was when this object was made.</remarks>
public sealed class BetaEffAccumulator : IDisposable
{
    private const double Epsilon = 1e-12;

    private readonly IReadOnlyList<FoldedLayer> layers;
    private readonly DegreeSums absolute = new();
    private readonly DegreeSums squared = new();
    private readonly DegreeSums signed = new();
    private double perSample;
    private long samples;

    public BetaEffAccumulator(NeuralCapacitanceProbe probe)
        : this(FoldedLayer.Of(probe))
    {
    }

    /// <param name="layers">Owned from here on.</param>
    internal BetaEffAccumulator(IReadOnlyList<FoldedLayer> layers) => this.layers = layers;

    /// <param name="features">N×F on the probe's device, from the backbone in eval mode.</param>
    /// <param name="labels">N, int64, on any device.</param>
    /// <exception cref="DivergedException">A feature is NaN or infinite.</exception>
    public void Add(Tensor features, Tensor labels)
    {
        if (features.dim() != 2 || labels.dim() != 1 || features.shape[0] != labels.shape[0] || features.shape[0] == 0)
        {
            throw new ArgumentException(
                $"β_eff takes features N×F and labels N with N ≥ 1; it was given [{string.Join("×", features.shape)}] and [{string.Join("×", labels.shape)}].",
                nameof(features));
        }

        using var _ = no_grad();
        using var scope = NewDisposeScope();
        if (!features.isfinite().all().item<bool>())
            throw new DivergedException("The backbone's features are not finite. A lower learning rate may help.");

        var chain = GradientChain.Of(layers, features.detach().to(ScalarType.Float64), labels.to(features.device));
        var (numerator, denominator) = absolute.Add([.. chain.Folded.Select(link => link.Map(abs))]);
        perSample += (numerator / (denominator + Epsilon)).sum().item<double>();
        squared.Add([.. chain.Folded.Select(link => link.Map(square))]);
        signed.Add(chain.Expanded);
        samples += labels.shape[0];
    }

    /// <exception cref="InvalidOperationException">Nothing was added.</exception>
    /// <exception cref="DivergedException">The probe's running statistics are not finite.</exception>
    public BetaEffValues Result()
    {
        if (samples == 0)
            throw new InvalidOperationException("β_eff of no samples is undefined: add a batch first.");

        var values = new BetaEffValues(
            absolute.BetaEff(samples, Epsilon), squared.BetaEff(samples, Epsilon), perSample / samples, signed.BetaEff(samples, Epsilon));
        return double.IsFinite(values.Absolute)
            ? values
            : throw new DivergedException("β_eff is not finite: the probe's running statistics have diverged. A lower learning rate may help.");
    }

    public void Dispose()
    {
        foreach (var layer in layers)
            layer.Dispose();
        absolute.Dispose();
        squared.Dispose();
        signed.Dispose();
    }
}
