namespace NeuralCapacitance.Worker.Datasets.Synthetic;

/// <summary>Outlines of about radius 1 around the origin, as signed distances: negative inside. After I. Quilez, "2D distance functions".</summary>
internal enum Shape
{
    Disc,
    Square,
    Triangle,
    Ring,
    Cross,
}

internal static class Shapes
{
    public const int Count = 5;

    /// <summary>Exact for disc and ring; for the others exact along the sides and a bound near the corners.</summary>
    public static double Distance(this Shape shape, double x, double y) => shape switch
    {
        Shape.Disc => Radius(x, y) - 0.9,
        Shape.Square => Math.Max(Math.Abs(x), Math.Abs(y)) - 0.8,
        Shape.Triangle => Math.Max((Math.Abs(x) * 0.866) + (y * 0.5), -y) - 0.55,
        Shape.Ring => Math.Abs(Radius(x, y) - 0.7) - 0.25,
        Shape.Cross => Math.Min(Bar(x, y), Bar(y, x)),
        _ => throw new ArgumentOutOfRangeException(nameof(shape), shape, null),
    };

    private static double Radius(double x, double y) => Math.Sqrt((x * x) + (y * y));

    private static double Bar(double along, double across) => Math.Max(Math.Abs(along) - 1, Math.Abs(across) - 0.36);
}
