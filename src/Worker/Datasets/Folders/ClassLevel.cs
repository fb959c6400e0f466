using NeuralCapacitance.Domain.Datasets;

namespace NeuralCapacitance.Worker.Datasets.Folders;

/// <summary>Tells class folders from folders around them.</summary>
internal static class ClassLevel
{
    /// <summary>Pictures of what the images show, kept beside these.</summary>
    private static readonly string[] Auxiliary =
        ["mask", "masks", "label", "labels", "annotation", "annotations", "groundtruth", "ground_truth", "gt", "segmentation", "segmentations", "trimaps", "depth", "heatmaps", "thumbnails"];

    /// <summary>Comparing more of them would take long, and says nothing more.</summary>
    private const int MostCompared = 50;

    public static bool IsAuxiliary(string name) => Auxiliary.Contains(name, StringComparer.OrdinalIgnoreCase);

    /// <summary>The folder inside this one that holds all of its images, and the class folders among others: <c>seg_train/seg_train</c>, <c>images</c> beside <c>masks</c>. Null: the classes are here.</summary>
    /// <param name="known">Keys of class names: a folder of such a name is a class. Null: none is known.</param>
    public static FolderNode? Inner(FolderNode folder, ISet<string>? known = null)
    {
        var filled = folder.Filled;
        // test/test/CLASS, of a set that has a class 'test' too, is a part that lies twice.
        if (Hits(folder) is var hits and > 0 && !(filled is [var twice] && Hits(twice) > hits)) return null;
        FolderNode? inner = null;
        if (filled is [var only]) inner = only;
        else if (filled.Where(other => PartName.IsNeutral(other.Name)).ToArray() is [var images] && filled.All(other => other == images || IsAuxiliary(other.Name))) inner = images;
        return inner is not null && inner.Filled.Count >= (inner.HasImages ? 2 : 1) ? inner : null;

        int Hits(FolderNode level) => known is null ? 0 : level.Filled.Count(c => known.Contains(ClassNames.Key(c.Name)));
    }

    /// <summary>Where the class folders of a part lie; null where it has images without any, or none at all.</summary>
    public static FolderNode? Of(FolderNode part, ISet<string>? known = null)
    {
        var at = part;
        while (Inner(at, known) is { } inner) at = inner;
        if (at.Filled.Count == 0) return null;
        var isUnsorted = at.Filled is [var only] && known?.Contains(ClassNames.Key(only.Name)) != true
            && (PartName.IsNeutral(only.Name) || only.Name.Equals(part.Name, StringComparison.OrdinalIgnoreCase));
        return isUnsorted ? null : at;
    }

    /// <summary>Whether images lie in it as in a class folder: directly, or in one folder such as <c>images</c>. If not, it may be a data set of its own.</summary>
    public static bool HoldsOneClass(FolderNode folder)
        => folder.HasImages || (folder.Filled is [var only] && HoldsOneClass(only)) || folder.Filled.All(inner => PartName.IsNeutral(inner.Name) || IsAuxiliary(inner.Name));

    /// <summary>Two folders whose subfolders have the same names, by at least half of the fewer: parts of one data set, or data sets side by side, and no classes.</summary>
    public static (FolderNode First, FolderNode Second)? Alike(IReadOnlyList<FolderNode> folders)
    {
        var compared = folders.Where(folder => !HoldsOneClass(folder)).Take(MostCompared).Select(folder => (Folder: folder, Names: ClassNames.Keys(folder.Filled))).ToArray();
        for (var i = 0; i < compared.Length; i++)
        {
            for (var j = 0; j < i; j++)
            {
                var common = compared[i].Names.Count(compared[j].Names.Contains);
                if (common > 0 && 2 * common >= Math.Min(compared[i].Names.Count, compared[j].Names.Count)) return (compared[j].Folder, compared[i].Folder);
            }
        }
        return null;
    }

    /// <summary>For a message.</summary>
    public static string Shown(IEnumerable<FolderNode> folders) => NameList.Of(folders.Select(folder => folder.Name)).ToString();
}
