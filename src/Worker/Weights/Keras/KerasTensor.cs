using System.Text.RegularExpressions;

namespace NeuralCapacitance.Worker.Weights.Keras;

/// <summary>What one weight of a Keras layer is in our networks.</summary>
/// <param name="Name">Ours; of layers that Keras only numbers it begins with Keras' own (<see cref="KerasNumbers"/>).</param>
/// <param name="Shape">Ours.</param>
/// <param name="Axes">Keras' axis that becomes the first, the second, … of ours.</param>
internal sealed partial record KerasTensor(string Name, IReadOnlyList<long> Shape, IReadOnlyList<int> Axes)
{
    private const string Pointwise = "pointwise_kernel";

    /// <summary>What the classifiers of the six networks are called: a dense layer, and MobileNet's convolution of 1×1.</summary>
    private static readonly string[] Classifiers = [Backbones.KerasLayers.Head, "conv_preds"];

    /// <summary>Kernels H×W×in×out become out×in×H×W, depthwise ones H×W×C×1 become C×1×H×W, dense ones in×out become out×in.</summary>
    /// <param name="layer">Keras' name of the layer.</param>
    /// <param name="weights">Keras' names of its weights, <c>conv1/kernel:0</c> or, before Keras 2, <c>conv1_W:0</c>, and their shapes.</param>
    /// <returns>In the same order.</returns>
    /// <exception cref="InvalidDataException">The layer is of a kind that none of our networks has.</exception>
    public static IReadOnlyList<KerasTensor> Of(string layer, IReadOnlyList<(string Name, IReadOnlyList<long> Shape)> weights)
    {
        var path = PathOf(layer);
        var isSeparable = weights.Any(w => RoleOf(w.Name) is Pointwise);
        return [.. weights.Select(w => Of(w.Name, w.Shape))];

        KerasTensor Of(string name, IReadOnlyList<long> shape)
        {
            return (RoleOf(name), shape) switch
            {
                ("kernel" or "W", [1, 1, var inputs, var outputs]) when Classifiers.Contains(layer, StringComparer.Ordinal) => new($"{path}.weight", [outputs, inputs], [3, 2, 0, 1]),
                ("kernel" or "W", [_, _]) => Permuted("weight", 1, 0),
                // Keras 3 calls the kernel of a depthwise convolution so, too. None of the networks has a convolution with a single output.
                ("kernel" or "W", [_, _, _, 1]) => Permuted("weight", 2, 3, 0, 1),
                ("kernel" or "W", [_, _, _, _]) => Permuted("weight", 3, 2, 0, 1),
                ("depthwise_kernel", [_, _, _, _]) => Permuted(isSeparable ? "depthwise.weight" : "weight", 2, 3, 0, 1),
                (Pointwise, [_, _, _, _]) => Permuted("pointwise.weight", 3, 2, 0, 1),
                ("gamma", [_]) => Permuted("weight", 0),
                ("bias" or "b" or "beta", [_]) => Permuted("bias", 0),
                ("moving_mean" or "running_mean", [_]) => Permuted("running_mean", 0),
                // What Keras 1 called so was the variance.
                ("moving_variance" or "running_std", [_]) => Permuted("running_var", 0),
                _ => throw new InvalidDataException(
                    $"layer '{layer}' has the weight '{name}' of shape [{string.Join(", ", shape)}]; accepted are kernels, biases, and the statistics of batch norms"),
            };

            KerasTensor Permuted(string suffix, params int[] axes) => new($"{path}.{suffix}", [.. axes.Select(axis => shape[axis])], axes);
        }
    }

    /// <summary>The dot comes after the name of the block.</summary>
    private static string PathOf(string layer) =>
        Classifiers.Contains(layer, StringComparer.Ordinal) ? Backbones.KerasLayers.Head
        : layer is "conv_7b" ? "conv_7b.conv"
        : InBlock().Replace(layer, "${block}.${layer}");

    private static string? RoleOf(string weight) => Role().Match(weight) is { Success: true } match ? match.Groups["role"].Value : null;

    [GeneratedRegex(@"^(?<block>conv\d_block\d+|block\d+_\d+|block\d+|conv_7b)_(?<layer>.+)$", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex InBlock();

    [GeneratedRegex(
        @"(^|[/_])(?<role>depthwise_kernel|pointwise_kernel|kernel|W|bias|b|gamma|beta|moving_mean|moving_variance|running_mean|running_std)(:\d+)?$",
        RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Role();
}
