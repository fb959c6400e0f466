using System.Runtime.Intrinsics;

namespace NeuralCapacitance.Worker.Datasets.Decoding;

/// <summary>Between four bytes a pixel and one plane for each of red, green and blue.</summary>
internal static unsafe class Planes
{
    /// <summary>Pixels of a vector.</summary>
    private const int Together = 4;

    /// <param name="planes">Receives 3 × height × width bytes.</param>
    public static void Split(Raster image, byte* planes)
    {
        var count = (nint)image.Width * image.Height;
        var pixel = image.Pixels;
        nint i = 0;
        if (Vector128.IsHardwareAccelerated)
        {
            // The reds of four pixels to the first four bytes, their greens to the next, and so on.
            var byColour = Vector128.Create(0, 4, 8, 12, 1, 5, 9, 13, 2, 6, 10, 14, 3, 7, 11, (byte)15);
            for (; i <= count - Together; i += Together, pixel += Together * Raster.BytesPerPixel)
            {
                var colours = Vector128.Shuffle(Vector128.Load(pixel), byColour).AsUInt32();
                *(uint*)(planes + i) = colours.GetElement(0);
                *(uint*)(planes + count + i) = colours.GetElement(1);
                *(uint*)(planes + (2 * count) + i) = colours.GetElement(2);
            }
        }
        for (; i < count; i++, pixel += Raster.BytesPerPixel)
        {
            planes[i] = pixel[0];
            planes[count + i] = pixel[1];
            planes[(2 * count) + i] = pixel[2];
        }
    }

    /// <param name="planes">3 × height × width bytes.</param>
    public static void Join(byte* planes, Raster image)
    {
        var count = (nint)image.Width * image.Height;
        var pixel = image.Pixels;
        for (nint i = 0; i < count; i++, pixel += Raster.BytesPerPixel)
        {
            pixel[0] = planes[i];
            pixel[1] = planes[count + i];
            pixel[2] = planes[(2 * count) + i];
            pixel[3] = byte.MaxValue;
        }
    }
}
