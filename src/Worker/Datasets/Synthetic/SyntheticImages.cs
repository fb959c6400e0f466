using NeuralCapacitance.Domain.Datasets;
using NeuralCapacitance.Domain.Jobs;

namespace NeuralCapacitance.Worker.Datasets.Synthetic;

/// <summary>One class: what its large figure looks like.</summary>
internal sealed record SyntheticClass(string Name, Shape Shape, Texture Texture);

/// <summary>
/// The generated data set: textured shapes, for trying the service out without data. Neither shape nor texture alone tells the
/// class, and colour, place, size, turn, clutter and noise tell nothing, so a network has to learn something.
/// Image i is a pure function of seed, part and i; its class is i modulo the number of classes.
/// </summary>
internal sealed class SyntheticImages
{
    /// <summary>To be raised when the same numbers give other images.</summary>
    public const int Version = 1;

    private static readonly SyntheticClass[] AllClasses =
    [
        .. from shape in Enum.GetValues<Shape>()
           from texture in new[] { Texture.Stripes, Texture.Checks }
           select new SyntheticClass($"{(texture == Texture.Stripes ? "striped" : "checked")}-{shape.ToString().ToLowerInvariant()}", shape, texture),
    ];

    private readonly SyntheticSpec spec;
    private readonly SyntheticClass[] classes;

    /// <exception cref="DatasetException">Sizes out of range, an unknown class.</exception>
    public SyntheticImages(DatasetSpec dataset)
    {
        spec = dataset.Synthetic ?? new SyntheticSpec();
        if (spec.Classes < 2 || spec.Classes > AllClasses.Length)
            throw new DatasetException("synthetic.classes", $"A synthetic data set cannot have {spec.Classes} classes; accepted is 2 … {AllClasses.Length}.");
        var known = AllClasses[..spec.Classes];
        classes = dataset.Classes is { } names ? [.. names.Select(name => Find(name, known))] : known;
        if (spec.TrainImages < classes.Length || spec.TestImages < classes.Length)
            throw new DatasetException("synthetic", $"{spec.TrainImages} training and {spec.TestImages} test images are too few; accepted is at least one per class, {classes.Length}.");
    }

    public IReadOnlyList<string> Classes => [.. classes.Select(c => c.Name)];

    public int Train => spec.TrainImages;

    public int Test => spec.TestImages;

    public int LabelOf(int index) => index % classes.Length;

    /// <param name="planes">Receives 3 × size × size.</param>
    public void Render(bool test, int index, int size, Span<byte> planes)
        => new Scene(classes[LabelOf(index)], SplitMix64.Of(spec.Seed, test ? 1 : 0, index)).Render(size, planes);

    /// <summary>All that decides what the images look like, but for their size.</summary>
    public string Identity => $"synthetic {Version} {spec.Seed} {Train} {Test} {string.Join(' ', Classes)}";

    /// <summary>Images of one class among the first so many.</summary>
    public int CountOf(int label, int images) => (images / classes.Length) + (label < images % classes.Length ? 1 : 0);

    private static SyntheticClass Find(string name, SyntheticClass[] known)
        => Array.Find(known, c => string.Equals(c.Name, name, StringComparison.Ordinal))
            ?? throw new DatasetException("classes", $"A synthetic data set of {known.Length} classes has no class '{name}'; it has {string.Join(", ", known.Select(c => c.Name))}.");
}
