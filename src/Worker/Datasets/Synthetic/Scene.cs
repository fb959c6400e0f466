namespace NeuralCapacitance.Worker.Datasets.Synthetic;

/// <summary>One generated image, as it is before it has a size in pixels.</summary>
internal sealed class Scene
{
    private readonly Colour[] corners;
    private readonly Figure[] figures;
    private readonly double noise;
    private SplitMix64 random;

    /// <summary>
    /// A large figure of the class, in random colours, place, size, turn and texture phase, over small plain ones on a dim background.
    /// The ranges are chosen so that small networks reach 30 … 80 % within ten epochs on 1 400 images of 10 classes, and differ.
    /// </summary>
    public Scene(SyntheticClass kind, SplitMix64 random)
    {
        this.random = random;
        var grey = this.random.NextDouble(70, 130);
        corners = [Background(grey), Background(grey), Background(grey), Background(grey)];
        var clutter = 1 + this.random.NextInt(3);
        figures = new Figure[clutter + 1];
        for (var i = 0; i < clutter; i++) figures[i] = Distractor();
        figures[clutter] = Subject(kind);
        noise = this.random.NextDouble(5, 22);
    }

    /// <param name="planes">3 × size × size.</param>
    public void Render(int size, Span<byte> planes)
    {
        var noisy = random;
        var pixel = 2.0 / size;
        var plane = size * size;
        for (var row = 0; row < size; row++)
        {
            for (var column = 0; column < size; column++)
            {
                var (x, y) = (((column + 0.5) * pixel) - 1, ((row + 0.5) * pixel) - 1);
                var colour = BackgroundAt(x, y);
                foreach (ref readonly var figure in figures.AsSpan()) colour = figure.Over(colour, x, y, pixel);
                var at = (row * size) + column;
                planes[at] = Noisy(colour.R, ref noisy);
                planes[at + plane] = Noisy(colour.G, ref noisy);
                planes[at + (2 * plane)] = Noisy(colour.B, ref noisy);
            }
        }
    }

    private byte Noisy(double value, ref SplitMix64 noisy) => (byte)Math.Clamp(value + noisy.NextDouble(-noise, noise), 0, 255);

    private Colour BackgroundAt(double x, double y)
    {
        var (right, down) = ((x + 1) / 2, (y + 1) / 2);
        return corners[0].Towards(corners[1], right).Towards(corners[2].Towards(corners[3], right), down);
    }

    private Colour Background(double grey)
    {
        const double shade = 20;
        const double tint = 18;
        var level = grey + random.NextDouble(-shade, shade);
        return new Colour(level + random.NextDouble(-tint, tint), level + random.NextDouble(-tint, tint), level + random.NextDouble(-tint, tint));
    }

    private Figure Subject(SyntheticClass kind)
    {
        var scale = random.NextDouble(0.6, 0.85);
        return Place(kind.Shape, kind.Texture, scale, reach: 0.8 - (scale * 0.64), turn: 0.8);
    }

    private Figure Distractor() => Place((Shape)random.NextInt(Shapes.Count), Texture.Plain, random.NextDouble(0.1, 0.2), reach: 1, turn: Math.PI);

    private Figure Place(Shape shape, Texture texture, double scale, double reach, double turn)
    {
        var paper = Colour.Random(ref random);
        var (sin, cos) = Math.SinCos(random.NextDouble(-turn, turn));
        return new Figure
        {
            Shape = shape,
            Texture = texture,
            X = random.NextDouble(-reach, reach),
            Y = random.NextDouble(-reach, reach),
            Scale = scale,
            Turn = (cos, sin),
            Period = random.NextDouble(0.33, 0.48),
            Phase = random.NextDouble(),
            Paper = paper,
            Ink = paper.Contrasting(random.NextDouble(110, 165), ref random),
        };
    }
}
