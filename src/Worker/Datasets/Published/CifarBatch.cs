namespace NeuralCapacitance.Worker.Datasets.Published;

/// <summary>
/// The binary layout of CIFAR-10 and CIFAR-100 (A. Krizhevsky, "The CIFAR-10 dataset"): records of label bytes, the last of which tells
/// the class, and 3 × 32 × 32 pixel bytes.
/// </summary>
internal static class CifarBatch
{
    public const int Side = 32;

    private const int Pixels = 3 * Side * Side;

    /// <param name="file">Its name, for messages.</param>
    /// <param name="labelRanges">How many values each label byte of a record can have.</param>
    /// <exception cref="Domain.Datasets.DatasetException">Truncated, empty, or a label out of range.</exception>
    public static ImageBlock Read(byte[] bytes, string file, params ReadOnlySpan<int> labelRanges)
    {
        var record = labelRanges.Length + Pixels;
        if (bytes.Length == 0 || bytes.Length % record != 0)
            throw PublishedFiles.Fault(file, $"has {bytes.Length:N0} bytes, which is no whole number of records of {record:N0}: it is truncated, or not in the binary layout.");
        var labels = new int[bytes.Length / record];
        for (var i = 0; i < labels.Length; i++)
        {
            for (var k = 0; k < labelRanges.Length; k++)
            {
                labels[i] = bytes[(i * record) + k];
                if (labels[i] >= labelRanges[k])
                    throw PublishedFiles.Fault(file, $"has {labels[i]} as label {k + 1} of image {i}; accepted is 0 … {labelRanges[k] - 1}.");
            }
        }
        return new ImageBlock(bytes, labelRanges.Length, record, labels);
    }

    /// <summary>One name per line, as in <c>batches.meta.txt</c>.</summary>
    /// <exception cref="Domain.Datasets.DatasetException">Not as many names as there are classes, or one is there twice.</exception>
    public static string[] ReadNames(byte[] bytes, string file, int count)
    {
        var names = System.Text.Encoding.UTF8.GetString(bytes).Split('\n', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);
        return names.Length == count && names.Distinct(StringComparer.Ordinal).Count() == count
            ? names
            : throw PublishedFiles.Fault(file, $"holds {names.Distinct(StringComparer.Ordinal).Count()} different class names; expected are {count}, one per line.");
    }
}
