using System.Diagnostics;
using System.Globalization;
using System.Runtime.InteropServices;
using System.Runtime.Versioning;
using NeuralCapacitance.Domain.Datasets;
using NeuralCapacitance.Domain.Jobs;
using NeuralCapacitance.Worker.Datasets.Decoding;
using NeuralCapacitance.Worker.Datasets.Decoding.Jpeg;
using NeuralCapacitance.Worker.Datasets.Decoding.Resizing;
using NeuralCapacitance.Worker.Datasets.Decoding.Vips;
using SkiaSharp;

namespace NeuralCapacitance.Worker.Tests.Datasets.Decoding;

/// <summary>Large photographs in parts: the pixels are those that Skia gives.</summary>
public sealed unsafe class VipsDecoderTests : IDisposable
{
    private const int Size = 12;
    private const int FewFiles = 300;

    /// <summary>A segment of EXIF that says orientation 6: the camera was held on its side.</summary>
    private static readonly byte[] OnItsSide =
        [0xFF, 0xE1, 0, 34, .. "Exif\0\0II*\0"u8, 8, 0, 0, 0, 1, 0, 0x12, 1, 3, 0, 1, 0, 0, 0, 6, 0, 0, 0, 0, 0, 0, 0];

    private readonly ImageFolderFixture folder = new();

    public void Dispose() => folder.Dispose();

    [Fact]
    public void The_library_is_there_on_the_platform_that_it_is_for()
        => VipsDecoder.IsThere.ShouldBe(OperatingSystem.IsLinux() && RuntimeInformation.ProcessArchitecture == Architecture.X64);

    [Theory]
    [InlineData(300, 233, SKJpegEncoderDownsample.Downsample420)]
    [InlineData(257, 256, SKJpegEncoderDownsample.Downsample422)]
    [InlineData(499, 135, SKJpegEncoderDownsample.Downsample444)]
    [InlineData(8200, 8, SKJpegEncoderDownsample.Downsample420)]
    [InlineData(3, 30_000, SKJpegEncoderDownsample.Downsample420)]
    public void Pixels_are_the_same_as_Skias(int width, int height, SKJpegEncoderDownsample chroma)
    {
        var file = Photograph(width, height, chroma);
        using var expected = new Raster();
        SkiaDecoder.Decode(file, ImageFormat.Jpeg, expected);
        var rows = 0;
        Decode(file, (part, top) =>
        {
            for (var y = 0; y < part.Height; y++)
            {
                var row = part.Row(y);
                var right = expected.Row(top + y);
                for (var x = 0; x < width; x++)
                {
                    if (!row.Slice(3 * x, 3).SequenceEqual(right.Slice(4 * x, 3))) Assert.Fail($"another pixel at {x}, {top + y}");
                }
            }
            rows = top + part.Height;
        }).ShouldBeTrue();
        rows.ShouldBe(height);
    }

    [Fact]
    public void Small_files_and_those_without_three_colours_are_not_for_it()
    {
        VipsDecoder.Suits(Frame(Photograph(300, 233))).ShouldBe(VipsDecoder.IsThere);
        VipsDecoder.Suits(Frame(Photograph(100, 100))).ShouldBeFalse();
        VipsDecoder.Suits(Frame(Photograph(300, 233)) with { Components = [new JpegComponent(1, 1, 1)] }).ShouldBeFalse();
    }

    [Theory]
    [InlineData(ExifOrientation.Ignore)]
    [InlineData(ExifOrientation.Apply)]
    public void A_camera_held_on_its_side_is_ignored_unless_it_is_asked_for(ExifOrientation exif)
    {
        var upright = Photograph(300, 233);
        byte[] turned = [.. upright[..2], .. OnItsSide, .. upright[2..]];
        using var image = new Raster();
        using var expected = new Raster();
        SkiaDecoder.Decode(turned, ImageFormat.Jpeg, image).ShouldBe(6);
        Orientation.Turn(image, exif == ExifOrientation.Apply ? 6 : Orientation.Upright, expected);

        Decoded(turned, exif).ShouldBe(Resized(expected));
        Decoded(upright, exif).ShouldBe(Resized(image));
    }

    /// <summary>Another decoder then has the word.</summary>
    [Fact, SupportedOSPlatform("linux")]
    public void What_is_no_such_file_is_refused()
    {
        var file = Photograph(300, 233);
        var frame = Frame(file);
        using var part = new Raster();
        VipsDecoder.TryDecode(file.AsSpan(0, 100), frame, part, (_, _) => { }).ShouldBeFalse();
        VipsDecoder.TryDecode("hello"u8, frame, part, (_, _) => { }).ShouldBeFalse();
        VipsDecoder.TryDecode(file, frame with { Width = 299 }, part, (_, _) => { }).ShouldBeFalse();
    }

    /// <summary>The process goes on, and whole files after them are what they were. <c>NC_DAMAGED_IMAGES=20000</c> tries so many.</summary>
    [Fact]
    public void Damaged_files_end_nothing()
    {
        var sources = new[] { Photograph(300, 233), Photograph(257, 256, SKJpegEncoderDownsample.Downsample444), File.ReadAllBytes(ImageFolderFixture.Golden("large.jpg")) };
        var random = new Random(3);
        var (tried, refused) = (0, 0);
        for (var left = int.Parse(Environment.GetEnvironmentVariable("NC_DAMAGED_IMAGES") ?? $"{FewFiles}", CultureInfo.InvariantCulture); left > 0; left--)
        {
            var file = Damaged(sources[random.Next(sources.Length)], random);
            try
            {
                var start = Stopwatch.GetTimestamp();
                if (!Decode(file, (_, _) => { })) refused++;
                Stopwatch.GetElapsedTime(start).ShouldBeLessThan(TimeSpan.FromSeconds(5));
                tried++;
            }
            catch (BrokenFileException)
            {
                // Pixels are missing, and it never came to decoding.
            }
        }
        tried.ShouldBeGreaterThan(FewFiles / 10);
        refused.ShouldBeLessThan(tried);
        Pixels_are_the_same_as_Skias(300, 233, SKJpegEncoderDownsample.Downsample420);
    }

    [Fact]
    public void Metadata_loses_its_name_and_nothing_else()
    {
        var plain = Photograph(300, 233);
        byte[] adobe = [0xFF, 0xEE, 0, 14, .. "Adobe"u8, 0, 100, 0, 0, 0, 0, 1];
        byte[] file = [.. plain[..2], .. OnItsSide, .. adobe, .. plain[2..]];
        var hidden = file.ToArray();
        JpegMetadata.Hide(hidden);
        file.Index().Where(b => hidden[b.Index] != b.Item).Select(b => b.Index).ShouldBe([2 + 4]);

        var damaged = file[..5];
        JpegMetadata.Hide(damaged);
        damaged.ShouldBe(file[..5]);
    }

    private byte[] Decoded(byte[] file, ExifOrientation exif)
    {
        folder.Write("photograph.jpg", file);
        var pixels = new byte[3 * Size * Size];
        ImageDecoder.Decode([Path.Combine(folder.Root, "photograph.jpg")], Size, 1, pixels, exif).ShouldBeEmpty();
        return pixels;
    }

    private static byte[] Resized(Raster image)
    {
        using var resizer = new Resizer(Size);
        var pixels = new byte[3 * Size * Size];
        fixed (byte* planes = pixels) resizer.Resize(image, planes);
        return pixels;
    }

    private static bool Decode(byte[] file, Action<Raster, int> take)
    {
        var frame = Frame(file);
        using var part = new Raster();
        return VipsDecoder.IsThere && VipsDecoder.TryDecode(file, frame, part, take);
    }

    private static JpegFrame Frame(byte[] file) => JpegFile.RequireWhole(file, new JpegTables());

    /// <summary>Waves, and noise on them.</summary>
    private static byte[] Photograph(int width, int height, SKJpegEncoderDownsample chroma = SKJpegEncoderDownsample.Downsample420)
    {
        var random = new Random(width);
        using var bitmap = new SKBitmap(width, height, SKColorType.Rgba8888, SKAlphaType.Opaque);
        for (var y = 0; y < height; y++)
        {
            for (var x = 0; x < width; x++) bitmap.SetPixel(x, y, new SKColor(Wave(x, 9), Wave(y, 7), Wave(x + y, 31)));
        }
        using var pixels = bitmap.PeekPixels();
        using var encoded = pixels.Encode(new SKJpegEncoderOptions(80, chroma, SKJpegEncoderAlphaOption.Ignore))!;
        return encoded.ToArray();

        byte Wave(int at, int length) => (byte)(128 + (100 * Math.Sin((double)at / length)) + random.Next(-9, 9));
    }

    /// <summary>Some bytes are others, more often in the headers.</summary>
    private static byte[] Damaged(byte[] source, Random random)
    {
        var file = source.ToArray();
        var reach = random.Next(3) > 0 ? 650 : file.Length;
        for (var n = random.Next(1, 5); n > 0; n--) file[random.Next(3, reach)] = (byte)random.Next(256);
        return file;
    }
}
