using NeuralCapacitance.Worker.Datasets.Cache;
using SkiaSharp;

namespace NeuralCapacitance.Worker.Datasets.Reports;

/// <summary>A picture of a data set: a row for each class, in their order, with some of its training images.</summary>
internal static unsafe class ContactSheet
{
    private const int Columns = 8;

    /// <summary>A picture of more rows is too large to look at.</summary>
    private const int MostRows = 100;

    private const int Side = 64;
    private const int Gap = 2;
    private const int Cell = Side + Gap;
    private const int BytesPerPixel = 4;
    private const byte Background = 0xFF;
    private const int CompressionLevel = 6;

    /// <summary>PNG. An image that is broken is a red cross.</summary>
    public static byte[] Draw(IImageSource source, CancellationToken cancellationToken)
    {
        var rows = Math.Min(source.Classes.Count, MostRows);
        var width = (Columns * Cell) + Gap;
        var height = (rows * Cell) + Gap;
        var sheet = new byte[BytesPerPixel * width * height];
        sheet.AsSpan().Fill(Background);
        var planes = new byte[3 * Side * Side];
        foreach (var (label, images) in source.TrainLabels.Index().GroupBy(image => image.Item, image => image.Index).Where(g => g.Key < rows).Select(g => (g.Key, Spread([.. g]))))
        {
            for (var column = 0; column < images.Length; column++)
            {
                source.Fill(images[column], Side, planes, cancellationToken);
                if (source.IsBroken(images[column])) Cross(planes);
                Paste(planes, sheet, width, Gap + (column * Cell), Gap + (label * Cell));
            }
        }
        return Encode(width, height, sheet);
    }

    /// <summary>The first rows of a drawn sheet, each as a small JPEG.</summary>
    /// <param name="sheet">As <see cref="Draw"/> made it.</param>
    /// <param name="most">Rows.</param>
    public static IReadOnlyList<byte[]> Rows(byte[] sheet, int most)
    {
        const int quality = 80;
        using var picture = SKImage.FromEncodedData(sheet) ?? throw new InvalidOperationException("A contact sheet cannot be read back.");
        return [.. Enumerable.Range(0, Math.Min(most, (picture.Height - Gap) / Cell)).Select(row =>
        {
            using var strip = picture.Subset(SKRectI.Create(0, Gap + (row * Cell), picture.Width, Side));
            using var jpeg = strip.Encode(SKEncodedImageFormat.Jpeg, quality);
            return jpeg.ToArray();
        })];
    }

    private static byte[] Encode(int width, int height, byte[] sheet)
    {
        var info = new SKImageInfo(width, height, SKColorType.Rgba8888, SKAlphaType.Opaque);
        fixed (byte* pixels = sheet)
        {
            using var picture = new SKPixmap(info, (nint)pixels, info.RowBytes);
            using var png = picture.Encode(new SKPngEncoderOptions(SKPngEncoderFilterFlags.AllFilters, CompressionLevel)) ?? throw new InvalidOperationException($"A picture of {width}×{height} pixels could not be encoded.");
            return png.ToArray();
        }
    }

    /// <summary>Evenly over all: neighbouring files are often frames of one film.</summary>
    private static int[] Spread(int[] images)
    {
        var count = Math.Min(Columns, images.Length);
        return [.. Enumerable.Range(0, count).Select(i => images[(int)((long)i * images.Length / count)])];
    }

    /// <summary>Red on grey.</summary>
    private static void Cross(byte[] planes)
    {
        const byte grey = 0xD0;
        const byte red = 0xC0;
        const int thickness = 3;
        for (var y = 0; y < Side; y++)
        {
            for (var x = 0; x < Side; x++)
            {
                var isOnCross = Math.Abs(x - y) < thickness || Math.Abs(x + y - (Side - 1)) < thickness;
                for (var channel = 0; channel < 3; channel++)
                    planes[(((channel * Side) + y) * Side) + x] = isOnCross ? channel == 0 ? red : (byte)0 : grey;
            }
        }
    }

    private static void Paste(byte[] planes, byte[] sheet, int width, int left, int top)
    {
        for (var y = 0; y < Side; y++)
        {
            for (var x = 0; x < Side; x++)
            {
                for (var channel = 0; channel < 3; channel++)
                    sheet[(BytesPerPixel * (((top + y) * width) + left + x)) + channel] = planes[(((channel * Side) + y) * Side) + x];
            }
        }
    }
}
