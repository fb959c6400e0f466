using NeuralCapacitance.Worker.Datasets.Decoding;
using NeuralCapacitance.Worker.Datasets.Decoding.Resizing;

namespace NeuralCapacitance.Worker.Tests.Datasets.Decoding;

public sealed unsafe class ResizerTests
{
    /// <summary>Sides that are odd, less than a vector, and far from each other, in reductions and enlargements.</summary>
    [Theory]
    [InlineData(1, 1, 5)]
    [InlineData(2, 9, 1)]
    [InlineData(7, 3, 3)]
    [InlineData(33, 32, 32)]
    [InlineData(32, 33, 32)]
    [InlineData(61, 47, 12)]
    [InlineData(500, 375, 224)]
    [InlineData(31, 1000, 17)]
    [InlineData(1601, 2, 6)]
    public void Every_instruction_set_gives_the_same_bytes(int width, int height, int size)
    {
        using var image = new Raster();
        image.Reshape(width, height);
        new Random(width + height).NextBytes(new Span<byte>(image.Pixels, 4 * width * height));
        var expected = Resized(image, size, new ScalarResampling());

        Resizer.Available.Count.ShouldBeGreaterThan(1, "there is nothing to compare");
        foreach (var resampling in Resizer.Available) Resized(image, size, resampling).SequenceEqual(expected).ShouldBeTrue(resampling.GetType().Name);
    }

    /// <summary>As a large photograph is: rows by some at a time, three bytes a pixel.</summary>
    [Theory]
    [InlineData(61, 47, 12)]
    [InlineData(500, 375, 224)]
    [InlineData(9, 40, 33)]
    public void An_image_in_parts_of_three_bytes_a_pixel_gives_the_same_bytes(int width, int height, int size)
    {
        const int rows = 16;
        using var image = new Raster();
        using var part = new Raster();
        image.Reshape(width, height);
        new Random(width + height).NextBytes(new Span<byte>(image.Pixels, 4 * width * height));
        var expected = Resized(image, size, new ScalarResampling());
        foreach (var resampling in Resizer.Available)
        {
            using var resizer = new Resizer(size, resampling);
            var planes = new byte[3 * size * size];
            resizer.Begin(height);
            part.Reshape(width, rows, Raster.Colours);
            for (var y = 0; y < height; y += rows)
            {
                var top = Math.Min(y, height - rows);
                for (var i = 0; i < width * rows; i++)
                    new Span<byte>(image.Pixels + (4 * ((top * width) + i)), 3).CopyTo(new Span<byte>(part.Pixels + (3 * i), 3));
                resizer.Take(part, top);
            }
            fixed (byte* target = planes) resizer.End(target);
            planes.SequenceEqual(expected).ShouldBeTrue(resampling.GetType().Name);
        }
    }

    [Fact]
    public void White_stays_white_and_black_black()
    {
        using var image = new Raster();
        foreach (var value in new byte[] { 0, 255 })
        {
            image.Reshape(97, 61);
            new Span<byte>(image.Pixels, 4 * 97 * 61).Fill(value);
            foreach (var resampling in Resizer.Available) Resized(image, 23, resampling).AsSpan().IndexOfAnyExcept(value).ShouldBe(-1, resampling.GetType().Name);
        }
    }

    [Fact]
    public void Planes_are_resized_as_decoded_images_are()
    {
        const int side = 20;
        var planes = new byte[2 * 3 * side * side];
        new Random(1).NextBytes(planes);
        var together = new byte[2 * 3 * 9 * 9];
        ImageResizer.Resize(planes, side, 9, threads: 2, together);

        using var image = new Raster();
        image.Reshape(side, side);
        fixed (byte* second = &planes[3 * side * side]) Planes.Join(second, image);
        Resized(image, 9, new ScalarResampling()).ShouldBe(together[(3 * 9 * 9)..]);
    }

    private static byte[] Resized(Raster image, int size, IResampling resampling)
    {
        using var resizer = new Resizer(size, resampling);
        var planes = new byte[3 * size * size];
        fixed (byte* target = planes) resizer.Resize(image, target);
        return planes;
    }
}
