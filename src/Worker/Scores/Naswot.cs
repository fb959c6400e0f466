using TorchSharp;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace NeuralCapacitance.Worker.Scores;

/// <summary>
/// NASWOT (Mellor et al., ICML 2021): ln |det K|, where K[i, j] counts the ReLU units, over all calls of ReLU and ReLU6 modules, that images
/// i and j switch alike. Greater: the network tells the images of a batch apart better. In the mode of <see cref="BatchStatistics"/>.
/// </summary>
internal static class Naswot
{
    /// <summary>Leaves moved running moments and train mode behind: for networks that are thrown away.</summary>
    /// <param name="images">N, as the backbone takes them.</param>
    /// <exception cref="NoScoreException">The network has no ReLU module, or two images switch the same units.</exception>
    public static double Of(Module<Tensor, Tensor> backbone, Tensor images)
    {
        using var frozen = no_grad();
        using var scope = NewDisposeScope();
        BatchStatistics.Use(backbone);
        var kernel = zeros(images.shape[0], images.shape[0], ScalarType.Float64, images.device);
        var hooks = backbone.modules().OfType<Module<Tensor, Tensor>>().Where(module => module is TorchSharp.Modules.ReLU or TorchSharp.Modules.ReLU6)
            .Select(relu => relu.register_forward_hook((_, _, output) =>
            {
                Count(output, kernel);
                return output;
            })).ToList();
        if (hooks.Count == 0)
            throw new NoScoreException("not applicable: the network has no ReLU module");
        try
        {
            backbone.call(images);
        }
        finally
        {
            hooks.ForEach(hook => hook.remove());
        }
        var (_, logarithm) = linalg.slogdet(kernel.cpu());
        var score = logarithm.ToDouble();
        return double.IsFinite(score) ? score : throw new NoScoreException("two images of the batch switch the same units");
    }

    /// <summary>An output above zero is a unit that was switched on, whether the ReLU works in place or not.</summary>
    private static void Count(Tensor output, Tensor kernel)
    {
        using var scope = NewDisposeScope();
        var on = (output > 0).to(ScalarType.Float32).flatten(1);
        var off = 1 - on;
        kernel.add_((on.mm(on.t()) + off.mm(off.t())).to(ScalarType.Float64));
    }
}
