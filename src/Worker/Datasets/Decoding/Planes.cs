namespace NeuralCapacitance.Worker.Datasets.Decoding;

/// <summary>Between four bytes a pixel and one plane for each of red, green and blue.</summary>
internal static unsafe class Planes
{
    /// <param name="planes">Receives 3 × height × width bytes.</param>
    public static void Split(Raster image, byte* planes)
    {
        var count = (nint)image.Width * image.Height;
        var pixel = image.Pixels;
        for (nint i = 0; i < count; i++, pixel += Raster.BytesPerPixel)
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
