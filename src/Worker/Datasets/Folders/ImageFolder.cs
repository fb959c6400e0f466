using NeuralCapacitance.Domain.Datasets;

namespace NeuralCapacitance.Worker.Datasets.Folders;

/// <summary>The files and labels of an <c>image-folder</c> data set.</summary>
internal sealed record ImageFolder
{
    /// <summary>Part of each class that becomes the test set where the folder has none.</summary>
    private const double HeldOutFraction = 0.2;

    private const int LeastClasses = 2;

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
            throw new DatasetException("path", $"The images in '{root}' cannot be read: {e.Message}");
        }
    }

    private static ImageFolder List(string root, IReadOnlyList<string>? wanted, DataRoots roots, CancellationToken cancellationToken)
    {
        var layout = LayoutReader.Read(FolderNode.Of(root, roots), wanted);
        var listing = new ClassFolders(root, roots);
        var train = ImagesOf(layout.Classes, listing, cancellationToken);
        var classes = ChooseClasses(train, wanted, layout.Train.FullPath);
        List<string> problems = [.. layout.Notes];
        problems.AddRange(train.Where(c => wanted is null && c.Value.Count == 0).Select(c => $"Class '{c.Key}' has no images and is left out."));
        if (classes.GroupBy(ClassNames.Key, StringComparer.Ordinal).FirstOrDefault(names => names.Count() > 1) is { } alike)
            problems.Add($"The classes {NameList.Of(alike)} have nearly the same name, and are read as different ones.");
        var folder = new ImageFolder
        {
            Root = root,
            Classes = classes,
            Train = [.. classes.Select(name => train[name])],
            Validation = Part(layout.Validation),
            Test = Part(layout.Test),
            Problems = problems,
        };
        problems.AddRange(LeftOut(layout, listing));
        return folder.Test.Any(files => files.Count > 0) ? folder : folder.WithHeldOutTest();

        // The classes are those of the training images.
        IReadOnlyList<ImageFile>[] Part(PartFolder? part)
        {
            if (part is null) return [.. classes.Select(_ => Array.Empty<ImageFile>())];
            var images = ImagesOf(part.Classes, listing, cancellationToken);
            var match = ClassNames.Match(train.Keys, images.Keys);
            IReadOnlyList<ImageFile>[] files = [.. classes.Select(c => match.TryGetValue(c, out var name) ? images[name] : [])];
            problems.AddRange(images.Keys.Except(match.Values).Where(c => images[c].Count > 0).Select(c => $"Class '{c}' of '{part.Name}' has no folder in '{layout.TrainName}' and is left out."));
            problems.AddRange(match.Where(pair => pair.Key != pair.Value).Select(pair => $"Class '{pair.Key}' is called '{pair.Value}' in '{part.Name}'."));
            problems.AddRange(files.All(f => f.Count == 0)
                ? [$"'{part.Name}' has no images of these classes and is not used."]
                : classes.Where((_, i) => files[i].Count == 0).Select(c => $"Class '{c}' has no images in '{part.Name}'."));
            return files;
        }
    }

    private static SortedDictionary<string, IReadOnlyList<ImageFile>> ImagesOf(IReadOnlyList<FolderNode> classes, ClassFolders listing, CancellationToken cancellationToken)
    {
        var images = new SortedDictionary<string, IReadOnlyList<ImageFile>>(StringComparer.Ordinal);
        foreach (var folder in classes)
        {
            cancellationToken.ThrowIfCancellationRequested();
            images.Add(folder.Name, listing.Read(folder));
        }
        return images;
    }

    /// <summary>Files and folders that are no part of it.</summary>
    private static IEnumerable<string> LeftOut(FolderLayout layout, ClassFolders listing)
    {
        var (loose, others) = (new NameList(), new NameList());
        others.Add(listing.Others);
        foreach (var folder in layout.Passed)
        {
            loose.Add(folder.Images);
            others.Add(folder.Others);
        }
        if (loose.Count > 0) yield return $"{Counted(loose.Count, "image")} in no class folder and left out: {loose}.";
        if (others.Count > 0) yield return $"{Counted(others.Count, "file")} not named as {(others.Count == 1 ? "an image" : "images")} ({ImageFiles.Endings}) and left out: {others}.";
        if (listing.Unread.Count > 0) yield return $"{Counted(listing.Unread.Count, "folder")} not read, as links, too deep, or masks beside images: {listing.Unread}.";

        static string Counted(int count, string what) => count == 1 ? $"1 {what} is" : $"{count} {what}s are";
    }

    private static IReadOnlyList<string> ChooseClasses(
        SortedDictionary<string, IReadOnlyList<ImageFile>> images, IReadOnlyList<string>? wanted, string folder)
    {
        var filled = images.Where(c => c.Value.Count > 0).Select(c => c.Key).ToArray();
        if (filled.Length < LeastClasses)
        {
            throw new LayoutException(
                LayoutFault.Unusable, folder, $"{(filled.Length == 0 ? "No class folder" : $"Only one class folder, '{filled[0]}',")} in '{folder}' holds images; a data set needs at least two.");
        }
        if (wanted is null) return filled;
        var there = filled.ToHashSet(StringComparer.Ordinal);
        foreach (var name in wanted)
        {
            if (there.Contains(name)) continue;
            var fault = images.ContainsKey(name) ? "has no images" : "does not exist";
            throw new DatasetException("classes", $"Class '{name}' {fault} in '{folder}'; classes with images are {NameList.Of(filled)}.");
        }
        return [.. wanted];
    }

    /// <summary>Without files that cannot be decoded.</summary>
    /// <param name="broken">Some of its files.</param>
    /// <param name="problem">What to tell about them.</param>
    /// <exception cref="DatasetException">They are more than may be skipped, or all training images of a class.</exception>
    public ImageFolder Without(BrokenFiles broken, IReadOnlySet<string> files, string problem)
    {
        var images = Files.Count();
        if (!broken.MayBeSkipped(images))
        {
            throw new DatasetException(
                "onBrokenImage", $"'skip' is accepted for up to {BrokenFiles.MostSkipped:P0} of the images; of {images}, {broken}. Remove or replace them.");
        }
        var left = this with { Train = Left(Train), Validation = Left(Validation), Test = Left(Test), Problems = [.. Problems, problem] };
        return left.Train.Index().FirstOrDefault(files => files.Item.Count == 0) is { Item: not null } empty
            ? throw new DatasetException("onBrokenImage", $"Without the files that are broken class '{Classes[empty.Index]}' has no training images: {broken}. Replace them.")
            : left;

        IReadOnlyList<ImageFile>[] Left(IReadOnlyList<IReadOnlyList<ImageFile>> part) => [.. part.Select(images => images.Where(file => !files.Contains(file.Path)).ToArray())];
    }

    /// <summary>A fixed random fifth of each class, so that neither file names nor the job's seed decide what is tested on.</summary>
    private ImageFolder WithHeldOutTest()
    {
        var parts = Train.Select(HoldOut).ToArray();
        var held = this with { Train = [.. parts.Select(p => p.Train)], Test = [.. parts.Select(p => p.Test)] };
        var missing = NameList.Of(Classes.Where((_, i) => held.Test[i].Count == 0));
        var without = missing.Count == 0 ? "" : $" It has none of {missing}, of which there is one image.";
        return held with { Problems = [.. Problems, $"There is no test set: {HeldOutFraction:P0} of each class, {held.Test.Sum(files => files.Count)} images in all, are held out as one.{without}"] };
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
