namespace TorchSharp;

/// <summary>How a convolution's border is filled.</summary>
public enum PaddingModes
{
    Zeros = 0,
    Reflect = 1,
    Replicate = 2,
    Circular = 3,
    Constant = 4,
}

/// <summary>Padding by rule instead of by number: none, or as much as keeps the size at stride 1.</summary>
public enum Padding
{
    Valid = 0,
    Same = 1,
}

/// <summary>How values between the given points are found.</summary>
public enum InterpolationMode
{
    Nearest = 0,
    Linear = 1,
    Bilinear = 2,
    Bicubic = 3,
    Trilinear = 4,
    Area = 5,
}

public static partial class torch
{
    public static partial class nn
    {
        /// <summary>What becomes of the losses of a batch; libtorch's numbers.</summary>
        public enum Reduction
        {
            None = 0,
            Mean = 1,
            Sum = 2,
        }
    }
}
