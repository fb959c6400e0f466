using NeuralCapacitance.Domain.Backbones;
using static TorchSharp.torch;

namespace NeuralCapacitance.Worker.Datasets;

/// <summary>Pixels as the networks expect them.</summary>
public static class Normalization
{
    private static ReadOnlySpan<float> Mean => [0.485f, 0.456f, 0.406f];

    private static ReadOnlySpan<float> Deviation => [0.229f, 0.224f, 0.225f];

    /// <summary>Per channel, of bytes divided by 255: what <see cref="Apply"/> subtracts, then divides by.</summary>
    public static (IReadOnlyList<float> Mean, IReadOnlyList<float> Deviation) Statistics(PixelScaling scaling) => scaling switch
    {
        PixelScaling.ImageNet => (Mean.ToArray(), Deviation.ToArray()),
        PixelScaling.SymmetricUnit => ([0.5f, 0.5f, 0.5f], [0.5f, 0.5f, 0.5f]),
        _ => throw new ArgumentOutOfRangeException(nameof(scaling), scaling, message: null),
    };

    /// <summary>Scales to float32 on the device: bytes travel there, a quarter of what floats would take.</summary>
    /// <param name="uint8Images">N × 3 × H × W; not changed.</param>
    /// <returns>float32, N × 3 × H × W, on <paramref name="device"/>.</returns>
    public static Tensor Apply(Tensor uint8Images, PixelScaling scaling, Device device)
    {
        using var scope = NewDisposeScope();
        var pixels = uint8Images.to(device).to(ScalarType.Float32);
        return (scaling switch
        {
            PixelScaling.ImageNet => pixels.div_(255).sub_(PerChannel(Mean, device)).div_(PerChannel(Deviation, device)),
            PixelScaling.SymmetricUnit => pixels.div_(127.5).sub_(1),
            _ => throw new ArgumentOutOfRangeException(nameof(scaling), scaling, message: null),
        }).MoveToOuterDisposeScope();
    }

    private static Tensor PerChannel(ReadOnlySpan<float> values, Device device) => tensor(values.ToArray(), device: device).view(1, values.Length, 1, 1);
}
