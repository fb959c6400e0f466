using NeuralCapacitance.Worker.Datasets.Decoding;

namespace NeuralCapacitance.Worker.Tests.Datasets.Decoding;

/// <summary>What costs no pixel is no fault, and what costs one is.</summary>
public sealed class JpegFileTests : IDisposable
{
    private const int Size = 12;

    private readonly ImageFolderFixture folder = new();

    public static TheoryData<string> Jpegs => ["baseline.jpg", "progressive.jpg", "cmyk.jpg", "half-chroma.jpg", "grey.jpg", "large.jpg"];

    public void Dispose() => folder.Dispose();

    [Theory]
    [MemberData(nameof(Jpegs))]
    public void Harmless_oddities_decode_to_the_same_pixels(string name)
    {
        var file = File.ReadAllBytes(ImageFolderFixture.Golden(name));
        var scan = IndexOf(file, 0xDA);
        var spectral = scan + 2 + ((file[scan + 2] << 8) | file[scan + 3]) - 3; // Ss, Se, Ah and Al are the header's last three bytes.
        List<byte[]> odd =
        [
            [.. file, .. new byte[500], .. "more"u8],
            [.. file, .. file],
            [.. file[..^2], .. new byte[99], .. file[^2..]],
            [.. file[..scan], .. "between"u8, .. file[scan..]],
            [.. file[..2], 0xFF, 0xFE, 0, 4, 1, 2, .. file[2..]],
        ];
        if (IndexOf(file, 0xC2) < 0) odd.Add([.. file[..spectral], 0, 0, 0, .. file[(spectral + 3)..]]);
        if (IndexOf(file, 0xE0) is var jfif and > 0) odd.Add([.. file[..(jfif + 9)], 7, 7, .. file[(jfif + 11)..]]);

        var expected = Pixels(file);
        foreach (var (i, bytes) in odd.Index()) Pixels(bytes).SequenceEqual(expected).ShouldBeTrue($"{i}");
    }

    [Theory]
    [MemberData(nameof(Jpegs))]
    public void A_file_that_ends_early_is_broken_wherever_it_ends(string name)
    {
        var file = File.ReadAllBytes(ImageFolderFixture.Golden(name));
        for (var length = 3; length < file.Length; length += 1 + (file.Length / 200)) Reason(file[..length]).ShouldNotBeEmpty($"{length}");
        Reason(file[..^2]).ShouldBe("file ends before the end of its image: pixels may be missing");
        Reason([.. file[..^20], 0xFF, 0xD9]).ShouldContain("rows of pixels those from");
    }

    /// <summary>The decoder takes a code that is none for 0, and goes on; so does PIL.</summary>
    [Fact]
    public void A_scan_whose_codes_are_damaged_is_broken_though_it_has_its_length()
    {
        var file = File.ReadAllBytes(ImageFolderFixture.Golden("baseline.jpg"));
        var data = IndexOf(file, 0xDA) + 14;
        var middle = file.ToArray();
        // Sixteen ones are no code: annex C leaves them out.
        var start = (data + file.Length) / 2;
        while (middle[start - 1] == 0xFF) start++;
        for (var i = 0; i < 12; i += 2) (middle[start + i], middle[start + i + 1]) = (0xFF, 0);

        Reason(middle).ShouldContain("its compressed data is damaged or ends early: of 47 rows of pixels those from ");
    }

    [Fact]
    public void Restart_markers_are_followed()
    {
        // Twelve blocks of grey, each nothing but a difference of 0 and an end of block (two codes of two bits), a restart after every third.
        byte[] grey = [.. Start(width: 32, height: 24), 0xFF, 0xDD, 0, 4, 0, 3, .. Scan];
        byte[] data = [0b0000_0000, 0b0000_1111];
        byte[] whole = [.. grey, .. data, 0xFF, 0xD0, .. data, 0xFF, 0xD1, .. data, 0xFF, 0xD2, .. data, 0xFF, 0xD9];
        Pixels(whole).ShouldAllBe(value => value == 128);

        Reason([.. grey, .. data, 0xFF, 0xD0, .. data, 0xFF, 0xD2, .. data, 0xFF, 0xD3, .. data, 0xFF, 0xD9]).ShouldContain("of 24 rows of pixels those from 8 on are wrong or missing");
        Reason([.. grey, .. data, 0xFF, 0xD0, .. data, 0xFF, 0xD1, .. data, 0xFF, 0xD9]).ShouldContain("those from 16 on");
    }

    [Fact]
    public void Many_scans_of_a_large_image_are_refused_before_they_are_decoded()
    {
        byte[] scans = [.. Enumerable.Repeat<byte[]>([.. Scan, 0, 0], 600).SelectMany(scan => scan)];
        Reason([.. Start(width: 8, height: 8, progressive: true), .. scans, 0xFF, 0xD9]).ShouldContain("too many scans");
    }

    [Theory]
    [InlineData(0xC9, "arithmetic coding")]
    [InlineData(0xC3, "SOF3")]
    public void Kinds_that_are_not_read_are_named(byte frame, string expected)
    {
        var file = File.ReadAllBytes(ImageFolderFixture.Golden("baseline.jpg"));
        file[IndexOf(file, 0xC0) + 1] = frame;
        Reason(file).ShouldContain(expected);
    }

    /// <summary>One component of 8 bits, one quantisation table of ones, two Huffman tables with the codes 00 (symbol 0) and 01 (symbol 1).</summary>
    private static byte[] Start(int width, int height, bool progressive = false) =>
    [
        0xFF, 0xD8,
        0xFF, 0xDB, 0, 67, 0, .. Enumerable.Repeat<byte>(1, 64),
        0xFF, (byte)(progressive ? 0xC2 : 0xC0), 0, 11, 8, 0, (byte)height, 0, (byte)width, 1, 1, 0x11, 0,
        .. Table(0x00), .. Table(0x10),
    ];

    private static byte[] Table(byte number) => [0xFF, 0xC4, 0, 21, number, 0, 2, .. new byte[14], 0, 1];

    private static byte[] Scan => [0xFF, 0xDA, 0, 8, 1, 1, 0, 0, 0, 0];

    private static int IndexOf(byte[] file, byte marker) => file.AsSpan().IndexOf((ReadOnlySpan<byte>)[0xFF, marker]);

    private byte[] Pixels(byte[] file)
    {
        folder.Write("image", file);
        var pixels = new byte[3 * Size * Size];
        ImageDecoder.Decode([Path.Combine(folder.Root, "image")], Size, 1, pixels).ShouldBeEmpty();
        return pixels;
    }

    private string Reason(byte[] file)
    {
        folder.Write("image", file);
        return ImageDecoder.Decode([Path.Combine(folder.Root, "image")], Size, 1, new byte[3 * Size * Size]).ShouldHaveSingleItem().Message;
    }
}
