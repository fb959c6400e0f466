using NeuralCapacitance.Domain.Datasets;
using NeuralCapacitance.Domain.Jobs;
using NeuralCapacitance.Worker.Datasets.Kinds;
using NeuralCapacitance.Worker.Datasets.Reports;

namespace NeuralCapacitance.Worker.Datasets.Folders;

/// <summary>What an inspection has found out about the files of an image folder.</summary>
/// <param name="Broken">Those of the folder that cannot be decoded.</param>
/// <param name="Paths">Of all of these, relative to the folder.</param>
/// <param name="SharedImages">As <see cref="DatasetInspection.SharedImages"/>; null too where other classes were looked at.</param>
internal sealed record KnownFiles(BrokenFiles Broken, IReadOnlySet<string> Paths, string? SharedImages)
{
    private const int MostNamed = 20;

    /// <summary>Null: nobody has looked at these files. Nothing is decoded, and no content is read.</summary>
    /// <param name="folder">As <paramref name="spec"/> says, with its classes.</param>
    public static KnownFiles? Find(DatasetSpec spec, ImageFolder folder, DatasetContext context, CancellationToken cancellationToken)
    {
        if (ReportOn(folder, context) is { } report) return Of(report, folder);
        if (spec.Classes is null) return null;
        try
        {
            // Of all classes, as the data set's description has it.
            return ReportOn(ImageFolder.Read(folder.Root, wanted: null, context.Roots, cancellationToken), context) is { } whole ? Of(whole, folder) with { SharedImages = null } : null;
        }
        catch (LayoutException)
        {
            return null; // What its classes are, the spec alone says.
        }
    }

    public static KnownFiles Of(InspectionReport report, ImageFolder folder)
    {
        var there = folder.Files.Select(file => file.Path).ToHashSet(StringComparer.Ordinal);
        var broken = report.Broken.Where(file => there.Contains(file.File)).ToList();
        return new KnownFiles(
            new BrokenFiles(broken.Count, [.. broken.Take(MostNamed).Select(file => file.ToString())]), broken.Select(file => file.File).ToHashSet(StringComparer.Ordinal), report.Shown.SharedImages);
    }

    /// <summary>The folder without the broken files, which says so.</summary>
    /// <exception cref="DatasetException">They are too many.</exception>
    public ImageFolder Skip(ImageFolder folder) => folder.Without(Broken, Paths, $"{Broken}. {(Broken.Count == 1 ? "It is" : "They are")} skipped.");

    /// <summary>Turned or not: the same files are broken.</summary>
    private static InspectionReport? ReportOn(ImageFolder folder, DatasetContext context)
        => context.Cache.Remembered(FolderHash.Stamp(folder)) is { } content
            ? Enum.GetValues<ExifOrientation>().Select(exif => context.Inspections.Known(new FolderSource(folder, FolderHash.OfPixels(content, exif), exif, context.Threads))).FirstOrDefault(report => report is not null)
            : null;
}
