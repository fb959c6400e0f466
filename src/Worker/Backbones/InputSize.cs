using NeuralCapacitance.Domain.Backbones;
using TorchSharp;
using static TorchSharp.torch;

namespace NeuralCapacitance.Worker.Backbones;

/// <summary>The side of the square images of a job, and the side that a backbone is fed.</summary>
public sealed record InputSize(int Given, int Used)
{
    public static InputSize For(BackboneInfo backbone, int imageSize) =>
        new(imageSize, Math.Max(imageSize, backbone.MinimumSize));

    /// <summary>True when images are smaller than the backbone's minimum; the trial must say so.</summary>
    public bool IsUpsampled => Used > Given;

    /// <summary>Bilinear upsampling, N×3×<see cref="Given"/>² to N×3×<see cref="Used"/>²; the images themselves when they are large enough.</summary>
    public Tensor Apply(Tensor images) =>
        IsUpsampled
            ? nn.functional.interpolate(images, size: [Used, Used], mode: InterpolationMode.Bilinear, align_corners: false)
            : images;

    public override string ToString() => IsUpsampled ? $"{Given} px upsampled to {Used} px" : $"{Given} px";
}
