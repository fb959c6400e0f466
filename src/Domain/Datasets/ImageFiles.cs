namespace NeuralCapacitance.Domain.Datasets;

/// <summary>The formats that images are read from.</summary>
public enum ImageFormat
{
    Jpeg,
    Png,
    WebP,
    Gif,
    Bmp,
    Tiff,

    /// <summary>PBM, PGM and PPM, as text (P1 … P3) and binary (P4 … P6).</summary>
    Pnm,
}

/// <summary>Which files data sets are read from: those that torchvision's ImageFolder reads, and GIF.</summary>
public static class ImageFiles
{
    /// <summary>The formats, for a message.</summary>
    public const string Formats = "JPEG, PNG, WebP, GIF, BMP, TIFF and PNM";

    private static readonly string[] Known = [".jpg", ".jpeg", ".jfif", ".png", ".webp", ".gif", ".bmp", ".tif", ".tiff", ".ppm", ".pgm"];

    /// <summary>The endings of the names, for a message.</summary>
    public static string Endings { get; } = $"{string.Join(", ", Known[..^1])} or {Known[^1]}";

    /// <summary>By the ending of its name, in any case.</summary>
    public static bool IsNamedAsImage(ReadOnlySpan<char> name)
    {
        var ending = Path.GetExtension(name);
        foreach (var known in Known)
            if (ending.Equals(known, StringComparison.OrdinalIgnoreCase)) return true;
        return false;
    }

    /// <summary>By its content, whatever it is called; null: none of these.</summary>
    /// <param name="start">The first twelve bytes, or more.</param>
    public static ImageFormat? FormatOf(ReadOnlySpan<byte> start)
    {
        if (start.StartsWith((ReadOnlySpan<byte>)[0xFF, 0xD8, 0xFF])) return ImageFormat.Jpeg;
        if (start.StartsWith((ReadOnlySpan<byte>)[0x89, .. "PNG\r\n\x1A\n"u8])) return ImageFormat.Png;
        if (start.StartsWith("GIF87a"u8) || start.StartsWith("GIF89a"u8)) return ImageFormat.Gif;
        if (start.StartsWith("RIFF"u8) && start.Length >= 12 && start[8..].StartsWith("WEBP"u8)) return ImageFormat.WebP;
        if (start.StartsWith("BM"u8)) return ImageFormat.Bmp;
        if (start.StartsWith("II*\0"u8) || start.StartsWith("MM\0*"u8) || start.StartsWith("II+\0"u8) || start.StartsWith("MM\0+"u8)) return ImageFormat.Tiff;
        return start.Length >= 3 && start[0] == 'P' && start[1] is >= (byte)'1' and <= (byte)'6' && start[2] is (byte)' ' or (byte)'\t' or (byte)'\n' or (byte)'\r' or (byte)'#'
            ? ImageFormat.Pnm
            : null;
    }
}
