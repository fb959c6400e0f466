using NeuralCapacitance.Worker.Probe;
using static TorchSharp.torch;

namespace NeuralCapacitance.Benchmarks.Beta;

/// <summary>
/// β_eff the long way: |P| row by row, each row a Jacobian-vector product by autograd of one entry of ∇W^(l) with respect to W^(l+1),
/// the error δ^(l+1) held fixed; degrees and ratio from these rows. What the closed form replaces.
/// </summary>
internal static class AutogradAdjacency
{
    private const double NormEpsilon = 1e-5;
    private const double Epsilon = 1e-12;

    /// <param name="features">N×F.</param>
    /// <param name="labels">N, int64.</param>
    public static double BetaEff(NeuralCapacitanceProbe probe, Tensor features, Tensor labels)
    {
        using var scope = NewDisposeScope();
        var layers = LayersOf(probe);
        var inDegrees = layers.Select(layer => zeros_like(layer.Weight)).ToArray();
        var outDegrees = layers.Select(layer => zeros_like(layer.Weight)).ToArray();
        var samples = (int)features.shape[0];
        for (var n = 0; n < samples; n++)
        {
            using var sampleScope = NewDisposeScope();
            AddSample(layers, features[n].to(ScalarType.Float64), labels[n].item<long>(), inDegrees, outDegrees);
        }
        var products = inDegrees.Zip(outDegrees, (x, y) => (x * y).sum().item<double>()).Sum() / ((double)samples * samples);
        return products / ((inDegrees.Sum(degrees => degrees.sum().item<double>()) / samples) + Epsilon);
    }

    private static void AddSample(Layer[] layers, Tensor features, long label, Tensor[] inDegrees, Tensor[] outDegrees)
    {
        var (inputs, slopes, errors) = Propagate(layers, features, label);
        for (var l = 0; l + 1 < layers.Length; l++)
        {
            var next = layers[l + 1].Weight.detach().clone().requires_grad_(true);
            var gradient = outer(slopes[l] * next.t().mv(errors[l + 1]), inputs[l]);
            for (var i = 0; i < gradient.shape[0]; i++)
            {
                for (var j = 0; j < gradient.shape[1]; j++)
                {
                    using var entryScope = NewDisposeScope();
                    var row = autograd.grad([gradient[i, j]], [next], retain_graph: true)[0].abs();
                    inDegrees[l][i, j].add_(row.sum());
                    outDegrees[l + 1].add_(row);
                }
            }
        }
    }

    /// <summary>Each layer's input, the slope of its activation, and ∂C/∂y of its Dense output y.</summary>
    private static (Tensor[] Inputs, Tensor[] Slopes, Tensor[] Errors) Propagate(Layer[] layers, Tensor features, long label)
    {
        var inputs = new Tensor[layers.Length];
        var slopes = new Tensor[layers.Length];
        var x = features;
        for (var l = 0; l < layers.Length; l++)
        {
            inputs[l] = x;
            var y = layers[l].Weight.mv(x) + layers[l].Bias;
            if (layers[l].Norm is not { } norm)
            {
                x = y;
                continue;
            }
            var u = ((y - norm.Mean) * norm.Gain) + norm.Shift;
            slopes[l] = u.gt(0).to(ScalarType.Float64) * norm.Gain;
            x = u.relu();
        }
        var errors = new Tensor[layers.Length];
        errors[^1] = x.softmax(0);
        errors[^1][label].sub_(1);
        for (var l = layers.Length - 2; l >= 0; l--) errors[l] = slopes[l] * layers[l + 1].Weight.t().mv(errors[l + 1]);
        return (inputs, slopes, errors);
    }

    private static Layer[] LayersOf(NeuralCapacitanceProbe probe)
    {
        var state = probe.state_dict().ToDictionary(
            entry => entry.Key[(entry.Key.IndexOf('.', StringComparison.Ordinal) + 1)..], entry => entry.Value.detach().to(ScalarType.Float64), StringComparer.Ordinal);
        var count = state.Keys.Count(key => key.StartsWith("dense", StringComparison.Ordinal) && key.EndsWith(".weight", StringComparison.Ordinal));
        return [.. Enumerable.Range(1, count).Select(l => new Layer(state[$"dense{l}.weight"], state[$"dense{l}.bias"], l < count ? NormOf(state, $"norm{l}") : null))];
    }

    private static Norm NormOf(Dictionary<string, Tensor> state, string name)
        => new(state[$"{name}.running_mean"], state[$"{name}.weight"] / (state[$"{name}.running_var"] + NormEpsilon).sqrt(), state[$"{name}.bias"]);

    private sealed record Layer(Tensor Weight, Tensor Bias, Norm? Norm);

    /// <param name="Gain">γ/√(var + ε).</param>
    private sealed record Norm(Tensor Mean, Tensor Gain, Tensor Shift);
}
