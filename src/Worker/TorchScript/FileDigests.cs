using System.Collections.Concurrent;
using System.Security.Cryptography;

namespace NeuralCapacitance.Worker.TorchScript;

/// <summary>SHA-256 of files, read once and again when their length or time of change is another. For what is told to people: who opens a file judges what it read.</summary>
internal sealed class FileDigests
{
    private readonly ConcurrentDictionary<string, (long Length, DateTime Changed, string Digest)> known = new(StringComparer.Ordinal);

    /// <returns>Lower-case hexadecimal.</returns>
    /// <exception cref="IOException">It cannot be read.</exception>
    public string Of(string path)
    {
        var file = new FileInfo(path);
        var (length, changed) = (file.Length, file.LastWriteTimeUtc);
        if (known.TryGetValue(path, out var last) && last.Length == length && last.Changed == changed) return last.Digest;
        using var stream = File.OpenRead(path);
        var digest = Convert.ToHexStringLower(SHA256.HashData(stream));
        known[path] = (length, changed, digest);
        return digest;
    }
}
