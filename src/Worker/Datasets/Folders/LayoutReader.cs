using NeuralCapacitance.Domain.Datasets;

namespace NeuralCapacitance.Worker.Datasets.Folders;

/// <summary>
/// Finds out how a data set lies in its folder: which folders are parts, which are classes. What can be read in two ways is refused, with the
/// folder to give; nothing is ever taken for a class that may be a part.
/// </summary>
/// <param name="wanted">The classes that a spec names: they settle what is a class where names leave it open. Null: all.</param>
internal sealed class LayoutReader(IReadOnlyList<string>? wanted)
{
    private readonly List<FolderNode> passed = [];
    private readonly List<string> notes = [];
    private string level = "";

    /// <exception cref="LayoutException">It holds no data set, or several, or one that cannot be used.</exception>
    /// <exception cref="DatasetException">A link leads out of the data roots.</exception>
    public static FolderLayout Read(FolderNode root, IReadOnlyList<string>? wanted) => new LayoutReader(wanted).Read(root);

    private FolderLayout Read(FolderNode root)
    {
        var at = root;
        while (true)
        {
            passed.Add(at);
            level = at.FullPath;
            if (InParts(at) is { } layout) return layout;
            if (IsChosen(at) || ClassLevel.Inner(at) is not { } inner) return InClasses(at);
            NoteOthers(at, inner);
            at = inner;
        }
    }

    /// <summary>Null: none of the folders is a part.</summary>
    private FolderLayout? InParts(FolderNode folder)
    {
        var parts = new PartFolders(folder);
        var filled = parts.All.Where(part => part.HoldsImages).ToList();
        if (filled.Count == 0) return null;
        if (parts.Train is { Count: > 0 } trains) return WithParts(folder, parts, trains);
        var others = folder.Filled.Except(filled).ToList();
        ThrowIfDatasets(folder, others);
        var sorted = filled.Where(part => ClassLevel.Of(part) is not null).ToList();
        if (sorted.Count > 0)
        {
            throw Unusable(
                $"'{folder.FullPath}' holds {Folders(sorted)}, but no training images in class folders beside. Put them into a folder 'train' there, "
                + $"or give '{sorted[0].FullPath}' to use that part alone.");
        }
        if (others.Count == 0)
            throw Unusable($"The images in {Folders(filled)} of '{folder.FullPath}' lie in no class folders. Expected is one folder per class in each, as train/CAT/1.jpg.");
        if (IsChosen(folder)) return null;
        if (filled is [var only] && parts.Named.Any(part => part.Folder == only && part.Name.Part == Part.Train) && others.All(ClassLevel.HoldsOneClass))
        {
            notes.Add($"'{only.Name}' is read as a class, since images lie in it directly as in {ClassLevel.Shown(others)}.");
            return null;
        }
        throw Unusable(
            $"{Folders(filled)} in '{folder.FullPath}' may be a part of the data set or a class beside {ClassLevel.Shown(others)}. Name the classes in dataset.classes, "
            + $"or put their folders into '{Path.Combine(folder.FullPath, "train")}' and give '{folder.FullPath}'.");
    }

    private FolderLayout WithParts(FolderNode folder, PartFolders parts, IReadOnlyList<FolderNode> trains)
    {
        var train = ChooseTrain(folder, parts, trains);
        var root = ClassLevel.Of(train)!;
        Pass(train, root);
        if (new PartFolders(root) is { Train.Count: > 0 } inner && root.Filled.All(inner.All.Contains)) throw Unusable($"'{root.FullPath}' holds parts of its own ({ClassLevel.Shown(root.Filled)}). Give that folder, or leave one set of parts.");
        ThrowIfAlike(root);
        var classes = root.Subfolders;
        var chosen = new PartChoice(folder, parts, train, ClassNames.Keys(classes.Where(c => c.HoldsImages)));
        foreach (var part in new[] { chosen.Validation, chosen.Test }.OfType<PartFolder>()) Pass(folder.Subfolders.First(sub => sub.Name == part.Name), part.Root);
        return new FolderLayout(root, classes)
        {
            Level = folder,
            TrainName = train.Name,
            Validation = chosen.Validation,
            Test = chosen.Test,
            Passed = passed,
            Notes = [.. notes, .. chosen.Notes],
        };
    }

    private FolderNode ChooseTrain(FolderNode folder, PartFolders parts, IReadOnlyList<FolderNode> trains)
    {
        var plain = parts.Named.Where(part => part.Name.IsPlain).Select(part => part.Folder).ToHashSet();
        var best = trains.Where(train => plain.Contains(train) == plain.Contains(trains[0])).ToList();
        return best is [var only]
            ? only
            : throw Unusable($"{Folders(best)} in '{folder.FullPath}' could all be the training images. Leave one of them there, or give one, as '{best[0].FullPath}'.");
    }

    private FolderLayout InClasses(FolderNode folder)
    {
        var filled = folder.Filled;
        if (filled.Count == 0 && !folder.HasImages)
            throw new LayoutException(LayoutFault.Empty, level, $"No images in '{folder.FullPath}'; expected is one subfolder per class with files named {ImageFiles.Endings}.");
        if (filled.Count == 0)
            throw Unusable($"No images in '{folder.FullPath}' lie in class folders: all lie in it directly. Expected is one subfolder per class.");
        var classes = folder.Subfolders;
        if (!IsChosen(folder))
        {
            ThrowIfDatasets(folder, filled);
            ThrowIfDivided(folder, filled);
            ThrowIfAlike(folder);
            var copies = Copies(filled);
            if (copies.Count > 0) notes.Add($"{ClassLevel.Shown(copies)} is not read: it holds folders of the same names as the classes beside it.");
            classes = [.. classes.Except(copies)];
            ThrowIfUncertain(folder, [.. filled.Except(copies)]);
        }
        if (filled.Count < 2)
            throw Unusable($"'{folder.FullPath}' has images in one class folder only, '{filled[0].Name}'; a data set needs at least two.");
        return new FolderLayout(folder, classes) { Level = folder, Passed = passed, Notes = notes };
    }

    private void ThrowIfDatasets(FolderNode folder, IReadOnlyList<FolderNode> filled)
    {
        if (filled.Where(PartFolders.IsDataset).ToList() is { Count: > 0 } sets)
            throw Several($"'{folder.FullPath}' holds data sets rather than classes: {ClassLevel.Shown(sets)} {(sets.Count == 1 ? "has a part" : "have parts")} for training. Give {(sets.Count == 1 ? "that folder" : "one of them")}, as '{sets[0].FullPath}'.");
    }

    private void ThrowIfDivided(FolderNode folder, IReadOnlyList<FolderNode> filled)
    {
        if (filled.FirstOrDefault(PartFolders.IsSplitClass) is { } split)
        {
            throw Unusable(
                $"'{split.FullPath}' is divided into {ClassLevel.Shown(split.Filled)} inside the class. Divide the data set first: "
                + $"'{Path.Combine(folder.FullPath, split.Filled[0].Name, split.Name)}', …");
        }
    }

    private void ThrowIfAlike(FolderNode folder)
    {
        if (ClassLevel.Alike(folder.Filled) is not { } pair) return;
        throw Several(
            $"'{pair.First.Name}' and '{pair.Second.Name}' in '{folder.FullPath}' hold folders of the same names ({ClassLevel.Shown(pair.First.Filled)}), so they are parts of a data set, or data sets, "
            + $"and no classes. Give one of them, as '{pair.First.FullPath}'; call parts train, valid and test; or put the images of classes directly into their folders.");
    }

    /// <summary>A second copy of the data set that was packed into it.</summary>
    private static List<FolderNode> Copies(IReadOnlyList<FolderNode> filled)
    {
        var names = ClassNames.Keys(filled.Where(ClassLevel.HoldsOneClass));
        return [.. filled.Where(folder => !ClassLevel.HoldsOneClass(folder) && ClassNames.Keys(folder.Filled).Count(names.Contains) >= 2)];
    }

    /// <summary>Folders of folders may be classes or data sets. A data root is there to hold data sets.</summary>
    private void ThrowIfUncertain(FolderNode folder, IReadOnlyList<FolderNode> filled)
    {
        var uncertain = filled.Where(inner => !ClassLevel.HoldsOneClass(inner)).ToList();
        if (uncertain.Count == 0 || (uncertain.Count < filled.Count && !folder.IsDataRoot)) return;
        throw Several(
            $"{Folders(uncertain)} in '{folder.FullPath}' hold folders of images rather than images: they may be classes or data sets. Give one of them, as '{uncertain[0].FullPath}', "
            + $"or, if they are classes, name them in dataset.classes or put their folders into '{Path.Combine(folder.FullPath, "train")}'.");
    }

    private bool IsChosen(FolderNode folder)
    {
        if (wanted is null) return false;
        var filled = folder.Filled.Select(inner => inner.Name).ToHashSet(StringComparer.Ordinal);
        return wanted.All(filled.Contains);
    }

    /// <summary>The folders from a part to its class folders.</summary>
    private void Pass(FolderNode part, FolderNode root)
    {
        for (var at = part; ; at = ClassLevel.Inner(at)!)
        {
            passed.Add(at);
            if (at == root) return;
            NoteOthers(at, at.Filled.First(inner => root.FullPath == inner.FullPath || root.FullPath.StartsWith(inner.FullPath + Path.DirectorySeparatorChar, StringComparison.Ordinal)));
        }
    }

    private void NoteOthers(FolderNode folder, FolderNode inner)
    {
        var others = folder.Filled.Where(other => other != inner).ToList();
        if (others.Count > 0) notes.Add($"{ClassLevel.Shown(others)} beside '{inner.Relative}' {(others.Count == 1 ? "is" : "are")} not read.");
    }

    private static string Folders(IReadOnlyList<FolderNode> folders) => folders.Count == 1 ? $"The folder '{folders[0].Name}'" : $"The folders {ClassLevel.Shown(folders)}";

    private LayoutException Unusable(string message) => new(LayoutFault.Unusable, level, message);

    private LayoutException Several(string message) => new(LayoutFault.Several, level, message);
}
