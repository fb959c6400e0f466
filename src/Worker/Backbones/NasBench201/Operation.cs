namespace NeuralCapacitance.Worker.Backbones.NasBench201;

/// <summary>What an edge of a cell computes. None changes the shape.</summary>
internal enum Operation
{
    /// <summary>Zeros.</summary>
    None,

    Skip,

    /// <summary>ReLU, 1×1 convolution, batch norm.</summary>
    Conv1x1,

    /// <summary>ReLU, 3×3 convolution, batch norm.</summary>
    Conv3x3,

    /// <summary>3×3 average pooling; pixels outside the image do not count.</summary>
    AvgPool3x3,
}
