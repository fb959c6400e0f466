using System.Runtime.InteropServices;

namespace NeuralCapacitance.Worker.Datasets.Synthetic;

/// <summary>RGB, 0 … 255, not rounded.</summary>
[StructLayout(LayoutKind.Auto)]
internal readonly record struct Colour(double R, double G, double B)
{
    public static Colour Random(ref SplitMix64 random) => new(random.NextDouble(20, 235), random.NextDouble(20, 235), random.NextDouble(20, 235));

    /// <summary>This moved by <paramref name="contrast"/> in a random direction, back into range where it would leave it.</summary>
    public Colour Contrasting(double contrast, ref SplitMix64 random)
        => new(Move(R, contrast, ref random), Move(G, contrast, ref random), Move(B, contrast, ref random));

    public Colour Towards(Colour other, double share) => new(R + ((other.R - R) * share), G + ((other.G - G) * share), B + ((other.B - B) * share));

    private static double Move(double value, double contrast, ref SplitMix64 random)
    {
        var step = random.NextDouble(0.4, 1) * contrast * (random.NextInt(2) == 0 ? 1 : -1);
        return value + step is >= 0 and <= 255 ? value + step : value - step;
    }
}

internal enum Texture
{
    Plain,
    Stripes,
    Checks,
}

/// <summary>A textured shape somewhere in the image, whose coordinates run from −1 to 1.</summary>
[StructLayout(LayoutKind.Auto)]
internal readonly record struct Figure
{
    public required Shape Shape { get; init; }

    public required Texture Texture { get; init; }

    public required double X { get; init; }

    public required double Y { get; init; }

    public required double Scale { get; init; }

    /// <summary>Cosine and sine of the rotation.</summary>
    public required (double Cos, double Sin) Turn { get; init; }

    /// <summary>Of the texture, in units of the image; its phase is where the figure stands.</summary>
    public required double Period { get; init; }

    public required double Phase { get; init; }

    public required Colour Ink { get; init; }

    public required Colour Paper { get; init; }

    /// <summary>What shows at (x, y) with this figure lying on <paramref name="below"/>; outlines blend over one pixel.</summary>
    public Colour Over(Colour below, double x, double y, double pixel)
    {
        const double reach = 1.2; // no outline goes further from the origin
        var (dx, dy) = (x - X, y - Y);
        var bound = (reach * Scale) + pixel;
        if ((dx * dx) + (dy * dy) > bound * bound) return below;
        var across = (dx * Turn.Cos) + (dy * Turn.Sin);
        var along = (dy * Turn.Cos) - (dx * Turn.Sin);
        var distance = Shape.Distance(across / Scale, along / Scale) * Scale;
        var cover = Math.Clamp(0.5 - (distance / pixel), 0, 1);
        return cover > 0 ? below.Towards(Fill(across, along), cover) : below;
    }

    private Colour Fill(double across, double along) => Texture switch
    {
        Texture.Stripes => IsOdd(along) ? Ink : Paper,
        Texture.Checks => IsOdd(along) ^ IsOdd(across) ? Ink : Paper,
        _ => Ink,
    };

    private bool IsOdd(double position) => ((int)Math.Floor((position + Phase) / Period * 2) & 1) != 0;
}
