using NeuralCapacitance.Worker.Weights.Keras;
using NeuralCapacitance.Worker.Weights.PyTorch;

namespace NeuralCapacitance.Worker.Weights;

/// <summary>Opens a file of weights by what is in it; its name means nothing.</summary>
public static class WeightsFile
{
    /// <exception cref="WeightsException">The file cannot be read, has none of the formats, or breaks its own.</exception>
    public static IWeightsFile Open(string path)
    {
        var (head, length) = ReadHead(path);
        return head.AsSpan().StartsWith("PK\x03\x04"u8) || head.AsSpan().StartsWith(PyTorchReader.LegacyMark) ? PyTorchReader.Open(path)
            : head.Length > sizeof(ulong) && head[sizeof(ulong)] == (byte)'{' ? SafetensorsReader.Open(path)
            : head.AsSpan().StartsWith(KerasReader.Mark) ? KerasReader.Open(path)
            : throw Unusable(path, ForeignFile.Describe(head, length) ?? "it is neither a safetensors file, nor one that torch.save wrote, nor an .h5 of Keras");
    }

    private static WeightsException Unusable(string path, string reason, Exception? innerException = null)
        => new($"'{path}' holds no usable weights: {reason}.", innerException);

    private static (byte[] Head, long Length) ReadHead(string path)
    {
        try
        {
            using var file = File.OpenRead(path);
            var head = new byte[(int)Math.Min(ForeignFile.HeadLength, file.Length)];
            file.ReadExactly(head);
            return (head, file.Length);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw Unusable(path, e.Message.TrimEnd('.'), e);
        }
    }
}
