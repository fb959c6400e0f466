using System.Buffers;
using System.Security.Cryptography;
using NeuralCapacitance.Api.Problems;
using NeuralCapacitance.Domain.Jobs;

namespace NeuralCapacitance.Api.Jobs;

/// <summary>A job spec as the client sent it, known to be JSON.</summary>
/// <param name="Json">The text itself.</param>
/// <param name="Hash">SHA-256 of its bytes, hexadecimal: tells two requests with the same Idempotency-Key apart.</param>
internal sealed record SpecBody(string Json, string Hash)
{
    /// <summary>A spec of 200 candidates with long paths stays far below this.</summary>
    public const int MaxBytes = 256 * 1024;

    /// <summary>Whatever media type a client states (<c>curl -d</c> says it is a form): what the body is, its text tells.</summary>
    /// <exception cref="BadHttpRequestException">415 for the parts of a form, 413 for more than <see cref="MaxBytes"/>.</exception>
    /// <exception cref="MalformedTextException">The text is no JSON.</exception>
    public static async Task<SpecBody> ReadAsync(HttpRequest request, CancellationToken cancellationToken)
    {
        if (request.ContentType?.StartsWith("multipart/", StringComparison.OrdinalIgnoreCase) == true)
        {
            throw new BadHttpRequestException(
                "The body is a form of parts (multipart). Send the JSON itself as the body with `Content-Type: application/json`, as `curl --json @spec.json` does.",
                StatusCodes.Status415UnsupportedMediaType);
        }

        return Of(await ReadBytesAsync(request, cancellationToken));
    }

    private static SpecBody Of(byte[] bytes)
    {
        if ((SpecText.Decode(bytes, out var text) ?? SpecText.FaultIn(text)) is { } fault)
        {
            throw new MalformedTextException(fault);
        }

        return new(text, Convert.ToHexStringLower(SHA256.HashData(bytes)));
    }

    /// <summary>As above, but a request without a body has an empty object.</summary>
    public static async Task<SpecBody> ReadOptionalAsync(HttpRequest request, CancellationToken cancellationToken)
    {
        if (request.ContentType is not null) return await ReadAsync(request, cancellationToken);
        var bytes = await ReadBytesAsync(request, cancellationToken);
        return Of(bytes.Length == 0 ? [.. "{}"u8] : bytes);
    }

    private static async Task<byte[]> ReadBytesAsync(HttpRequest request, CancellationToken cancellationToken)
    {
        while (true)
        {
            var read = await request.BodyReader.ReadAsync(cancellationToken);
            var isTooLarge = read.Buffer.Length > MaxBytes;
            var bytes = read.IsCompleted && !isTooLarge ? read.Buffer.ToArray() : null;
            // What is done with counts as consumed: the server reads the rest of the body, and keeps the connection.
            request.BodyReader.AdvanceTo(bytes is null && !isTooLarge ? read.Buffer.Start : read.Buffer.End, read.Buffer.End);
            if (isTooLarge)
            {
                throw new BadHttpRequestException($"A job spec has at most {MaxBytes / 1024} KiB.", StatusCodes.Status413PayloadTooLarge);
            }

            if (bytes is not null)
            {
                return bytes;
            }
        }
    }
}
