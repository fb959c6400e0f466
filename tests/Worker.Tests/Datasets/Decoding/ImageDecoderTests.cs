using System.Buffers.Binary;
using System.Text.Json;
using NeuralCapacitance.Infrastructure.Archives;
using NeuralCapacitance.Worker.Datasets.Decoding;

namespace NeuralCapacitance.Worker.Tests.Datasets.Decoding;

public sealed class ImageDecoderTests
{
    private const int Size = 12;

    public static TheoryData<string> Files => [.. Expected().Keys];

    [Theory]
    [MemberData(nameof(Files))]
    public void Images_of_every_kind_decode_and_resize_as_in_torchvision(string file)
    {
        foreach (var (size, base64) in Expected()[file])
        {
            var expected = Convert.FromBase64String(base64);
            var (pixels, faults) = Decode(int.Parse(size), ImageFolderFixture.Golden(file));
            faults.ShouldBeEmpty();
            pixels.SequenceEqual(expected).ShouldBeTrue($"{file} at {size}: mean difference {pixels.Zip(expected, (a, b) => Math.Abs(a - b)).Average()}");
        }
    }

    [Fact]
    public void An_image_that_has_the_size_already_is_not_filtered()
    {
        var (once, _) = Decode(32, ImageFolderFixture.Golden("same-size.jpg"));
        once.ShouldBe(Convert.FromBase64String(Expected()["same-size.jpg"]["32"]));
    }

    [Fact]
    public void Any_number_of_threads_gives_the_same_bytes()
    {
        var paths = Enumerable.Repeat(Directory.GetFiles(Path.Combine(ImageFolderFixture.Goldens, "images")).Order(StringComparer.Ordinal), 5).SelectMany(p => p).ToArray();
        var one = new byte[paths.Length * 3 * Size * Size];
        var many = new byte[one.Length];
        ImageDecoder.Decode(paths, Size, 1, one);
        ImageDecoder.Decode(paths, Size, 7, many);
        many.ShouldBe(one);
    }

    [Fact]
    public void Broken_files_are_reported_one_by_one_and_spoil_no_other()
    {
        using var folder = new ImageFolderFixture();
        var good = ImageFolderFixture.Golden("baseline.jpg");
        var jpeg = File.ReadAllBytes(ImageFolderFixture.Golden("progressive.jpg"));
        var png = File.ReadAllBytes(ImageFolderFixture.Golden("rgb.png"));
        var flipped = png.ToArray();
        flipped[600] ^= 0x55;
        var tables = jpeg.ToArray();
        tables.AsSpan(jpeg.AsSpan().IndexOf((ReadOnlySpan<byte>)[0xFF, 0xC4]) + 5, 16).Fill(0xFF);
        (string Name, byte[] Bytes, string Message)[] broken =
        [
            ("truncated.jpg", jpeg[..(jpeg.Length / 2)], "of 80 rows of pixels those from "),
            ("header-only.jpg", jpeg[..4], "file ends before its image begins"),
            ("tables.jpg", tables, "Huffman table"),
            ("truncated.png", png[..700], "file ends early: of 33 rows of pixels the last "),
            ("header-only.png", png[..8], "the header of the PNG file is damaged"),
            ("flipped.png", flipped, "file is damaged: of 33 rows of pixels the last "),
            ("huge.png", WithSize(png, 60_000, 60_000), "image is 60000x60000 pixels"),
            ("beyond.png", WithSize(png, int.MaxValue, int.MaxValue), "the header of the PNG file is damaged"),
            ("empty.jpg", [], "file is empty"),
            ("text.jpg", "hello"u8.ToArray(), "is none of JPEG, PNG, WebP, GIF, BMP, TIFF and PNM (starts with 68 65 6c 6c)"),
            ("header-only.gif", "GIF89a"u8.ToArray(), "the header of the GIF file is damaged"),
            ("header-only.tif", "II*\0"u8.ToArray(), "the header of the TIFF file is damaged"),
            ("text-of-6-pixels.ppm", "P3 2 3 255 1 2 3 4 5 6"u8.ToArray(), "file ends early"),
            ("huge.ppm", "P6 50000 50000 255 "u8.ToArray(), "image is 50000x50000 pixels"),
        ];
        foreach (var (name, bytes, _) in broken) folder.Write(name, bytes);

        string[] paths = [.. broken.SelectMany(b => new[] { Path.Combine(folder.Root, b.Name), good }), folder.Root, Path.Combine(folder.Root, "absent.jpg")];
        var (pixels, faults) = Decode(Size, paths);

        faults.Select(f => f.Index).ShouldBe([.. Enumerable.Range(0, broken.Length).Select(i => 2 * i), paths.Length - 2, paths.Length - 1]);
        foreach (var (fault, expected) in faults.Zip(broken)) fault.Message.ShouldContain(expected.Message, Case.Sensitive, expected.Name);
        faults[^2].Message.ShouldBe("is a folder, not a file");
        faults[^1].Message.ShouldBe("does not exist");

        var (alone, _) = Decode(Size, good);
        for (var i = 0; i < broken.Length; i++)
        {
            pixels.AsSpan(2 * i * alone.Length, alone.Length).IndexOfAnyExcept((byte)0).ShouldBe(-1);
            pixels.AsSpan(((2 * i) + 1) * alone.Length, alone.Length).SequenceEqual(alone).ShouldBeTrue();
        }
    }

    /// <summary>What is missing may have been no pixel: an end marker, a comment.</summary>
    [Theory]
    [MemberData(nameof(Files))]
    public void A_file_that_is_cut_off_is_broken_or_has_all_its_pixels(string file)
    {
        using var folder = new ImageFolderFixture();
        var bytes = File.ReadAllBytes(ImageFolderFixture.Golden(file));
        var whole = Decode(Size, ImageFolderFixture.Golden(file)).Pixels;
        // Of a number in text, the last digits may be missing without a trace.
        var most = file.StartsWith("text.", StringComparison.Ordinal) ? bytes.Length - 5 : bytes.Length - 1;
        int[] lengths = [.. Enumerable.Range(0, 60).Select(i => 1 + (int)((long)i * (most - 1) / 60)), .. Enumerable.Range(Math.Max(1, most - 15), 15)];
        foreach (var length in lengths) folder.Write($"{length}", bytes[..length]);

        var (pixels, faults) = Decode(Size, [.. lengths.Select(length => Path.Combine(folder.Root, $"{length}"))]);

        var broken = faults.Select(fault => fault.Index).ToHashSet();
        foreach (var (i, length) in lengths.Index().Where(l => !broken.Contains(l.Index)))
            pixels.AsSpan(i * whole.Length, whole.Length).SequenceEqual(whole).ShouldBeTrue($"{file} cut off at {length} of {bytes.Length}");
        broken.Count.ShouldBeGreaterThan(lengths.Length / 4);
    }

    /// <summary>Memory for a file's bytes begins at 64 KiB and grows; each of these is the same picture after a comment of another length.</summary>
    [Fact]
    public void Files_that_just_fit_into_memory_and_those_that_do_not_are_read_whole()
    {
        using var folder = new ImageFolderFixture();
        byte[] pixels = [.. Enumerable.Range(0, 256 * 255).Select(i => (byte)(i * 7))];
        int[] lengths = [65_535, 65_536, 65_537, 150_000, 65_536, 131_072, 300_000];
        foreach (var (i, length) in lengths.Index())
        {
            byte[] header = [.. "P5\n#"u8, .. Enumerable.Repeat((byte)'x', length - pixels.Length - 17), .. "\n256 255 255\n"u8];
            folder.Write($"{i}.pgm", [.. header, .. pixels]);
            new FileInfo(Path.Combine(folder.Root, $"{i}.pgm")).Length.ShouldBe(length);
        }

        var (images, faults) = Decode(Size, [.. lengths.Index().Select(l => Path.Combine(folder.Root, $"{l.Index}.pgm"))]);

        faults.ShouldBeEmpty();
        foreach (var image in images.Chunk(3 * Size * Size)) image.ShouldBe(images[..(3 * Size * Size)]);
        images.ShouldContain(value => value != images[0]);
    }

    /// <summary>Opening a pipe would wait for a writer.</summary>
    [Fact]
    public void A_pipe_is_a_fault_and_nobody_waits_for_it()
    {
        using var folder = new ImageFolderFixture();
        var pipe = Path.Combine(folder.Root, "pipe.jpg");
        using (var make = System.Diagnostics.Process.Start("mkfifo", [pipe])) make.WaitForExit();
        File.CreateSymbolicLink(Path.Combine(folder.Root, "link.jpg"), pipe);
        Decode(Size, pipe, Path.Combine(folder.Root, "link.jpg")).Faults.Select(fault => fault.Message).ShouldBe(["file is empty", "file is empty"]);
    }

    [Fact]
    public void A_link_is_followed_and_one_that_leads_in_a_circle_is_a_fault()
    {
        using var folder = new ImageFolderFixture();
        var (link, circle) = (Path.Combine(folder.Root, "link.jpg"), Path.Combine(folder.Root, "circle.jpg"));
        File.CreateSymbolicLink(link, ImageFolderFixture.Golden("baseline.jpg"));
        File.CreateSymbolicLink(circle, circle);
        Decode(Size, circle, link).Faults.ShouldHaveSingleItem().Message.ShouldStartWith("is a link that leads nowhere");
        Decode(Size, link).Pixels.ShouldBe(Decode(Size, ImageFolderFixture.Golden("baseline.jpg")).Pixels);
    }

    /// <summary>sysfs has a regular file whose reading always fails: the speed of the loopback device.</summary>
    [UnreadableFileFact]
    public void A_file_that_the_machine_fails_to_read_is_not_called_broken()
        => Should.Throw<ImageReadException>(() => Decode(Size, ImageFolderFixture.Golden("baseline.jpg"), UnreadableFileFactAttribute.Unreadable))
            .Message.ShouldStartWith($"'{UnreadableFileFactAttribute.Unreadable}' cannot be read: ");

    [Fact]
    public void Pixels_of_another_length_than_the_images_take_are_refused()
        => Should.Throw<ArgumentException>(() => ImageDecoder.Decode(["a.jpg"], Size, 1, new byte[5])).Message.ShouldContain("1 images of side 12 take 432 bytes, not 5");

    private static (byte[] Pixels, IReadOnlyList<ImageFault> Faults) Decode(int size, params string[] paths)
    {
        var pixels = new byte[paths.Length * 3 * size * size];
        pixels.AsSpan().Fill(0xA5);
        return (pixels, ImageDecoder.Decode(paths, size, 2, pixels));
    }

    private sealed class UnreadableFileFactAttribute : FactAttribute
    {
        public const string Unreadable = "/sys/class/net/lo/speed";

        public UnreadableFileFactAttribute()
        {
            if (!File.Exists(Unreadable)) Skip = $"This system has no {Unreadable}.";
        }
    }

    private static Dictionary<string, Dictionary<string, string>> Expected()
        => JsonDocument.Parse(File.ReadAllBytes(Path.Combine(ImageFolderFixture.Goldens, "images.json"))).RootElement
            .GetProperty("files").Deserialize<Dictionary<string, Dictionary<string, string>>>()!;

    private static byte[] WithSize(byte[] png, int width, int height)
    {
        const int headerChunk = 12; // after the signature and the chunk's length: its name, then width and height
        var bytes = png.ToArray();
        BinaryPrimitives.WriteInt32BigEndian(bytes.AsSpan(headerChunk + 4), width);
        BinaryPrimitives.WriteInt32BigEndian(bytes.AsSpan(headerChunk + 8), height);
        BinaryPrimitives.WriteUInt32BigEndian(bytes.AsSpan(headerChunk + 17), Crc32.Append(0, bytes.AsSpan(headerChunk, 17)));
        return bytes;
    }
}
