using System.Buffers.Binary;
using static TorchSharp.torch;

namespace NeuralCapacitance.Worker.Weights;

public static class SafetensorsWriter
{
    /// <summary>
    /// Writes the tensors, from whatever device they are on, in the reference writer's order: widest element type first, then by name,
    /// which keeps every tensor aligned. The same content always gives the same bytes.
    /// </summary>
    /// <exception cref="NotSupportedException">The format has no name for a tensor's type.</exception>
    public static void Write(
        string path, IReadOnlyDictionary<string, Tensor> tensors, IReadOnlyDictionary<string, string>? metadata = null)
    {
        var ordered = Ordered(tensors);
        var header = new SafetensorsHeader(Layout(ordered), metadata ?? new Dictionary<string, string>(StringComparer.Ordinal)).Serialize();

        using var stream = new FileStream(path, FileMode.Create, FileAccess.Write, FileShare.None);
        Span<byte> prefix = stackalloc byte[sizeof(ulong)];
        BinaryPrimitives.WriteUInt64LittleEndian(prefix, (ulong)header.Length);
        stream.Write(prefix);
        stream.Write(header);
        foreach (var (_, tensor) in ordered)
        {
            WriteBytes(tensor, bytes => stream.Write(bytes));
        }
    }

    /// <summary>The order in which <see cref="Write"/> puts the tensors.</summary>
    internal static IReadOnlyList<KeyValuePair<string, Tensor>> Ordered(IReadOnlyDictionary<string, Tensor> tensors)
        => [.. tensors.OrderByDescending(t => SafetensorsDtype.SizeOf(t.Value.dtype)).ThenBy(t => t.Key, StringComparer.Ordinal)];

    internal delegate void ByteSink(ReadOnlySpan<byte> bytes);

    internal static void WriteBytes(Tensor tensor, ByteSink sink)
    {
        if (tensor.numel() == 0)
        {
            return;
        }
        using var scope = NewDisposeScope();
        sink(tensor.detach().cpu().contiguous().bytes);
    }

    private static List<SafetensorsEntry> Layout(IReadOnlyList<KeyValuePair<string, Tensor>> ordered)
    {
        var entries = new List<SafetensorsEntry>(ordered.Count);
        var position = 0L;
        foreach (var (name, tensor) in ordered)
        {
            var end = position + (tensor.numel() * SafetensorsDtype.SizeOf(tensor.dtype));
            entries.Add(new SafetensorsEntry(name, tensor.dtype, tensor.shape, position, end));
            position = end;
        }
        return entries;
    }
}
