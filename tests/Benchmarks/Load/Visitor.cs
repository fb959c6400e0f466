using System.Diagnostics;
using System.IO.Compression;
using System.Net;
using System.Net.Http.Headers;
using SkiaSharp;

namespace NeuralCapacitance.Benchmarks.Load;

/// <summary>Somebody who uploads a small data set as the documentation says, and tries again when told to.</summary>
internal static class Visitor
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    /// <returns>Seconds until the data set can be used; null: not within a minute.</returns>
    public static async Task<double?> UploadAsync(HttpClient http, CancellationToken cancellationToken)
    {
        var archive = Archive();
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        patience.CancelAfter(Patience);
        var start = Stopwatch.GetTimestamp();
        try
        {
            while (true)
            {
                using var content = new ByteArrayContent(archive);
                content.Headers.ContentType = new MediaTypeHeaderValue("application/zip");
                using var response = await http.PostAsync("/api/v1/datasets?name=visitor", content, patience.Token);
                if (response.StatusCode != HttpStatusCode.ServiceUnavailable) return response.IsSuccessStatusCode ? Stopwatch.GetElapsedTime(start).TotalSeconds : throw new HttpRequestException(await response.Content.ReadAsStringAsync(patience.Token));
                await Task.Delay(response.Headers.RetryAfter?.Delta ?? TimeSpan.FromSeconds(1), patience.Token);
            }
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            return null;
        }
    }

    private static byte[] Archive()
    {
        using var picture = new SKBitmap(8, 8);
        using var png = picture.Encode(SKEncodedImageFormat.Png, quality: 100);
        var stream = new MemoryStream();
        using (var zip = new ZipArchive(stream, ZipArchiveMode.Create, leaveOpen: true))
        {
            for (var i = 0; i < 20; i++)
            {
                using var entry = zip.CreateEntry($"{(i % 2 == 0 ? "cat" : "dog")}/{i}.png").Open();
                png.SaveTo(entry);
            }
        }
        return stream.ToArray();
    }
}
