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
    /// <summary>Up to here single precision counts exactly.</summary>
    private const long MostUnitsAtOnce = 1 << 24;

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
        using var counts = kernel.cpu();
        if (HasTwins(counts))
            throw new NoScoreException("two images of the batch switch the same units");
        var (_, logarithm) = linalg.slogdet(counts);
        var score = logarithm.ToDouble();
        return double.IsFinite(score) ? score : throw new NoScoreException("the switched units of the batch have no determinant");
    }

    /// <summary>An output above zero is a unit that was switched on, whether the ReLU works in place or not.</summary>
    private static void Count(Tensor output, Tensor kernel)
    {
        using var scope = NewDisposeScope();
        var all = (output > 0).to(ScalarType.Float32).flatten(1);
        for (long at = 0; at < all.shape[1]; at += MostUnitsAtOnce)
        {
            using var part = NewDisposeScope();
            var on = all.narrow(1, at, Math.Min(MostUnitsAtOnce, all.shape[1] - at));
            var off = 1 - on;
            kernel.add_(on.mm(on.t()).to(ScalarType.Float64)).add_(off.mm(off.t()).to(ScalarType.Float64));
        }
    }

    /// <summary>
    /// Whether two images agree in as many units as one does with itself, in all. Counts are whole numbers and exact; the determinant is not, and
    /// where it should be 0, it is often a little more or less.
    /// </summary>
    private static bool HasTwins(Tensor counts)
    {
        var n = (int)counts.shape[0];
        double[] all = [.. counts.data<double>()];
        for (var i = 0; i < n; i++)
            for (var j = 0; j < i; j++)
                if (all[(i * n) + j] == all[(i * n) + i]) return true;
        return false;
    }
}
