using Microsoft.Playwright;
using SkiaSharp;

namespace NeuralCapacitance.EndToEnd.FirstHour;

/// <summary>Pictures of the page as the tests see it, kept in artifacts/screenshots; scripts/screenshots puts them into docs.</summary>
internal static class Screenshots
{
    private const int Quality = 80;

    private static readonly string Folder = Repository.PathOf("artifacts/screenshots");

    /// <param name="name">Of the file, without its ending.</param>
    /// <param name="part">Only this; null: all of the page.</param>
    public static async Task KeepAsync(this IPage page, string name, ILocator? part = null)
    {
        // What stays in sight while one scrolls stands where it belongs.
        if (part is null) await page.EvaluateAsync("scrollTo(0, 0)");
        var png = part is null ? await page.ScreenshotAsync(new() { FullPage = true }) : await part.ScreenshotAsync();
        using var picture = SKBitmap.Decode(png);
        using var small = picture.Encode(SKEncodedImageFormat.Webp, Quality);
        Directory.CreateDirectory(Folder);
        await File.WriteAllBytesAsync(Path.Combine(Folder, $"{name}.webp"), small.ToArray());
    }
}
