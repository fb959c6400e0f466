using System.Net.Http.Headers;
using NeuralCapacitance.Infrastructure.Tests.Archives;
using SkiaSharp;

namespace NeuralCapacitance.Api.Tests.Datasets;

/// <summary>Small data sets.</summary>
internal static class Pictures
{
    /// <summary>A picture of noise, another one for each seed.</summary>
    public static byte[] Png(int seed, int width = 8, int height = 6)
    {
        var random = new Random(seed);
        using var picture = new SKBitmap(width, height);
        for (var y = 0; y < height; y++)
            for (var x = 0; x < width; x++) picture.SetPixel(x, y, new SKColor((uint)random.NextInt64(uint.MaxValue)).WithAlpha(byte.MaxValue));
        using var png = picture.Encode(SKEncodedImageFormat.Png, quality: 100);
        return png.ToArray();
    }

    /// <summary>An archive of two classes with so many images each.</summary>
    public static byte[] Zip(int images, int seed = 0)
        => RawZip.Of([.. Enumerable.Range(0, 2 * images).Select(i => new RawEntry($"{(i % 2 == 0 ? "cat" : "dog")}/{i}.png", Png((1000 * seed) + i)) with { Method = 0 })]);

    public static async Task<HttpResponseMessage> UploadAsync(this ServiceFixture service, string name, byte[] archive)
    {
        using var content = new ByteArrayContent(archive);
        content.Headers.ContentType = new MediaTypeHeaderValue("application/zip");
        return await service.Client.PostAsync($"/api/v1/datasets?name={Uri.EscapeDataString(name)}", content);
    }

    /// <summary>Into the data root.</summary>
    public static string Write(this ServiceFixture service, string path, byte[] bytes)
    {
        var file = Path.Combine(service.DataRoot, path);
        Directory.CreateDirectory(Path.GetDirectoryName(file)!);
        File.WriteAllBytes(file, bytes);
        return file;
    }
}
