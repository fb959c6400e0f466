using BitMiracle.LibTiff.Classic;

namespace NeuralCapacitance.Worker.Datasets.Decoding;

/// <summary>Reads samples of 8 and 16 bits, strip by strip or tile by tile; of 16 bits the upper eight count.</summary>
internal sealed class TiffSamples(TiffFile tiff, Raster image)
{
    /// <summary>Of a strip or tile: the whole of the largest image in one, with four samples of two bytes.</summary>
    private const long MostPieceBytes = 800_000_000;

    private readonly int bytes = tiff.Bits / 8;
    private readonly int colours = ColoursOf(tiff.Photometric);
    private readonly short[][] palette = tiff.Photometric == Photometric.PALETTE ? PaletteOf(tiff) : [];

    /// <summary>Whether the file is of a kind that this class reads.</summary>
    public static bool Reads(TiffFile tiff)
        => tiff.Bits is 8 or 16 && ColoursOf(tiff.Photometric) is > 0 and var colours && tiff.Samples >= colours
            && (tiff.Photometric != Photometric.PALETTE || tiff.Bits == 8)
            && (tiff.Photometric != Photometric.SEPARATED || (InkSet)tiff.Number(TiffTag.INKSET) == InkSet.CMYK);

    /// <exception cref="BrokenFileException">A piece is missing or damaged.</exception>
    public void Read()
    {
        var tiled = tiff.Tiff.IsTiled();
        var width = tiled ? tiff.Number(TiffTag.TILEWIDTH) : tiff.Width;
        var rows = tiled ? tiff.Number(TiffTag.TILELENGTH) : Math.Min(tiff.Number(TiffTag.ROWSPERSTRIP), tiff.Height);
        var inPiece = tiff.IsPlanar ? 1 : tiff.Samples;
        var most = (long)width * rows * inPiece * bytes;
        if (width < 1 || rows < 1 || most > MostPieceBytes) throw new BrokenFileException($"has pieces of {width}x{rows} pixels");
        var piece = new byte[most];
        var number = 0;
        // Alpha, where it comes after the colours, is wanted only to undo a multiplication by it.
        var planes = tiff.IsPlanar ? Math.Min(tiff.Samples, colours + (tiff.IsPremultiplied ? 1 : 0)) : 1;
        for (var plane = 0; plane < planes; plane++)
        {
            for (var top = 0; top < tiff.Height; top += rows)
            {
                for (var left = 0; left < tiff.Width; left += width)
                {
                    var height = Math.Min(rows, tiff.Height - top);
                    var wanted = width * inPiece * bytes * (tiled ? rows : height);
                    var got = tiled ? tiff.Tiff.ReadEncodedTile(number++, piece, 0, wanted) : tiff.Tiff.ReadEncodedStrip(number++, piece, 0, wanted);
                    if (got < wanted) throw tiff.Fault($"rows {top} to {top + height - 1} of {tiff.Height} are damaged or missing");
                    Place(piece, left, top, Math.Min(width, tiff.Width - left), height, width * inPiece * bytes, plane);
                }
            }
        }
        Convert();
    }

    private static int ColoursOf(Photometric photometric) => photometric switch
    {
        Photometric.MINISBLACK or Photometric.MINISWHITE or Photometric.PALETTE => 1,
        Photometric.RGB => 3,
        Photometric.SEPARATED => 4,
        _ => 0,
    };

    private static short[][] PaletteOf(TiffFile tiff)
        => tiff.Tiff.GetField(TiffTag.COLORMAP) is [var red, var green, var blue]
            ? [red.ToShortArray(), green.ToShortArray(), blue.ToShortArray()]
            : throw new BrokenFileException("has a palette image without a palette");

    /// <summary>Up to four samples of each pixel into its four bytes.</summary>
    private void Place(byte[] piece, int left, int top, int width, int height, int stride, int plane)
    {
        var samples = tiff.IsPlanar ? 1 : tiff.Samples;
        var kept = Math.Min(samples, Raster.BytesPerPixel);
        for (var y = 0; y < height; y++)
        {
            var row = image.Row(top + y)[(Raster.BytesPerPixel * left)..];
            var source = piece.AsSpan(y * stride, stride);
            for (var x = 0; x < width; x++)
            {
                for (var i = 0; i < kept; i++) row[(Raster.BytesPerPixel * x) + plane + i] = Upper(source, (x * samples) + i);
            }
        }
    }

    /// <summary>LibTiff has brought 16 bits into the order of this machine.</summary>
    private byte Upper(ReadOnlySpan<byte> source, int sample) => bytes == 1 ? source[sample] : source[(2 * sample) + (BitConverter.IsLittleEndian ? 1 : 0)];

    private void Convert()
    {
        var isPremultiplied = colours < Raster.BytesPerPixel && tiff.IsPremultiplied && tiff.Samples > colours;
        for (var y = 0; y < tiff.Height; y++)
        {
            var row = image.Row(y);
            for (var at = 0; at < row.Length; at += Raster.BytesPerPixel)
            {
                var pixel = row.Slice(at, Raster.BytesPerPixel);
                if (isPremultiplied) Divide(pixel);
                ToRgb(pixel);
            }
        }
    }

    private void Divide(Span<byte> pixel)
    {
        var alpha = pixel[colours];
        if (alpha is 0 or byte.MaxValue) return;
        for (var i = 0; i < colours; i++) pixel[i] = (byte)Math.Min(byte.MaxValue, byte.MaxValue * pixel[i] / alpha);
    }

    private void ToRgb(Span<byte> pixel)
    {
        switch (tiff.Photometric)
        {
            case Photometric.MINISWHITE:
                pixel[..3].Fill((byte)~pixel[0]);
                break;
            case Photometric.MINISBLACK:
                pixel[..3].Fill(pixel[0]);
                break;
            case Photometric.PALETTE:
                var index = pixel[0];
                for (var i = 0; i < 3; i++) pixel[i] = (byte)((ushort)palette[i][index] >> 8);
                break;
            case Photometric.SEPARATED:
                var white = byte.MaxValue - pixel[3];
                for (var i = 0; i < 3; i++) pixel[i] = (byte)(((byte.MaxValue - pixel[i]) * white + 127) / 255);
                break;
            default:
                break;
        }
    }
}
