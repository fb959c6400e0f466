namespace NeuralCapacitance.Infrastructure.Uploads;

/// <summary>Whether a file is an archive.</summary>
internal static class FileSignature
{
    private const int TarAt = 257;

    private static readonly byte[][] Archives =
    [
        [.. "PK\x03\x04"u8], [.. "PK\x05\x06"u8], [.. "Rar!"u8], [0x37, 0x7A, 0xBC, 0xAF, 0x27, 0x1C], [0x1F, 0x8B], [.. "BZh"u8],
        [0xFD, .. "7zXZ"u8], [0x28, 0xB5, 0x2F, 0xFD], [0x04, 0x22, 0x4D, 0x18],
    ];

    private static readonly string[] Endings = [".zip", ".tar", ".gz", ".tgz", ".bz2", ".xz", ".zst", ".lz4", ".7z", ".rar"];

    public static bool IsNamedAsArchive(string name) => Endings.Any(ending => name.EndsWith(ending, StringComparison.OrdinalIgnoreCase));

    /// <summary>By its first bytes, whatever it is called.</summary>
    public static bool IsArchive(ReadOnlySpan<byte> start)
    {
        foreach (var signature in Archives)
            if (start.StartsWith(signature)) return true;
        return start.Length > TarAt && start[TarAt..].StartsWith("ustar"u8);
    }
}
