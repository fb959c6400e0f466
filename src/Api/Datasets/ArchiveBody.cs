using Microsoft.AspNetCore.WebUtilities;
using Microsoft.Net.Http.Headers;

namespace NeuralCapacitance.Api.Datasets;

/// <summary>The archive in a request, as a stream that is never held in memory: the body itself, or the one file of a form.</summary>
internal static class ArchiveBody
{
    private const int MostBoundary = 70;

    private static readonly string[] ZipTypes = ["application/zip", "application/x-zip-compressed", "application/x-zip", "application/octet-stream", "binary/octet-stream"];

    /// <summary>Clients guess the type, and guess wrong: a body that begins as a zip file is read as one, whatever it is called.</summary>
    /// <exception cref="BadHttpRequestException">415 for a body of another type that is no zip file; 400 for a form without a file.</exception>
    public static async Task<Stream> OpenAsync(HttpRequest request, CancellationToken cancellationToken)
    {
        var type = MediaTypeHeaderValue.TryParse(request.ContentType, out var stated) ? stated : null;
        if (type?.MediaType.StartsWith("multipart/", StringComparison.OrdinalIgnoreCase) == true)
        {
            var boundary = HeaderUtilities.RemoveQuotes(type.Boundary).Value;
            return boundary is { Length: > 0 and <= MostBoundary }
                ? await FileOfAsync(new MultipartReader(boundary, request.Body), cancellationToken)
                : throw new BadHttpRequestException($"A multipart body needs a boundary of 1 to {MostBoundary} characters in its Content-Type.");
        }
        if (type is null || ZipTypes.Contains(type.MediaType.Value, StringComparer.OrdinalIgnoreCase)) return request.Body;
        return await BeginsAsZipAsync(request, cancellationToken)
            ? request.BodyReader.AsStream()
            : throw new BadHttpRequestException(
                $"The body is said to be {type.MediaType.Value}, and is no zip file. Send the zip file itself with `Content-Type: application/zip`, as `curl -T birds.zip -X POST` does, "
                + "or as the one file of a form (multipart/form-data), as `curl --form file=@birds.zip` does.",
                StatusCodes.Status415UnsupportedMediaType);
    }

    private static async Task<bool> BeginsAsZipAsync(HttpRequest request, CancellationToken cancellationToken)
    {
        const int signatureBytes = 2;
        var read = await request.BodyReader.ReadAtLeastAsync(signatureBytes, cancellationToken);
        var isZip = read.Buffer.Length >= signatureBytes && read.Buffer.FirstSpan.StartsWith("PK"u8);
        // Nothing of it has been taken.
        request.BodyReader.AdvanceTo(read.Buffer.Start);
        return isZip;
    }

    private static async Task<Stream> FileOfAsync(MultipartReader form, CancellationToken cancellationToken)
    {
        try
        {
            while (await form.ReadNextSectionAsync(cancellationToken) is { } section)
            {
                if (section.GetContentDispositionHeader()?.IsFileDisposition() == true) return section.Body;
            }
        }
        catch (Exception e) when (e is InvalidDataException || e is IOException and not BadHttpRequestException)
        {
            throw new BadHttpRequestException($"The multipart body cannot be read: {e.Message}", e);
        }
        throw new BadHttpRequestException("The form holds no file; send the archive as one, as `curl --form file=@birds.zip` does.");
    }
}
