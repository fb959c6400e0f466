namespace NeuralCapacitance.Worker.Datasets.Decoding;

/// <summary>How a camera was held: tag 274 of TIFF 6.0 and of EXIF. 1 upright; 2, 4 mirrored; 3 upside down; 5 … 8 on a side, so that width and height change places.</summary>
internal static unsafe class Orientation
{
    public const int Upright = 1;

    public static bool SwapsSides(int orientation) => orientation >= 5;

    /// <summary>To the image that the photographer saw.</summary>
    /// <param name="orientation">1 … 8.</param>
    public static void Turn(Raster image, int orientation, Raster turned)
    {
        var (width, height) = (image.Width, image.Height);
        if (SwapsSides(orientation)) turned.Reshape(height, width);
        else turned.Reshape(width, height);
        var source = (uint*)image.Pixels;
        var target = (uint*)turned.Pixels;
        // Where the first pixel comes from, and how far the next one to the right and the next one below are away from it.
        var (first, right, down) = orientation switch
        {
            2 => (width - 1, -1, width),
            3 => ((width * height) - 1, -1, -width),
            4 => (width * (height - 1), 1, -width),
            5 => (0, width, 1),
            6 => (width * (height - 1), -width, 1),
            7 => ((width * height) - 1, -width, -1),
            8 => (width - 1, width, -1),
            _ => (0, 1, width),
        };
        for (var y = 0; y < turned.Height; y++)
        {
            var pixel = source + first + ((nint)y * down);
            for (var x = 0; x < turned.Width; x++, pixel += right) *target++ = *pixel;
        }
    }
}
