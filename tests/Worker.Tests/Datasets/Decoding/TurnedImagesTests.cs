using System.Text.Json;
using NeuralCapacitance.Domain.Jobs;
using NeuralCapacitance.Worker.Datasets.Decoding;

namespace NeuralCapacitance.Worker.Tests.Datasets.Decoding;

public sealed class TurnedImagesTests
{
    private const int Size = 12;

    private static readonly string Folder = Path.Combine(ImageFolderFixture.Goldens, "images-turned");

    public static TheoryData<string> Files => [.. Directory.GetFiles(Folder).Select(path => Path.GetFileName(path)).Order(StringComparer.Ordinal)];

    [Theory]
    [MemberData(nameof(Files))]
    public void Applied_orientations_turn_images_as_in_PIL(string file)
    {
        var expected = JsonDocument.Parse(File.ReadAllBytes(Path.Combine(ImageFolderFixture.Goldens, "images.json"))).RootElement.GetProperty("turned").GetProperty(file).GetBytesFromBase64();
        Decoded(file, ExifOrientation.Apply).ShouldBe(expected);
    }

    [Fact]
    public void Orientations_are_ignored_unless_they_are_asked_for()
        => Enumerable.Range(1, 8).ShouldAllBe(orientation => Decoded($"{orientation}.jpg", ExifOrientation.Ignore).SequenceEqual(Decoded("1.jpg", ExifOrientation.Apply)));

    [Theory]
    [InlineData("1.jpg", 12, 8)]
    [InlineData("6.jpg", 8, 12)]
    [InlineData("5.png", 8, 12)]
    [InlineData("6.webp", 8, 12)]
    public void Sizes_are_those_of_the_turned_image(string file, int width, int height)
    {
        using var content = new ImageBytes();
        content.Read(Path.Combine(Folder, file));
        ImageDecoder.SizeOf(content, ExifOrientation.Apply).ShouldBe((width, height));
        ImageDecoder.SizeOf(content, ExifOrientation.Ignore).ShouldBe((12, 8));
    }

    private static byte[] Decoded(string file, ExifOrientation exif)
    {
        var pixels = new byte[3 * Size * Size];
        ImageDecoder.Decode([Path.Combine(Folder, file)], Size, 1, pixels, exif).ShouldBeEmpty();
        return pixels;
    }
}
