namespace NeuralCapacitance.Worker.Datasets.Published;

/// <summary>How the bytes of one image follow each other.</summary>
internal enum PixelOrder
{
    /// <summary>Three planes, each row by row: CIFAR.</summary>
    Rgb,

    /// <summary>Three planes, each column by column: MATLAB.</summary>
    RgbByColumns,

    /// <summary>One plane, row by row: MNIST.</summary>
    Grey,
}

/// <summary>Images as a file holds them; nothing is copied before it is asked for.</summary>
/// <param name="Bytes">The content, with whatever else the file has.</param>
/// <param name="Offset">Of the first image.</param>
/// <param name="Stride">From one image to the next.</param>
/// <param name="Labels">Of each image.</param>
internal sealed record ImageBlock(byte[] Bytes, int Offset, int Stride, int[] Labels);

/// <summary>A published data set as its files have it: every image square, of one size.</summary>
/// <param name="Classes">Names, by label.</param>
/// <param name="Side">Pixels.</param>
internal sealed record PublishedImages(
    IReadOnlyList<string> Classes, int Side, PixelOrder Order, IReadOnlyList<ImageBlock> Train, IReadOnlyList<ImageBlock> Test)
{
    /// <summary>Bytes of an image in 3 × side × side planes.</summary>
    public int PlanarBytes => 3 * Side * Side;

    public static int[] LabelsOf(IEnumerable<ImageBlock> blocks) => [.. blocks.SelectMany(block => block.Labels)];

    /// <param name="planes">Receives 3 × side × side bytes, RGB, row by row; grey becomes three equal planes.</param>
    public void CopyTo(ImageBlock block, int index, Span<byte> planes)
    {
        var plane = Side * Side;
        var source = block.Bytes.AsSpan(block.Offset + (index * block.Stride), Order == PixelOrder.Grey ? plane : 3 * plane);
        switch (Order)
        {
            case PixelOrder.Rgb:
                source.CopyTo(planes);
                return;
            case PixelOrder.Grey:
                for (var channel = 0; channel < 3; channel++) source.CopyTo(planes[(channel * plane)..]);
                return;
            default:
                for (var channel = 0; channel < 3; channel++) Transpose(source.Slice(channel * plane, plane), planes.Slice(channel * plane, plane));
                return;
        }
    }

    private void Transpose(ReadOnlySpan<byte> columns, Span<byte> rows)
    {
        for (var column = 0; column < Side; column++)
            for (var row = 0; row < Side; row++) rows[(row * Side) + column] = columns[(column * Side) + row];
    }
}
