using static TorchSharp.torch;

namespace NeuralCapacitance.Worker.Probe;

/// <summary>A Dense layer in float64, out×in, with the batch norm behind it as it acts in eval mode.</summary>
internal sealed record FoldedLayer(Tensor Weight, Tensor Bias, FoldedNorm? Norm) : IDisposable
{
    /// <summary>A float64 copy of the probe that outlives any dispose scope; later changes of its running statistics are not seen.</summary>
    public static IReadOnlyList<FoldedLayer> Of(NeuralCapacitanceProbe probe)
    {
        using var _ = no_grad();
        return [.. probe.Dense.Select((dense, l) => new FoldedLayer(
            Copy(dense.weight!),
            Copy(dense.bias!),
            l < probe.Norms.Count ? FoldedNorm.Of(probe.Norms[l]) : null))];
    }

    public void Dispose()
    {
        Weight.Dispose();
        Bias.Dispose();
        Norm?.Dispose();
    }

    internal static Tensor Copy(Tensor tensor) => tensor.detach().to(ScalarType.Float64, copy: true).DetachFromDisposeScope();
}

/// <summary>x̂ = (y − mean) · rstd, u = γ x̂ + shift; all of length out.</summary>
internal sealed record FoldedNorm(Tensor Mean, Tensor Rstd, Tensor Gamma, Tensor Shift) : IDisposable
{
    public static FoldedNorm Of(TorchSharp.Modules.BatchNorm1d norm)
    {
        using var scope = NewDisposeScope();
        var variance = norm.running_var!.to(ScalarType.Float64);
        return new(
            FoldedLayer.Copy(norm.running_mean!),
            variance.add(NeuralCapacitanceProbe.NormEpsilon).rsqrt().DetachFromDisposeScope(),
            FoldedLayer.Copy(norm.weight!),
            FoldedLayer.Copy(norm.bias!));
    }

    public void Dispose()
    {
        Mean.Dispose();
        Rstd.Dispose();
        Gamma.Dispose();
        Shift.Dispose();
    }
}
