using System.Buffers.Binary;

namespace NeuralCapacitance.Worker.Datasets.Published;

/// <summary>
/// SVHN's cropped digits (Netzer et al. 2011): X, uint8 of 32 × 32 × 3 × N, and y, the digits, where 10 stands for 0.
/// </summary>
internal static class SvhnMat
{
    public const int Side = 32;

    private const int Pixels = 3 * Side * Side;
    private const int ZeroDigit = 10;

    /// <param name="file">Its name, for messages.</param>
    /// <exception cref="Domain.Datasets.DatasetException">Damaged, other shapes or types, or a label that is no digit.</exception>
    public static ImageBlock Read(Stream stream, string file, CancellationToken cancellationToken)
    {
        var arrays = MatFile.Read(stream, file, ["X", "y"], cancellationToken);
        var (x, y) = (arrays["X"], arrays["y"]);
        // MATLAB drops a last dimension of 1.
        if (x.Type != MatType.UInt8 || x.Dimensions is not ([Side, Side, 3, _] or [Side, Side, 3]))
            throw PublishedFiles.Fault(file, $"holds {string.Join(" × ", x.Dimensions)} values of type {x.Type} as X; expected are {Side} × {Side} × 3 × N of UInt8.");
        var images = x.Bytes.Length / Pixels;
        var labels = Labels(y, file);
        if (images == 0 || labels.Length != images) throw PublishedFiles.Fault(file, $"holds {images} images and {labels.Length} labels.");
        return new ImageBlock(x.Bytes, 0, Pixels, labels);
    }

    private static int[] Labels(MatArray y, string file)
    {
        var labels = new int[y.Dimensions.Aggregate(1, (product, size) => product * size)];
        for (var i = 0; i < labels.Length; i++)
        {
            var digit = Value(y, i);
            if (digit is not (>= 0 and <= ZeroDigit) || !double.IsInteger(digit)) throw PublishedFiles.Fault(file, $"has {digit} as label of image {i}; accepted is 1 … 9 and 10 for 0.");
            labels[i] = (int)digit % ZeroDigit;
        }
        return labels;
    }

    private static double Value(MatArray array, int index)
    {
        var bytes = array.Bytes;
        var little = array.IsLittleEndian;
        return array.Type switch
        {
            MatType.UInt8 => bytes[index],
            MatType.Int8 => (sbyte)bytes[index],
            MatType.Int16 => little ? BinaryPrimitives.ReadInt16LittleEndian(At(2)) : BinaryPrimitives.ReadInt16BigEndian(At(2)),
            MatType.UInt16 => little ? BinaryPrimitives.ReadUInt16LittleEndian(At(2)) : BinaryPrimitives.ReadUInt16BigEndian(At(2)),
            MatType.Int32 => little ? BinaryPrimitives.ReadInt32LittleEndian(At(4)) : BinaryPrimitives.ReadInt32BigEndian(At(4)),
            MatType.UInt32 => little ? BinaryPrimitives.ReadUInt32LittleEndian(At(4)) : BinaryPrimitives.ReadUInt32BigEndian(At(4)),
            MatType.Single => little ? BinaryPrimitives.ReadSingleLittleEndian(At(4)) : BinaryPrimitives.ReadSingleBigEndian(At(4)),
            MatType.Double => little ? BinaryPrimitives.ReadDoubleLittleEndian(At(8)) : BinaryPrimitives.ReadDoubleBigEndian(At(8)),
            MatType.Int64 => little ? BinaryPrimitives.ReadInt64LittleEndian(At(8)) : BinaryPrimitives.ReadInt64BigEndian(At(8)),
            _ => little ? BinaryPrimitives.ReadUInt64LittleEndian(At(8)) : BinaryPrimitives.ReadUInt64BigEndian(At(8)),
        };

        ReadOnlySpan<byte> At(int size) => bytes.AsSpan(index * size, size);
    }
}
