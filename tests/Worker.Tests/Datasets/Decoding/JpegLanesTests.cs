using System.Globalization;
using NeuralCapacitance.Worker.Datasets.Decoding;
using NeuralCapacitance.Worker.Datasets.Decoding.Jpeg;
using SkiaSharp;

namespace NeuralCapacitance.Worker.Tests.Datasets.Decoding;

/// <summary>Three walks beside each other find what one finds. <c>NC_DAMAGED_IMAGES=20000</c> tries so many.</summary>
public sealed class JpegLanesTests
{
    private const int FewFiles = 3000;

    private static int Files => int.Parse(Environment.GetEnvironmentVariable("NC_DAMAGED_IMAGES") ?? $"{FewFiles}", CultureInfo.InvariantCulture);

    /// <summary>Of these the lanes meet; where they do not, one walk has to say, which is slower and no fault.</summary>
    [Theory]
    [InlineData(300, 233, SKJpegEncoderDownsample.Downsample420, 80)]
    [InlineData(500, 375, SKJpegEncoderDownsample.Downsample420, 98)]
    [InlineData(257, 256, SKJpegEncoderDownsample.Downsample422, 97)]
    [InlineData(499, 135, SKJpegEncoderDownsample.Downsample444, 90)]
    [InlineData(8200, 8, SKJpegEncoderDownsample.Downsample420, 90)]
    [InlineData(9, 8000, SKJpegEncoderDownsample.Downsample444, 70)]
    public void A_whole_scan_is_whole(int width, int height, SKJpegEncoderDownsample chroma, int quality)
    {
        var scan = Scan.Of(Photograph(width, height, chroma, quality));
        scan.IsWhole(scan.Data, scan.Units, out var length).ShouldBeTrue();
        length.ShouldBe(scan.Data.Length - 2);
        scan.IsWhole([.. scan.Data, .. new byte[99], .. scan.Data], scan.Units, out length).ShouldBeTrue();
        length.ShouldBe(scan.Data.Length - 2);
        scan.IsWhole(scan.Data, scan.Units + 1, out _).ShouldBeFalse();
        scan.IsWhole(scan.Data[..^2], scan.Units, out length).ShouldBeTrue();
        length.ShouldBe(scan.Data.Length - 2);
    }

    [Fact]
    public void One_unit_too_few_is_found_wherever_the_data_is_cut()
    {
        var scan = Scan.Of(Photograph(300, 233, SKJpegEncoderDownsample.Downsample420, 80));
        for (var length = JpegLanes.LeastBytes; length < scan.Data.Length - 2; length += 1 + (length * 2 > scan.Data.Length ? 1 : 97))
        {
            var cut = scan.Data[..length];
            if (scan.IsWhole(cut, scan.Units, out _)) scan.Passes(cut).ShouldBeTrue($"{length}");
        }
        scan.IsWhole(scan.Data[..^9], scan.Units, out _).ShouldBeFalse();
    }

    [Fact]
    public void Damaged_data_is_whole_only_if_one_walk_says_so_too()
    {
        var scans = new[]
        {
            Scan.Of(Photograph(300, 233, SKJpegEncoderDownsample.Downsample420, 80)), Scan.Of(Photograph(257, 256, SKJpegEncoderDownsample.Downsample444, 90)),
            Scan.Of(Photograph(320, 300, SKJpegEncoderDownsample.Downsample422, 60)),
        };
        var random = new Random(5);
        var (whole, told) = (0, 0);
        for (var i = 0; i < Files; i++)
        {
            var scan = scans[random.Next(scans.Length)];
            var data = scan.Data.ToArray();
            for (var n = random.Next(1, 4); n > 0; n--) data[random.Next(data.Length)] = (byte)random.Next(256);
            var passes = scan.Passes(data);
            var isTold = scan.IsWhole(data, scan.Units, out var length);
            if (isTold) passes.ShouldBeTrue($"{i}");
            if (isTold) length.ShouldBe(EndOf(data), $"{i}");
            if (passes) whole++;
            if (isTold) told++;
        }
        whole.ShouldBeGreaterThan(Files / 6);
        told.ShouldBeGreaterThan(whole / 2, $"of {whole}");
    }

    [Fact]
    public void A_short_scan_is_left_to_one_walk()
    {
        var scan = Scan.Of(Photograph(32, 32, SKJpegEncoderDownsample.Downsample420, 80));
        scan.Passes(scan.Data).ShouldBeTrue();
        scan.IsWhole(scan.Data, scan.Units, out _).ShouldBeFalse();
        scan.IsWhole([.. scan.Data, .. new byte[JpegLanes.LeastBytes]], scan.Units, out _).ShouldBeFalse();
    }

    [Fact]
    public void Stuffed_zeros_are_taken_out_up_to_the_next_marker()
    {
        var random = new Random(6);
        for (var i = 0; i < 2000; i++)
        {
            var data = new byte[random.Next(200)];
            random.NextBytes(data);
            // Every second one has many bytes FF, and zeros after most of them.
            for (var n = i % 2 * random.Next(data.Length); n > 0; n--) data[random.Next(data.Length)] = 0xFF;
            for (var at = 1; at < data.Length; at++)
            {
                if (data[at - 1] == 0xFF && random.Next(9) > 0) data[at] = 0;
            }
            var target = new byte[data.Length + 32];
            var count = JpegStuffing.Remove(data, target, out var end);
            end.ShouldBe(EndOf(data));
            target[..count].ShouldBe(Plain(data[..end]));
        }
    }

    private static int EndOf(byte[] data)
    {
        var at = 0;
        while (at < data.Length && (data[at] != 0xFF || (at + 1 < data.Length && data[at + 1] == 0))) at += data[at] == 0xFF ? 2 : 1;
        return at;
    }

    private static byte[] Plain(byte[] data)
    {
        List<byte> plain = [];
        for (var at = 0; at < data.Length; at += data[at] == 0xFF ? 2 : 1) plain.Add(data[at]);
        return [.. plain];
    }

    /// <summary>Waves, and noise on them.</summary>
    private static byte[] Photograph(int width, int height, SKJpegEncoderDownsample chroma, int quality)
    {
        var random = new Random(width);
        using var bitmap = new SKBitmap(width, height, SKColorType.Rgba8888, SKAlphaType.Opaque);
        for (var y = 0; y < height; y++)
        {
            for (var x = 0; x < width; x++) bitmap.SetPixel(x, y, new SKColor(Wave(x, 9), Wave(y, 7), Wave(x + y, 31)));
        }
        using var pixels = bitmap.PeekPixels();
        using var encoded = pixels.Encode(new SKJpegEncoderOptions(quality, chroma, SKJpegEncoderAlphaOption.Ignore))!;
        return encoded.ToArray();

        byte Wave(int at, int length) => (byte)(128 + (100 * Math.Sin((double)at / length)) + random.Next(-9, 9));
    }

    /// <summary>Of a file that has one.</summary>
    private sealed record Scan(JpegFrame Frame, JpegScanHeader Header, byte[] Data)
    {
        public int Units
        {
            get
            {
                var units = new JpegIntervals(Frame, Header, 0);
                return units.Across * units.Down;
            }
        }

        public static Scan Of(byte[] file)
        {
            var tables = new JpegTables();
            var frame = JpegFile.RequireWhole(file, tables);
            var start = file.AsSpan().IndexOf((ReadOnlySpan<byte>)[0xFF, 0xDA]) + 2;
            var length = (file[start] << 8) | file[start + 1];
            return new Scan(frame, JpegScanHeader.Read(file.AsSpan(start + 2, length - 2), frame, tables), file[(start + length)..]);
        }

        public bool IsWhole(byte[] data, int units, out int length) => JpegLanes.AreWhole(data, Header, units, out length);

        /// <summary>What one walk says.</summary>
        public bool Passes(byte[] data)
        {
            try
            {
                new JpegScan(new JpegBits(data, 0), Frame, Header, 0).Walk();
                return true;
            }
            catch (BrokenFileException)
            {
                return false;
            }
        }
    }
}
