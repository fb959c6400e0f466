using NeuralCapacitance.Domain.Backbones;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace NeuralCapacitance.Worker.Backbones;

/// <summary>
/// Factorised convolutions in parallel branches, arXiv 1512.00567: torchvision's without its last linear layer (the dropout
/// before it stays) and without the auxiliary classifier, which only adds a loss to training from scratch.
/// </summary>
internal sealed class InceptionV3Family : IBackboneFamily
{
    public string Name => "inception";

    public IReadOnlyList<Backbone> Members { get; } =
    [
        new()
        {
            Name = "inceptionv3", Create = Network,
            Parameters = 21_785_568, FeatureWidth = 2048, MultiplyAdds = 5_711_168_096, MinimumSize = 75, NativeSize = 299,
            Head = "fc", Ignored = ["AuxLogits."], Scaling = PixelScaling.SymmetricUnit,
        },
    ];

    private static Module<Tensor, Tensor> Network() =>
        Sequential(
        [
            ("Conv2d_1a_3x3", ConvNormRelu(3, 32, (3, 3), stride: 2, pad: false)),
            ("Conv2d_2a_3x3", ConvNormRelu(32, 32, (3, 3), pad: false)),
            ("Conv2d_2b_3x3", ConvNormRelu(32, 64, (3, 3))),
            ("maxpool1", MaxPool2d(3, stride: 2)),
            ("Conv2d_3b_1x1", ConvNormRelu(64, 80, (1, 1))),
            ("Conv2d_4a_3x3", ConvNormRelu(80, 192, (3, 3), pad: false)),
            ("maxpool2", MaxPool2d(3, stride: 2)),
            ("Mixed_5b", InceptionA(192, pooled: 32)),
            ("Mixed_5c", InceptionA(256, pooled: 64)),
            ("Mixed_5d", InceptionA(288, pooled: 64)),
            ("Mixed_6a", InceptionB(288)),
            ("Mixed_6b", InceptionC(768, inner: 128)),
            ("Mixed_6c", InceptionC(768, inner: 160)),
            ("Mixed_6d", InceptionC(768, inner: 160)),
            ("Mixed_6e", InceptionC(768, inner: 192)),
            ("Mixed_7a", InceptionD(768)),
            ("Mixed_7b", InceptionE(1280)),
            ("Mixed_7c", InceptionE(2048)),
            ("avgpool", AdaptiveAvgPool2d(1)),
            ("dropout", Dropout(0.5)),
            ("flatten", Flatten()),
        ]).TruncatedNormalConvolutions(std: 0.1);

    private static InceptionBlock InceptionA(long inputs, long pooled) => new(
        inputs,
        new([Conv("branch1x1", 64, 1)]),
        new([Conv("branch5x5_1", 48, 1), Conv("branch5x5_2", 64, 5)]),
        new([Conv("branch3x3dbl_1", 64, 1), Conv("branch3x3dbl_2", 96, 3), Conv("branch3x3dbl_3", 96, 3)]),
        new([Average(), Conv("branch_pool", pooled, 1)]));

    private static InceptionBlock InceptionB(long inputs) => new(
        inputs,
        new([Halve("branch3x3", 384)]),
        new([Conv("branch3x3dbl_1", 64, 1), Conv("branch3x3dbl_2", 96, 3), Halve("branch3x3dbl_3", 96)]),
        new([Maximum()]));

    private static InceptionBlock InceptionC(long inputs, long inner) => new(
        inputs,
        new([Conv("branch1x1", 192, 1)]),
        new([Conv("branch7x7_1", inner, 1), Row("branch7x7_2", inner, 7), Column("branch7x7_3", 192, 7)]),
        new([
            Conv("branch7x7dbl_1", inner, 1), Column("branch7x7dbl_2", inner, 7), Row("branch7x7dbl_3", inner, 7),
            Column("branch7x7dbl_4", inner, 7), Row("branch7x7dbl_5", 192, 7)]),
        new([Average(), Conv("branch_pool", 192, 1)]));

    private static InceptionBlock InceptionD(long inputs) => new(
        inputs,
        new([Conv("branch3x3_1", 192, 1), Halve("branch3x3_2", 320)]),
        new([Conv("branch7x7x3_1", 192, 1), Row("branch7x7x3_2", 192, 7), Column("branch7x7x3_3", 192, 7), Halve("branch7x7x3_4", 192)]),
        new([Maximum()]));

    private static InceptionBlock InceptionE(long inputs) => new(
        inputs,
        new([Conv("branch1x1", 320, 1)]),
        new([Conv("branch3x3_1", 384, 1)], Row("branch3x3_2a", 384, 3), Column("branch3x3_2b", 384, 3)),
        new(
            [Conv("branch3x3dbl_1", 448, 1), Conv("branch3x3dbl_2", 384, 3)],
            Row("branch3x3dbl_3a", 384, 3), Column("branch3x3dbl_3b", 384, 3)),
        new([Average(), Conv("branch_pool", 192, 1)]));

    private static Step Conv(string name, long outputs, long kernel) => new(name, outputs, inputs => ConvNormRelu(inputs, outputs, (kernel, kernel)));

    private static Step Row(string name, long outputs, long kernel) => new(name, outputs, inputs => ConvNormRelu(inputs, outputs, (1, kernel)));

    private static Step Column(string name, long outputs, long kernel) => new(name, outputs, inputs => ConvNormRelu(inputs, outputs, (kernel, 1)));

    private static Step Halve(string name, long outputs) =>
        new(name, outputs, inputs => ConvNormRelu(inputs, outputs, (3, 3), stride: 2, pad: false));

    private static Step Average() => new("average", Outputs: null, _ => AvgPool2d(3, stride: 1, padding: 1));

    private static Step Maximum() => new("maximum", Outputs: null, _ => MaxPool2d(3, stride: 2));

    private static Module<Tensor, Tensor> ConvNormRelu(long inputs, long outputs, (long Height, long Width) kernel, long stride = 1, bool pad = true) =>
        Sequential(
            ("conv", Conv2d(
                inputs, outputs, kernel, stride: (stride, stride), padding: pad ? (kernel.Height / 2, kernel.Width / 2) : (0, 0), bias: false)),
            ("bn", BatchNorm2d(outputs, eps: 0.001)),
            ("relu", ReLU(inplace: true)));

    /// <summary>A layer of a branch, made once the width of its input is known. Null outputs: as many as come in.</summary>
    private sealed record Step(string Name, long? Outputs, Func<long, Module<Tensor, Tensor>> Create);

    /// <summary>Layers one after the other; the last result goes out, or through each of the forks and out.</summary>
    private sealed record Branch(Step[] Trunk, params Step[] Forks);

    /// <summary>The outputs of all branches, joined. Layers carry torchvision's names, which do not nest as the branches do.</summary>
    private sealed class InceptionBlock : Module<Tensor, Tensor>
    {
        private readonly (Module<Tensor, Tensor>[] Trunk, Module<Tensor, Tensor>[] Forks)[] branches;

        public InceptionBlock(long inputs, params Branch[] branches)
            : base(nameof(InceptionBlock)) => this.branches = Array.ConvertAll(branches, branch => Build(branch, inputs));

        public override Tensor forward(Tensor x)
        {
            using var scope = NewDisposeScope();
            var outputs = new List<Tensor>();
            foreach (var (trunk, forks) in branches)
            {
                var y = trunk.Aggregate(x, (input, layer) => layer.call(input));
                if (forks.Length == 0)
                    outputs.Add(y);
                else
                    outputs.AddRange(forks.Select(fork => fork.call(y)));
            }

            return cat(outputs, 1).MoveToOuterDisposeScope();
        }

        private (Module<Tensor, Tensor>[] Trunk, Module<Tensor, Tensor>[] Forks) Build(Branch branch, long inputs)
        {
            var width = inputs;
            var trunk = new List<Module<Tensor, Tensor>>();
            foreach (var step in branch.Trunk)
            {
                trunk.Add(Register(step, width));
                width = step.Outputs ?? width;
            }

            return ([.. trunk], Array.ConvertAll(branch.Forks, step => Register(step, width)));
        }

        private Module<Tensor, Tensor> Register(Step step, long inputs)
        {
            var layer = step.Create(inputs);
            register_module(step.Name, layer);
            return layer;
        }
    }
}
