using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using NeuralCapacitance.Domain.Datasets;
using NeuralCapacitance.Domain.Jobs;
using NeuralCapacitance.Infrastructure.Downloads;
using NeuralCapacitance.Worker.Datasets.Cache;
using NeuralCapacitance.Worker.Datasets.Folders;
using NeuralCapacitance.Worker.Datasets.Published;

namespace NeuralCapacitance.Worker.Datasets.Kinds;

/// <summary>A data set in the layout in which its authors publish it.</summary>
internal abstract class PublishedKind : IDatasetKind
{
    protected abstract Publication Publication { get; }

    public DatasetKind Info => new(Publication.Name, PathUse.Optional, $"the folder that holds the files of {Publication.Title}");

    /// <summary>The set itself, where something of it is there.</summary>
    public IEnumerable<DatasetSpec> Find(DatasetContext context)
    {
        try
        {
            return SearchIn(context).Find(path: null) is null ? [] : [new DatasetSpec { Name = Publication.Name }];
        }
        catch (DatasetException)
        {
            return [new DatasetSpec { Name = Publication.Name }]; // A part of it, or another edition: listed with what is wrong.
        }
    }

    /// <summary>Of files that are still to be downloaded, what is published about them; the publisher must answer then.</summary>
    public DatasetInfo Inspect(DatasetSpec spec, DatasetContext context, CancellationToken cancellationToken)
    {
        if (ImagesOf(spec, context, cancellationToken) is { } images)
        {
            var described = ImageFolderKind.Describe(spec, images);
            return described with { Problems = [.. described.Problems, .. Problems(spec, described.TrainImages, described.TestImages)] };
        }
        if (SearchIn(context).Find(spec.Path) is not { } files) return Announce(spec, context, cancellationToken);
        var index = IndexOf(files, spec, context, cancellationToken);
        return new DatasetInfo { Spec = spec, Classes = index.Counts(), Problems = [.. Problems(spec, index.Train.Length, index.Test.Length)] };
    }

    public IImageSource Open(DatasetSpec spec, DatasetContext context, CancellationToken cancellationToken)
    {
        if (ImagesOf(spec, context, cancellationToken) is { } images) return ImageFolderKind.Open(images, spec, context, cancellationToken);
        var files = SearchIn(context).Find(spec.Path) ?? Fetch(spec, context, cancellationToken);
        var index = IndexOf(files, spec, context, cancellationToken);
        var stamp = Stamp(files, index.Classes);
        var hash = context.Cache.HashOf(stamp, () => index.HashOf(Read(files, cancellationToken), cancellationToken), cancellationToken);
        return new PublishedSource(index, hash, () => Read(files, cancellationToken), context.Threads);
    }

    /// <summary>Decodes the files; all of the content is in memory then.</summary>
    /// <param name="names">The file that was found for each of <see cref="Publication.Files"/>.</param>
    /// <exception cref="DatasetException">A file is damaged.</exception>
    protected abstract PublishedImages Read(PublishedFiles.FileContents files, IReadOnlyList<string> names, CancellationToken cancellationToken);

    private PublishedImages Read(PublishedFiles files, CancellationToken cancellationToken)
    {
        IReadOnlyList<string> names = [.. Publication.Files.Select(names => names.FirstOrDefault(files.Paths.ContainsKey) ?? names[0])];
        return Read(files.Open([.. names, .. Publication.Extras], cancellationToken), names, cancellationToken);
    }

    /// <summary>Null where the set is not there as images.</summary>
    /// <exception cref="DatasetException">It is, but not with the published classes.</exception>
    private ImageFolder? ImagesOf(DatasetSpec spec, DatasetContext context, CancellationToken cancellationToken)
        => SearchIn(context).FindImages(spec.Path) is { } root ? PublishedFolder.Read(root, Publication, spec.Classes, context.Roots, cancellationToken) : null;

    private PublishedSearch SearchIn(DatasetContext context) => new(Publication, context.Roots, FolderOf(context));

    private string FolderOf(DatasetContext context) => Path.Combine(context.DownloadRoot, Publication.Name);

    private DatasetInfo Announce(DatasetSpec spec, DatasetContext context, CancellationToken cancellationToken)
    {
        if (context.Downloads is not { } downloads) throw Absent(spec, context, "Nothing is downloaded here.");
        var url = new Uri(Publication.Downloads[0].Url);
        if (downloads.WhyUnavailable(url, cancellationToken) is { } reason) throw Absent(spec, context, reason);
        return Published(spec) with
        {
            Problems = [$"The files are not here yet: the first trial that needs them downloads them from {url.Host}. Classes and counts are those published."],
        };
    }

    /// <summary>What is known of files that are not there.</summary>
    private DatasetInfo Published(DatasetSpec spec)
    {
        var index = new PublishedIndex(Publication.Classes, Labels(Publication.TrainCounts), Labels(Publication.TestCounts), spec.Classes);
        return new DatasetInfo { Spec = spec, Classes = index.Counts(), Problems = [] };

        static int[] Labels(IReadOnlyList<int> counts) => [.. counts.SelectMany((count, label) => Enumerable.Repeat(label, count))];
    }

    /// <exception cref="DatasetException">Nothing is downloaded here.</exception>
    /// <exception cref="DownloadException">They cannot be had, or not now: its fault says which.</exception>
    private PublishedFiles Fetch(DatasetSpec spec, DatasetContext context, CancellationToken cancellationToken)
    {
        if (context.Downloads is not { } downloads) throw Absent(spec, context, "Nothing is downloaded here.");
        downloads.Fetch(Publication.Downloads, FolderOf(context), cancellationToken);
        return SearchIn(context).Find(path: null) ?? throw new IOException($"What was downloaded to '{FolderOf(context)}' is gone.");
    }

    private DatasetAbsentException Absent(DatasetSpec spec, DatasetContext context, string reason) => new(
        "path",
        $"The files of {Publication.Title} are not there: {SearchIn(context).Expected}. {reason} Put them into {context.Roots.Description}, there or in a folder "
        + $"{string.Join(" or ", Publication.Folders.Take(2).Select(folder => $"'{folder}'"))}, or name their folder in `path`. "
        + $"They are published at {string.Join(", ", Publication.Downloads.Select(d => $"{d.Url} (MD5 {d.Md5})"))}.",
        Published(spec));

    /// <summary>Labels are remembered as long as the process lives and the files do not change: an archive takes seconds to read.</summary>
    private PublishedIndex IndexOf(PublishedFiles files, DatasetSpec spec, DatasetContext context, CancellationToken cancellationToken)
    {
        var labels = context.Labels.GetOrAdd(Stamp(files, []), _ =>
        {
            var images = Read(files, cancellationToken);
            return new PublishedLabels(images.Classes, PublishedImages.LabelsOf(images.Train), PublishedImages.LabelsOf(images.Test));
        });
        return new PublishedIndex(labels.Classes, labels.Train, labels.Test, spec.Classes);
    }

    private IEnumerable<string> Problems(DatasetSpec spec, int trainImages, int testImages)
    {
        if (spec.Classes is not null) yield break;
        var (train, test) = (Publication.TrainCounts.Sum(), Publication.TestCounts.Sum());
        if (trainImages != train || testImages != test)
            yield return $"The files hold {trainImages} training and {testImages} test images; {Publication.Title} as published has {train} and {test}.";
    }

    /// <summary>SHA-256 over all that changes when the content does and is quick to tell.</summary>
    private string Stamp(PublishedFiles files, IReadOnlyList<string> classes)
    {
        var parts = files.Paths.OrderBy(file => file.Key, StringComparer.Ordinal)
            .Select(file => new FileInfo(file.Value))
            .Select(file => string.Create(CultureInfo.InvariantCulture, $"{file.FullName} {file.Length} {file.LastWriteTimeUtc.Ticks}"));
        return Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(string.Join('\0', [Publication.Name, .. parts, "", .. classes]))));
    }
}

/// <summary>What the files of a published data set say about every image but its pixels.</summary>
internal sealed record PublishedLabels(IReadOnlyList<string> Classes, int[] Train, int[] Test);
