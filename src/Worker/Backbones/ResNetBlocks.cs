using static NeuralCapacitance.Worker.Backbones.Layers;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace NeuralCapacitance.Worker.Backbones;

/// <summary>Two 3×3 convolutions and a shortcut. Fields carry torchvision's names, which become parameter names.</summary>
internal sealed class BasicBlock : Module<Tensor, Tensor>
{
    private readonly Module<Tensor, Tensor> conv1;
    private readonly Module<Tensor, Tensor> bn1;
    private readonly Module<Tensor, Tensor> relu;
    private readonly Module<Tensor, Tensor> conv2;
    private readonly Module<Tensor, Tensor> bn2;
    private readonly Module<Tensor, Tensor>? downsample;

    public BasicBlock(long inputs, long width, long stride)
        : base(nameof(BasicBlock))
    {
        conv1 = Conv(inputs, width, 3, stride);
        bn1 = BatchNorm2d(width);
        relu = ReLU(inplace: true);
        conv2 = Conv(width, width, 3);
        bn2 = BatchNorm2d(width);
        downsample = Shortcut.Projection(inputs, width, stride);
        RegisterComponents();
    }

    public override Tensor forward(Tensor x)
    {
        using var scope = NewDisposeScope();
        var y = relu.call(bn1.call(conv1.call(x)));
        y = bn2.call(conv2.call(y));
        return relu.call(y.add_(downsample is null ? x : downsample.call(x))).MoveToOuterDisposeScope();
    }
}

/// <summary>1×1 down, 3×3 (which carries the stride, as in torchvision), 1×1 up to four times the width, and a shortcut.</summary>
internal sealed class BottleneckBlock : Module<Tensor, Tensor>
{
    public const long Expansion = 4;

    private readonly Module<Tensor, Tensor> conv1;
    private readonly Module<Tensor, Tensor> bn1;
    private readonly Module<Tensor, Tensor> conv2;
    private readonly Module<Tensor, Tensor> bn2;
    private readonly Module<Tensor, Tensor> conv3;
    private readonly Module<Tensor, Tensor> bn3;
    private readonly Module<Tensor, Tensor> relu;
    private readonly Module<Tensor, Tensor>? downsample;

    public BottleneckBlock(long inputs, long width, long stride)
        : base(nameof(BottleneckBlock))
    {
        conv1 = Conv(inputs, width, 1);
        bn1 = BatchNorm2d(width);
        conv2 = Conv(width, width, 3, stride);
        bn2 = BatchNorm2d(width);
        conv3 = Conv(width, width * Expansion, 1);
        bn3 = BatchNorm2d(width * Expansion);
        relu = ReLU(inplace: true);
        downsample = Shortcut.Projection(inputs, width * Expansion, stride);
        RegisterComponents();
    }

    public override Tensor forward(Tensor x)
    {
        using var scope = NewDisposeScope();
        var y = relu.call(bn1.call(conv1.call(x)));
        y = relu.call(bn2.call(conv2.call(y)));
        y = bn3.call(conv3.call(y));
        return relu.call(y.add_(downsample is null ? x : downsample.call(x))).MoveToOuterDisposeScope();
    }
}

internal static class Shortcut
{
    /// <summary>A strided 1×1 convolution where the shape changes; null where the identity will do.</summary>
    public static Module<Tensor, Tensor>? Projection(long inputs, long outputs, long stride) =>
        stride == 1 && inputs == outputs ? null : Sequential(Conv(inputs, outputs, 1, stride), BatchNorm2d(outputs));
}
