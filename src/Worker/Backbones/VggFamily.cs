using static NeuralCapacitance.Worker.Backbones.Layers;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;
using static TorchSharp.torch.nn.init;

namespace NeuralCapacitance.Worker.Backbones;

/// <summary>
/// Very deep plain networks, arXiv 1409.1556. <c>vgg16</c> and <c>vgg19</c> are torchvision's without their last linear layer;
/// the small ones have one convolution in the first of four stages and two in each other, a quarter of the widths and one linear layer.
/// </summary>
internal sealed class VggFamily : IBackboneFamily
{
    private const string LargeHead = "classifier.6";

    /// <summary>Widths of the convolutions; each inner list ends with a 2×2 max pooling.</summary>
    private static readonly long[][] SmallStages = [[16], [32, 32], [64, 64], [128, 128]];

    private static readonly long[][] Vgg16Stages = [[64, 64], [128, 128], [256, 256, 256], [512, 512, 512], [512, 512, 512]];

    private static readonly long[][] Vgg19Stages = [[64, 64], [128, 128], [256, 256, 256, 256], [512, 512, 512, 512], [512, 512, 512, 512]];

    public string Name => "vgg";

    public IReadOnlyList<Backbone> Members { get; } =
    [
        new()
        {
            Name = "vgg-small", Create = () => Small(norm: false),
            Parameters = 422_528, FeatureWidth = 256, MultiplyAdds = 11_190_272, MinimumSize = 16,
        },
        new()
        {
            Name = "vgg-small-bn", Create = () => Small(norm: true),
            Parameters = 423_456, FeatureWidth = 256, MultiplyAdds = 11_190_272, MinimumSize = 16,
        },
        new()
        {
            Name = "vgg16", Create = () => Large(Vgg16Stages),
            Parameters = 134_260_544, FeatureWidth = 4096, MultiplyAdds = 15_466_168_320, NativeSize = 224, Head = LargeHead,
        },
        new()
        {
            Name = "vgg19", Create = () => Large(Vgg19Stages),
            Parameters = 139_570_240, FeatureWidth = 4096, MultiplyAdds = 19_627_966_464, NativeSize = 224, Head = LargeHead,
        },
    ];

    private static Module<Tensor, Tensor> Small(bool norm) =>
        Network(SmallStages, norm, poolTo: 2, Sequential(Linear(512, 256), ReLU(inplace: true)));

    private static Module<Tensor, Tensor> Large(long[][] stages) =>
        Network(stages, norm: false, poolTo: 7, Sequential(
            Linear(512 * 7 * 7, 4096), ReLU(inplace: true), Dropout(0.5),
            Linear(4096, 4096), ReLU(inplace: true), Dropout(0.5)));

    private static Module<Tensor, Tensor> Network(long[][] stages, bool norm, long poolTo, Module<Tensor, Tensor> classifier) =>
        Sequential([("features", new PoolingFirst([.. Features(stages, norm)])), .. PoolAndFlatten(poolTo), ("classifier", classifier)])
            .KaimingConvolutions(FanInOut.FanOut)
            .NormalLinears(std: 0.01);

    private static IEnumerable<Module<Tensor, Tensor>> Features(long[][] stages, bool norm)
    {
        long inputs = 3;
        foreach (var stage in stages)
        {
            foreach (var width in stage)
            {
                yield return Conv(inputs, width, 3, bias: true);
                if (norm)
                    yield return BatchNorm2d(width);
                yield return ReLU(inplace: true);
                inputs = width;
            }

            yield return MaxPool2d(2);
        }
    }
}
