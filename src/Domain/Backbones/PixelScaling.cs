namespace NeuralCapacitance.Domain.Backbones;

/// <summary>How bytes 0 … 255 become the numbers that a network sees.</summary>
public enum PixelScaling
{
    /// <summary>(x / 255 − mean) / deviation with ImageNet's statistics per channel: torchvision's networks.</summary>
    ImageNet,

    /// <summary>x / 127.5 − 1, that is −1 … 1: Keras Applications' <c>tf</c> mode, and networks ported from TensorFlow.</summary>
    SymmetricUnit,
}
