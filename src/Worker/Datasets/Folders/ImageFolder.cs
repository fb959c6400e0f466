using NeuralCapacitance.Domain.Datasets;

namespace NeuralCapacitance.Worker.Datasets.Folders;

/// <summary>The files and labels of an <c>image-folder</c> data set.</summary>
internal sealed record ImageFolder
{
    /// <summary>Part of each class that becomes the test set where the folder has none.</summary>
    private const double HeldOutFraction = 0.2;

    private const long HeldOutSeed = 20_240_709;

    /// <summary>Real path.</summary>
    public required string Root { get; init; }

    public required IReadOnlyList<string> Classes { get; init; }

    /// <summary>By class, in the order of <see cref="Classes"/>; the files of one sorted ordinally.</summary>
    public required IReadOnlyList<IReadOnlyList<ImageFile>> Train { get; init; }

    /// <summary>Empty lists where the folder has no validation set.</summary>
    public required IReadOnlyList<IReadOnlyList<ImageFile>> Validation { get; init; }

    public required IReadOnlyList<IReadOnlyList<ImageFile>> Test { get; init; }

    /// <summary>Training, validation, test: the order in which everything goes through them.</summary>
    public IReadOnlyList<IReadOnlyList<IReadOnlyList<ImageFile>>> Parts => [Train, Validation, Test];

    /// <summary>All of them: by part, in it by class.</summary>
    public IEnumerable<ImageFile> Files => Parts.SelectMany(part => part).SelectMany(files => files);

    public required IReadOnlyList<string> Problems { get; init; }

    /// <summary>Lists the files; opens none.</summary>
    /// <param name="root">Real path of the data set's folder.</param>
    /// <param name="wanted">As <see cref="Domain.Jobs.DatasetSpec.Classes"/>.</param>
    /// <exception cref="DatasetException">No images, an unknown or empty class, a link out of the roots or in a circle, a folder that cannot be read.</exception>
    public static ImageFolder Read(string root, IReadOnlyList<string>? wanted, DataRoots roots, CancellationToken cancellationToken)
    {
        try
        {
            return List(root, wanted, roots, cancellationToken);
        }
        catch (Exception e) when (e is UnauthorizedAccessException or IOException)
        {
            throw new DatasetException("path", $"The images cannot be read: {e.Message}");
        }
    }

    private static ImageFolder List(string root, IReadOnlyList<string>? wanted, DataRoots roots, CancellationToken cancellationToken)
    {
        var layout = FolderLayout.Of(root);
        if (layout.Train.Length == 0 && FolderLayout.DatasetAmong(root) is { } inner)
            throw new DatasetException("path", $"'{root}' holds data sets rather than classes: '{inner}' has a folder 'train'. Name that one.");
        var train = ClassFolders.Read(root, layout.Train, roots, cancellationToken);
        var validation = layout.Validation is null ? null : ClassFolders.Read(root, layout.Validation, roots, cancellationToken);
        var test = layout.Test is null ? null : ClassFolders.Read(root, layout.Test, roots, cancellationToken);
        var classes = ChooseClasses(train.Images, wanted, Path.Combine(root, layout.Train));

        List<string> problems = [.. train.Problems, .. validation?.Problems ?? [], .. test?.Problems ?? []];
        problems.AddRange(train.Images.Where(c => wanted is null && c.Value.Count == 0).Select(c => $"Class '{c.Key}' has no images and is left out."));
        var folder = new ImageFolder
        {
            Root = root,
            Classes = classes,
            Train = [.. classes.Select(name => train.Images[name])],
            Validation = Part(validation, layout.Validation),
            Test = Part(test, layout.Test),
            Problems = problems,
        };
        return folder.Test.Any(files => files.Count > 0) ? folder : folder.WithHeldOutTest();

        // The classes are those of the training images.
        IReadOnlyList<ImageFile>[] Part(ClassFolders? part, string? name)
        {
            var files = classes.Select(c => part?.Images.GetValueOrDefault(c) ?? []).ToArray();
            if (part is null) return files;
            problems.AddRange(part.Images.Keys.Where(c => !train.Images.ContainsKey(c)).Select(c => $"Class '{c}' of '{name}' has no folder in '{layout.Train}' and is left out."));
            problems.AddRange(files.All(f => f.Count == 0)
                ? [$"'{name}' has no images of these classes and is not used."]
                : classes.Where((_, i) => files[i].Count == 0).Select(c => $"Class '{c}' has no images in '{name}'."));
            return files;
        }
    }

    private static IReadOnlyList<string> ChooseClasses(
        IReadOnlyDictionary<string, IReadOnlyList<ImageFile>> images, IReadOnlyList<string>? wanted, string folder)
    {
        var filled = images.Where(c => c.Value.Count > 0).Select(c => c.Key).ToArray();
        if (filled.Length == 0)
            throw new DatasetException("path", $"No images in '{folder}'; expected is one subfolder per class with files named {ImageFiles.Endings}.");
        if (wanted is null) return filled;
        foreach (var name in wanted)
        {
            if (filled.Contains(name, StringComparer.Ordinal)) continue;
            var fault = images.ContainsKey(name) ? "has no images" : "does not exist";
            throw new DatasetException("classes", $"Class '{name}' {fault} in '{folder}'; classes with images are {string.Join(", ", filled)}.");
        }
        return [.. wanted];
    }

    /// <summary>A fixed random fifth of each class, so that neither file names nor the job's seed decide what is tested on.</summary>
    private ImageFolder WithHeldOutTest()
    {
        var parts = Train.Select(HoldOut).ToArray();
        var held = this with { Train = [.. parts.Select(p => p.Train)], Test = [.. parts.Select(p => p.Test)] };
        return held with { Problems = [.. Problems, $"There is no test set: {HeldOutFraction:P0} of each class, {held.Test.Sum(files => files.Count)} images in all, are held out as one."] };
    }

    private static (IReadOnlyList<ImageFile> Train, IReadOnlyList<ImageFile> Test) HoldOut(IReadOnlyList<ImageFile> files)
    {
        var order = Enumerable.Range(0, files.Count).ToArray();
        SplitMix64.Of(HeldOutSeed).Shuffle(order);
        var count = files.Count < 2 ? 0 : Math.Max(1, (int)Math.Round(HeldOutFraction * files.Count));
        return (Pick(order.AsSpan(count)), Pick(order.AsSpan(0, count)));

        ImageFile[] Pick(Span<int> indices)
        {
            indices.Sort();
            var picked = new ImageFile[indices.Length];
            for (var i = 0; i < picked.Length; i++) picked[i] = files[indices[i]];
            return picked;
        }
    }
}
