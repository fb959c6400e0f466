using System.Numerics;
using System.Runtime.Intrinsics;

namespace NeuralCapacitance.Worker.Datasets.Decoding.Jpeg;

/// <summary>In entropy-coded data a byte FF is followed by 0, since another byte would make it a marker: ITU-T T.81, B.1.1.5.</summary>
internal static class JpegStuffing
{
    /// <summary>Copies the data up to the next marker, or to the end, without those zeros.</summary>
    /// <param name="target">As long as <paramref name="data"/> and a vector more.</param>
    /// <param name="end">Where in <paramref name="data"/> the marker is.</param>
    /// <returns>Bytes written; what comes after them is undefined.</returns>
    public static int Remove(ReadOnlySpan<byte> data, Span<byte> target, out int end)
    {
        var (from, to) = (0, 0);
        while (true)
        {
            var plain = CopyPlain(data[from..], target[to..]);
            (from, to) = (from + plain, to + plain);
            if (from + 1 >= data.Length || data[from + 1] != 0) break;
            target[to++] = 0xFF;
            from += 2;
        }
        end = from;
        return to;
    }

    /// <summary>Bytes up to the first FF.</summary>
    private static int CopyPlain(ReadOnlySpan<byte> data, Span<byte> target)
    {
        var at = 0;
        for (; at + Vector256<byte>.Count <= data.Length; at += Vector256<byte>.Count)
        {
            var bytes = Vector256.Create(data[at..]);
            bytes.CopyTo(target[at..]);
            var marks = Vector256.Equals(bytes, Vector256<byte>.AllBitsSet).ExtractMostSignificantBits();
            if (marks != 0) return at + BitOperations.TrailingZeroCount(marks);
        }
        for (; at < data.Length && data[at] != 0xFF; at++) target[at] = data[at];
        return at;
    }
}
