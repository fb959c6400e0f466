using Microsoft.AspNetCore.WebUtilities;
using Microsoft.Net.Http.Headers;

namespace NeuralCapacitance.Api.Datasets;

/// <summary>The archive in a request, as a stream that is never held in memory: the body itself, or the one file of a form.</summary>
internal static class ArchiveBody
{
    private const string AcceptedTypes = "application/zip, or multipart/form-data with one file";
    private const int MostBoundary = 70;

    private static readonly string[] ZipTypes = ["application/zip", "application/x-zip-compressed", "application/octet-stream"];

    /// <exception cref="BadHttpRequestException">415 for another media type; 400 for a form without a file.</exception>
    public static async Task<Stream> OpenAsync(HttpRequest request, CancellationToken cancellationToken)
    {
        if (!MediaTypeHeaderValue.TryParse(request.ContentType, out var type)) throw Unsupported(request);
        if (ZipTypes.Contains(type.MediaType.Value, StringComparer.OrdinalIgnoreCase)) return request.Body;
        if (!string.Equals(type.MediaType.Value, "multipart/form-data", StringComparison.OrdinalIgnoreCase)) throw Unsupported(request);
        var boundary = HeaderUtilities.RemoveQuotes(type.Boundary).Value;
        return boundary is { Length: > 0 and <= MostBoundary }
            ? await FileOfAsync(new MultipartReader(boundary, request.Body), cancellationToken)
            : throw new BadHttpRequestException($"A multipart body needs a boundary of 1 to {MostBoundary} characters in its Content-Type.");
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

    private static BadHttpRequestException Unsupported(HttpRequest request)
        => new($"The body is '{request.ContentType ?? "of no stated type"}'; send {AcceptedTypes}.", StatusCodes.Status415UnsupportedMediaType);
}
