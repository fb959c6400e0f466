using System.Buffers.Binary;
using System.Globalization;
using System.Security.Cryptography;
using System.Text.Json;
using NeuralCapacitance.Infrastructure.Downloads;

namespace NeuralCapacitance.Infrastructure.Weights;

/// <summary>
/// A safetensors file that tools/keras_to_safetensors.py wrote: its header's <c>__metadata__</c> tells the digests of the file that it was made from.
/// Reads the header only.
/// </summary>
internal static class ConvertedWeights
{
    /// <summary>The largest network's header takes some 100 kB.</summary>
    private const int LongestHeader = 8 << 20;

    private const string NoFile = "is no safetensors file, or was cut off";

    /// <summary>What is wrong with the file, to be read after its name; null: it was made from the published one, and is as long as it should be.</summary>
    /// <param name="source">Of the published file.</param>
    /// <exception cref="IOException">It cannot be read.</exception>
    /// <exception cref="UnauthorizedAccessException">Likewise.</exception>
    public static string? FaultOf(string path, Checksum source)
    {
        using var file = File.OpenRead(path);
        if (ReadHeader(file) is not { } header) return NoFile;
        try
        {
            using var document = JsonDocument.Parse(header);
            return FaultOf(document.RootElement, file.Length - file.Position, source);
        }
        // InvalidOperationException, FormatException: a value of another kind than the format has there, or no number of bytes.
        catch (Exception e) when (e is JsonException or InvalidOperationException or FormatException)
        {
            return NoFile;
        }
    }

    private static byte[]? ReadHeader(FileStream file)
    {
        Span<byte> prefix = stackalloc byte[sizeof(ulong)];
        if (file.ReadAtLeast(prefix, prefix.Length, throwOnEndOfStream: false) < prefix.Length) return null;
        var length = BinaryPrimitives.ReadUInt64LittleEndian(prefix);
        if (length > LongestHeader || (long)length > file.Length - file.Position) return null;
        var header = new byte[(int)length];
        file.ReadExactly(header);
        return header;
    }

    private static string? FaultOf(JsonElement header, long dataLength, Checksum source)
    {
        const string metadata = "__metadata__";
        var expected = header.EnumerateObject().Where(entry => entry.Name is not metadata)
            .Select(entry => entry.Value.TryGetProperty("data_offsets", out var offsets) ? offsets.EnumerateArray().Last().GetInt64() : 0).DefaultIfEmpty().Max();
        if (dataLength != expected) return string.Create(CultureInfo.InvariantCulture, $"holds {dataLength:N0} bytes of numbers where {expected:N0} should be");

        var key = source.Algorithm == HashAlgorithmName.SHA256 ? "source_sha256" : "source_md5";
        if (!header.TryGetProperty(metadata, out var said) || !said.TryGetProperty(key, out var value) || value.GetString() is not { } digest)
            return "does not say which file it was converted from";
        return source.Matches(digest) ? null : $"was converted from a file of {source.Algorithm.Name} {digest}, not from the published one of {source}";
    }
}
