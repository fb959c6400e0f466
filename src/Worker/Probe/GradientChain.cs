using static TorchSharp.torch;

namespace NeuralCapacitance.Worker.Probe;

/// <summary>
/// One layer of trainable weights W (out×in) as the line graph G_B sees it, for N samples: y = W x, ∇W = q xᵀ, and the next
/// layer's input is σ(y).
/// </summary>
/// <param name="Input">x, N×in.</param>
/// <param name="Slope">σ'(y), N×out; unused in the last layer.</param>
/// <param name="Error">q = ∂C/∂y, N×out.</param>
/// <param name="Diagonal">W acts elementwise (the γ of a batch norm), so that in = out.</param>
internal sealed record ChainLink(Tensor Input, Tensor Slope, Tensor Error, bool Diagonal = false)
{
    public ChainLink Map(Func<Tensor, Tensor> f) => new(f(Input), f(Slope), f(Error), Diagonal);
}

/// <summary>The probe's forward and backward pass in eval mode, as two chains of layers.</summary>
/// <param name="Folded">Dense layers only; a batch norm is part of σ, so σ' = 1[u &gt; 0] · γ · rstd.</param>
/// <param name="Expanded">Batch norms are diagonal layers of their own.</param>
internal sealed record GradientChain(IReadOnlyList<ChainLink> Folded, IReadOnlyList<ChainLink> Expanded)
{
    /// <param name="layers">The probe.</param>
    /// <param name="features">N×F, float64.</param>
    /// <param name="labels">N, int64.</param>
    public static GradientChain Of(IReadOnlyList<FoldedLayer> layers, Tensor features, Tensor labels)
    {
        var (hidden, logits) = Forward(layers, features);
        var classes = layers[^1].Weight.shape[0];
        var error = logits.softmax(1).sub_(nn.functional.one_hot(labels, classes).to(ScalarType.Float64));

        var last = new ChainLink(hidden.Count > 0 ? hidden[^1].Output : features, Slope: ones_like(error), error);
        List<ChainLink> folded = [last];
        List<ChainLink> expanded = [last];
        for (var l = hidden.Count - 1; l >= 0; l--)
        {
            var (input, normalised, mask, _) = hidden[l];
            var behindRelu = error.matmul(layers[l + 1].Weight).mul_(mask);
            if (layers[l].Norm is { } norm)
            {
                var scale = norm.Gamma * norm.Rstd;
                error = behindRelu * scale;
                folded.Add(new(input, mask * scale, error));
                expanded.Add(new(normalised, mask, behindRelu, Diagonal: true));
                expanded.Add(new(input, norm.Rstd.expand_as(error), error));
            }
            else
            {
                error = behindRelu;
                folded.Add(new(input, mask, error));
                expanded.Add(folded[^1]);
            }
        }

        folded.Reverse();
        expanded.Reverse();
        return new(folded, expanded);
    }

    private static (List<HiddenState> Hidden, Tensor Logits) Forward(IReadOnlyList<FoldedLayer> layers, Tensor features)
    {
        var hidden = new List<HiddenState>();
        var x = features;
        foreach (var layer in layers.SkipLast(1))
        {
            var y = nn.functional.linear(x, layer.Weight, layer.Bias);
            var normalised = layer.Norm is { } norm ? (y - norm.Mean).mul_(norm.Rstd) : y;
            var u = layer.Norm is { } affine ? (normalised * affine.Gamma).add_(affine.Shift) : y;
            var mask = u.gt(0).to(ScalarType.Float64);
            var output = u * mask;
            hidden.Add(new(x, normalised, mask, output));
            x = output;
        }

        return (hidden, nn.functional.linear(x, layers[^1].Weight, layers[^1].Bias));
    }

    private sealed record HiddenState(Tensor Input, Tensor Normalised, Tensor Mask, Tensor Output);
}
