using NeuralCapacitance.Domain.Datasets;

namespace NeuralCapacitance.Domain.Jobs;

/// <summary>Reads <c>dataset</c>. Which names there are, and which fields go with one, is the catalogue's to say.</summary>
internal sealed class DatasetSpecReader(IReadOnlyList<DatasetKind> kinds)
{
    private readonly string names = string.Join(", ", kinds.Select(kind => kind.Name));

    public DatasetSpec Read(SpecObject root)
    {
        var section = root.Section("dataset");
        if (!root.Has("dataset")) section.Fault(section.Path, null, "is missing", $"an object whose name is one of {names}");
        else if (section.IsObject && !section.Has("name")) section.Fault(section.PathOf("name"), null, "is missing", names);

        var kind = ReadKind(section);
        var spec = new DatasetSpec
        {
            Name = kind?.Name ?? "",
            Path = ReadPath(section, kind),
            Classes = ReadClasses(section),
            Exif = ReadExif(section, kind),
            OnBrokenImage = ReadOnBrokenImage(section, kind),
            Synthetic = ReadSynthetic(section, kind),
        };
        section.RejectUnknownFields();
        return spec;
    }

    /// <summary>Null where the name is at fault; what depends on it then goes without judgement.</summary>
    private DatasetKind? ReadKind(SpecObject section)
    {
        if (section.Text("name", 100, names) is not { } name) return null;
        var kind = kinds.FirstOrDefault(kind => string.Equals(kind.Name, name, StringComparison.OrdinalIgnoreCase));
        if (kind is null)
            section.Fault(section.PathOf("name"), section.Take("name"), "is no known data set" + SpecObject.Suggestion(name, kinds.Select(k => k.Name)), names);
        return kind;
    }

    private static string? ReadPath(SpecObject section, DatasetKind? kind)
    {
        var given = section.Take("path");
        switch (kind?.Path)
        {
            case PathUse.None when given is not null:
                section.Fault(section.PathOf("path"), given, $"has no meaning for the data set '{kind.Name}'", "no path");
                return null;
            case PathUse.Required when given is null:
                section.Fault(section.PathOf("path"), null, "is missing", kind.PathMeaning);
                return null;
            default:
                return section.Text("path", 4_096, kind?.PathMeaning ?? "a folder in a data root");
        }
    }

    private static ExifOrientation ReadExif(SpecObject section, DatasetKind? kind)
    {
        if (kind is { HasFiles: false } && section.Take("exif") is { } given)
        {
            section.Fault(section.PathOf("exif"), given, $"has no meaning for the data set '{kind.Name}'", "no exif");
            return ExifOrientation.Ignore;
        }
        return section.Word("exif", "ignore", ["ignore", "apply"]) == "apply" ? ExifOrientation.Apply : ExifOrientation.Ignore;
    }

    private static BrokenImage ReadOnBrokenImage(SpecObject section, DatasetKind? kind)
    {
        if (kind is { HasFiles: false } && section.Take("onBrokenImage") is { } given)
        {
            section.Fault(section.PathOf("onBrokenImage"), given, $"has no meaning for the data set '{kind.Name}'", "no onBrokenImage");
            return BrokenImage.Fail;
        }
        return section.Word("onBrokenImage", "fail", ["fail", "skip"]) == "skip" ? BrokenImage.Skip : BrokenImage.Fail;
    }

    private static List<string>? ReadClasses(SpecObject section)
    {
        const string Accepted = "a list of at least two different class names, or null for all classes";
        if (section.List("classes", Accepted) is not { } items) return null;
        var classes = new List<string>();
        var different = new HashSet<string>(StringComparer.Ordinal);
        foreach (var (path, element) in items.Items())
        {
            if (section.TextOf(path, element, 255, "a class name") is not { } text) continue;
            if (!different.Add(text)) section.Fault(path, element, "is listed twice", Accepted);
            classes.Add(text);
        }
        if (items.Count < 2) section.Fault(section.PathOf("classes"), null, $"has {items.Count} classes", Accepted);
        return classes;
    }

    private static SyntheticSpec? ReadSynthetic(SpecObject dataset, DatasetKind? kind)
    {
        var section = dataset.Section("synthetic");
        if (!string.Equals(kind?.Name, DatasetSpec.SyntheticName, StringComparison.Ordinal))
        {
            if (kind is not null && dataset.Has("synthetic"))
                dataset.Fault(section.Path, null, $"has no meaning for the data set '{kind.Name}'", "no `synthetic` section, or the name synthetic");
            return null;
        }
        var standard = new SyntheticSpec();
        var spec = new SyntheticSpec
        {
            Classes = (int?)section.Whole("classes", 2, 10) ?? standard.Classes,
            TrainImages = (int?)section.Whole("trainImages", 20, 1_000_000) ?? standard.TrainImages,
            TestImages = (int?)section.Whole("testImages", 10, 1_000_000) ?? standard.TestImages,
            Seed = section.Whole("seed", 0) ?? standard.Seed,
        };
        section.RejectUnknownFields();
        return spec;
    }
}
