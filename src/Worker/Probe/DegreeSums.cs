using static TorchSharp.torch;

namespace NeuralCapacitance.Worker.Probe;

/// <summary>
/// In- and out-degrees of the weights in G_B, summed over samples, in closed form. With P[(i,j) ∈ W^(l), (k,i) ∈ W^(l+1)] =
/// σ'_{l,i} q_{l+1,k} x_{l,j} (paper, Eq. 7), summing out one of the two weights leaves, per sample, a product of two vectors:
/// δ_in(W^(l)_ij) = A_i x_j with A = σ'_l ⊙ Σ_k q_{l+1,k}, and δ_out(W^(l)_ki) = q_k B_i with B = σ'_{l−1} ⊙ Σ_j x_{l−1,j}.
/// </summary>
/// <remarks>A diagonal neighbour has only the entry with the same index, so there the sum over it falls away.</remarks>
internal sealed class DegreeSums : IDisposable
{
    private readonly Dictionary<int, (Tensor In, Tensor Out)> middle = [];
    private Tensor? total;

    /// <summary>Adds the degrees of a batch, and returns each sample's own numerator and denominator of β_eff (both of length N).</summary>
    public (Tensor Numerator, Tensor Denominator) Add(IReadOnlyList<ChainLink> chain)
    {
        var numerator = zeros_like(chain[0].Input.select(1, 0));
        var denominator = zeros_like(numerator);
        for (var l = 0; l < chain.Count - 1; l++)
        {
            var (x, _, q, diagonal) = chain[l];
            var a = InFactor(chain[l], chain[l + 1]);
            denominator.add_(diagonal ? (a * x).sum(dim: 1) : a.sum(dim: 1) * x.sum(dim: 1));
            if (l == 0)
                continue;

            var b = OutFactor(chain[l - 1]);
            numerator.add_(diagonal ? (a * x * q * b).sum(dim: 1) : (a * q).sum(dim: 1) * (x * b).sum(dim: 1));
            Accumulate(
                l,
                diagonal ? (a * x).sum(dim: 0) : a.t().matmul(x),
                diagonal ? (q * b).sum(dim: 0) : q.t().matmul(b));
        }

        total = Sum(total, denominator.sum());
        return (numerator, denominator);
    }

    /// <summary>β_eff = Σ δ_out δ_in / (Σ δ_in + ε) of the mean P over samples (paper, Eq. 2).</summary>
    public double BetaEff(long samples, double epsilon)
    {
        using var scope = NewDisposeScope();
        var numerator = middle.Values.Sum(degrees => (degrees.In * degrees.Out).sum().item<double>());
        return numerator / samples / samples / ((total!.item<double>() / samples) + epsilon);
    }

    public void Dispose()
    {
        foreach (var (@in, @out) in middle.Values)
        {
            @in.Dispose();
            @out.Dispose();
        }

        total?.Dispose();
    }

    private static Tensor InFactor(ChainLink link, ChainLink next) =>
        link.Slope * (next.Diagonal ? next.Error : next.Error.sum(dim: 1, keepdim: true));

    private static Tensor OutFactor(ChainLink previous) =>
        previous.Slope * (previous.Diagonal ? previous.Input : previous.Input.sum(dim: 1, keepdim: true));

    private void Accumulate(int layer, Tensor @in, Tensor @out)
    {
        var (sumIn, sumOut) = middle.GetValueOrDefault(layer);
        middle[layer] = (Sum(sumIn, @in), Sum(sumOut, @out));
    }

    private static Tensor Sum(Tensor? sum, Tensor batch)
    {
        if (sum is null)
            return batch.DetachFromDisposeScope();
        sum.add_(batch);
        return sum;
    }
}
