using System.Buffers.Binary;

namespace NeuralCapacitance.Worker.Datasets.Decoding;

/// <summary>
/// Portable bitmaps, grey maps and pixel maps (the manual pages pbm, pgm and ppm of Netpbm): P1 … P3 as text, P4 … P6 binary. Values are scaled from
/// 0 … maxval to 0 … 255 and rounded, as PIL does. Of several images in a file the first counts.
/// </summary>
internal ref struct PnmDecoder
{
    private const int MostValue = 65_535;

    private readonly ReadOnlySpan<byte> file;
    private readonly int kind;
    private int position;

    private PnmDecoder(ReadOnlySpan<byte> file)
    {
        this.file = file;
        kind = file[1] - '0';
        position = 2;
        Width = Number("width");
        Height = Number("height");
        Raster.RequireSize(Width, Height);
        Most = IsBitmap ? 1 : Number("maxval");
        if (Most is < 1 or > MostValue) throw new BrokenFileException($"maxval is {Most}; accepted is 1 to {MostValue}");
    }

    private int Width { get; }

    private int Height { get; }

    /// <summary>The value that means white.</summary>
    private int Most { get; }

    private readonly bool IsBitmap => kind is 1 or 4;

    private readonly bool IsText => kind <= 3;

    private readonly int Channels => kind is 3 or 6 ? 3 : 1;

    /// <exception cref="BrokenFileException">Its header says no size that is accepted.</exception>
    public static (int Width, int Height) SizeOf(ReadOnlySpan<byte> file)
    {
        var decoder = new PnmDecoder(file);
        return (decoder.Width, decoder.Height);
    }

    /// <exception cref="BrokenFileException">It is damaged, or ends early.</exception>
    public static void Decode(ReadOnlySpan<byte> file, Raster image)
    {
        var decoder = new PnmDecoder(file);
        if (decoder.IsText) decoder.ReadText(image);
        else decoder.ReadBinary(image);
    }

    private void ReadText(Raster image)
    {
        // Each value takes a byte at least: a small file is not believed to hold a large image.
        RequireBytes((long)Width * Height * Channels);
        image.Reshape(Width, Height);
        for (var y = 0; y < Height; y++)
        {
            var row = image.Row(y);
            for (var x = 0; x < Width; x++)
            {
                for (var channel = 0; channel < Channels; channel++) Set(row, x, channel, IsBitmap ? Bit(y) : Scaled(Number("value", y)));
            }
        }
    }

    private void ReadBinary(Raster image)
    {
        position++; // One white space ends the header.
        var bytes = Most > byte.MaxValue ? 2 : 1;
        var stride = IsBitmap ? (Width + 7) / 8 : Width * Channels * bytes;
        RequireBytes((long)stride * Height);
        image.Reshape(Width, Height);
        for (var y = 0; y < Height; y++)
        {
            var source = file.Slice(position + (y * stride), stride);
            var row = image.Row(y);
            for (var x = 0; x < Width; x++)
            {
                for (var channel = 0; channel < Channels; channel++)
                {
                    var at = (x * Channels) + channel;
                    Set(row, x, channel, IsBitmap ? Ink((source[x / 8] >> (7 - (x % 8))) & 1)
                        : Scaled(bytes == 1 ? source[at] : BinaryPrimitives.ReadUInt16BigEndian(source[(2 * at)..])));
                }
            }
        }
    }

    private readonly void Set(Span<byte> row, int x, int channel, byte value)
    {
        var pixel = row.Slice(Raster.BytesPerPixel * x, Raster.BytesPerPixel);
        if (Channels == 1) pixel.Fill(value);
        else pixel[channel] = value;
    }

    private readonly void RequireBytes(long bytes)
    {
        var there = Math.Max(file.Length - position, 0);
        if (there < bytes) throw new BrokenFileException($"file ends early: {Width}x{Height} pixels take {bytes} bytes or more, and {there} are there");
    }

    private readonly byte Scaled(int value) => Most == byte.MaxValue && value <= byte.MaxValue
        ? (byte)value
        : (byte)Math.Min(byte.MaxValue, Math.Round((double)value / Most * byte.MaxValue, MidpointRounding.ToEven));

    /// <summary>1 is black.</summary>
    private static byte Ink(int bit) => bit == 1 ? byte.MinValue : byte.MaxValue;

    /// <summary>Bits of P1 need no space between them.</summary>
    private byte Bit(int row)
    {
        SkipSpace();
        if (position >= file.Length) throw EndsIn(row);
        return file[position++] switch
        {
            (byte)'0' => Ink(0),
            (byte)'1' => Ink(1),
            var other => throw new BrokenFileException($"has a byte {other:x2} in row {row} where 0 or 1 is expected"),
        };
    }

    private readonly BrokenFileException EndsIn(int row) => new($"file ends early: rows {row} to {Height - 1} are missing, or a part of them");

    private int Number(string name, int row = -1)
    {
        SkipSpace();
        if (position >= file.Length) throw row < 0 ? new BrokenFileException($"file ends before its {name}") : EndsIn(row);
        var value = 0;
        var start = position;
        for (; position < file.Length && file[position] is >= (byte)'0' and <= (byte)'9'; position++)
        {
            value = (10 * value) + (file[position] - '0');
            if (value > 1_000_000) throw new BrokenFileException($"has a {name} that is out of range");
        }
        if (position == start) throw new BrokenFileException($"has a byte {file[position]:x2} where its {name} is expected");
        return row >= 0 && value > Most ? throw new BrokenFileException($"has a value {value} in row {row}, beyond its maxval {Most}") : value;
    }

    /// <summary>And comments, which go to the end of their line.</summary>
    private void SkipSpace()
    {
        for (; position < file.Length; position++)
        {
            if (file[position] == '#')
            {
                var rest = file[position..];
                var end = rest.IndexOfAny((byte)'\n', (byte)'\r');
                position += end < 0 ? rest.Length - 1 : end;
            }
            else if (file[position] is not ((byte)' ' or >= 0x09 and <= 0x0D))
            {
                return;
            }
        }
    }
}
