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
        return IsPyTorch(head) ? PyTorchReader.Open(path)
            : IsSafetensors(head) ? SafetensorsReader.Open(path)
            : head.AsSpan().StartsWith(KerasReader.Mark) ? KerasReader.Open(path)
            : throw Unusable(path, ForeignFile.Describe(head, length) ?? "it is neither a safetensors file, nor one that torch.save wrote, nor an .h5 of Keras");
    }

    /// <summary>Whether a file that begins so is worth to be opened. A TorchScript file is.</summary>
    /// <param name="head">At least the first 15 bytes, where there are as many.</param>
    internal static bool BeginsLikeWeights(ReadOnlySpan<byte> head) => IsPyTorch(head) || IsSafetensors(head) || head.StartsWith(KerasReader.Mark);

    private static bool IsPyTorch(ReadOnlySpan<byte> head) => head.StartsWith("PK\x03\x04"u8) || head.StartsWith(PyTorchReader.LegacyMark);

    private static bool IsSafetensors(ReadOnlySpan<byte> head) => head.Length > sizeof(ulong) && head[sizeof(ulong)] == (byte)'{';

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
