namespace NeuralCapacitance.Worker.Datasets.Decoding.Resizing;

/// <summary>Plain arithmetic, for any processor, and what the others are tested against.</summary>
internal sealed unsafe class ScalarResampling : IResampling
{
    public void Narrow(Raster image, Raster target, int top, Taps taps)
    {
        for (var y = 0; y < image.Height; y++)
        {
            var row = image.Pixels + ((nint)y * image.Stride);
            var written = target.Pixels + ((nint)(top + y) * target.Stride);
            for (var x = 0; x < target.Width; x++)
                Sum(row + (image.Step * taps.First[x]), image.Step, Raster.Colours, taps, x, written + (Raster.BytesPerPixel * x));
        }
    }

    public void Shorten(Raster image, Raster target, Taps taps)
    {
        for (var y = 0; y < target.Height; y++)
            Sum(image.Pixels + ((nint)taps.First[y] * image.Stride), image.Stride, image.Stride, taps, y, target.Pixels + ((nint)y * target.Stride));
    }

    /// <summary>The weighted sum of <paramref name="count"/> bytes each at several places, <paramref name="step"/> bytes apart.</summary>
    private static void Sum(byte* first, int step, int count, Taps taps, int output, byte* target)
    {
        var weights = taps.Weights.AsSpan(output * taps.Width, taps.Count[output]);
        for (var at = 0; at < count; at++)
        {
            var sum = Taps.Half;
            var value = first + at;
            foreach (var weight in weights)
            {
                sum += *value * weight;
                value += step;
            }
            target[at] = (byte)Math.Clamp(sum >> Taps.FractionBits, byte.MinValue, byte.MaxValue);
        }
    }
}
