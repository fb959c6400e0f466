namespace NeuralCapacitance.Infrastructure.Archives;

/// <summary>The checksum of zip and PNG (ISO 3309, polynomial 0xEDB88320 reflected); .NET keeps its own to itself.</summary>
public static class Crc32
{
    private static readonly uint[] Table = [.. Enumerable.Range(0, 256).Select(OfByte)];

    /// <summary>The checksum of what came before and <paramref name="bytes"/> together.</summary>
    /// <param name="before">0 at the beginning.</param>
    public static uint Append(uint before, ReadOnlySpan<byte> bytes)
    {
        var crc = ~before;
        foreach (var b in bytes) crc = Table[(byte)(crc ^ b)] ^ (crc >> 8);
        return ~crc;
    }

    private static uint OfByte(int value)
    {
        var crc = (uint)value;
        for (var bit = 0; bit < 8; bit++) crc = (crc >> 1) ^ ((crc & 1) * 0xEDB88320u);
        return crc;
    }
}
