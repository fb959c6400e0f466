using System.Security.Cryptography;
using System.Text.RegularExpressions;

namespace NeuralCapacitance.Client;

/// <summary>A file that comes with its digest.</summary>
internal static partial class CheckedDownload
{
    private const int BufferBytes = 1 << 16;

    /// <exception cref="InvalidDataException">The bytes have another digest, or the answer tells none.</exception>
    public static async Task SaveAsync(HttpResponseMessage response, string path, CancellationToken cancellationToken)
    {
        var expected = DigestOf(response) ?? throw new InvalidDataException($"{response.RequestMessage?.RequestUri} came without a SHA-256 in Repr-Digest, so it cannot be checked.");
        var part = $"{path}.part";
        try
        {
            var actual = await CopyAsync(response, part, cancellationToken);
            if (!actual.AsSpan().SequenceEqual(expected))
            {
                throw new InvalidDataException($"{response.RequestMessage?.RequestUri} came with the SHA-256 {Convert.ToHexStringLower(actual)}; the service has {Convert.ToHexStringLower(expected)}. Download it again.");
            }

            File.Move(part, path, overwrite: true);
        }
        catch
        {
            File.Delete(part);
            throw;
        }
    }

    private static async Task<byte[]> CopyAsync(HttpResponseMessage response, string part, CancellationToken cancellationToken)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        await using var file = new FileStream(part, FileMode.Create, FileAccess.Write, FileShare.None, bufferSize: 0, useAsync: true);
        await using var body = await response.Content.ReadAsStreamAsync(cancellationToken);
        var buffer = new byte[BufferBytes];
        for (var read = await body.ReadAsync(buffer, cancellationToken); read > 0; read = await body.ReadAsync(buffer, cancellationToken))
        {
            hash.AppendData(buffer, 0, read);
            await file.WriteAsync(buffer.AsMemory(0, read), cancellationToken);
        }

        return hash.GetHashAndReset();
    }

    private static byte[]? DigestOf(HttpResponseMessage response)
        => response.Headers.TryGetValues("Repr-Digest", out var values) && Sha256().Match(string.Join(',', values)) is { Success: true } match
            ? Convert.FromBase64String(match.Groups["digest"].Value)
            : null;

    [GeneratedRegex("(?:^|[,\\s])sha-256=:(?<digest>[A-Za-z0-9+/]{43}=):", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Sha256();
}
