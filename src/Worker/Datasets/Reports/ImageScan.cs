using System.Security.Cryptography;
using NeuralCapacitance.Domain.Datasets;
using NeuralCapacitance.Infrastructure.Storage;
using NeuralCapacitance.Worker.Datasets.Cache;
using NeuralCapacitance.Worker.Datasets.Decoding;

namespace NeuralCapacitance.Worker.Datasets.Reports;

/// <summary>Reads and decodes every image of a source once.</summary>
internal sealed class ImageScan(IImageSource source, int threads)
{
    private const int MostShown = 20;
    private const int BatchImages = 256;

    /// <summary>At which images are decoded to see whether that works, and compared where they are no files.</summary>
    private const int TrialSide = 32;

    private readonly int _train = source.TrainLabels.Count;
    private readonly int _validation = source.ValidationLabels.Count;
    private readonly int _all = source.TrainLabels.Count + source.ValidationLabels.Count + source.TestLabels.Count;

    /// <param name="version">As <see cref="DatasetInspection.Version"/>.</param>
    /// <exception cref="DatasetException">A file cannot be read.</exception>
    public InspectionReport Run(string version, CancellationToken cancellationToken)
    {
        var digests = new string[_all];
        var sizes = new (int Width, int Height)?[_all];
        var broken = source.Files is { } files
            ? ScanFiles([.. files], digests, sizes, cancellationToken)
            : ScanPixels(digests, sizes, cancellationToken);
        var duplicates = Duplicates(digests).ToList();
        var known = sizes.OfType<(int Width, int Height)>().ToList();
        var named = broken.Select(fault => new BrokenFile(NameOf(fault.Index), fault.Message)).ToList();
        var shown = new DatasetInspection
        {
            Hash = source.Hash,
            Version = version,
            Width = SideRange.Of(known.Select(size => size.Width)),
            Height = SideRange.Of(known.Select(size => size.Height)),
            Broken = [.. named.Take(MostShown)],
            BrokenCount = named.Count,
            Duplicates = [.. duplicates.Take(MostShown).Select(pair => new DuplicateImage(NameOf(pair.Image), NameOf(pair.SameAs)))],
            DuplicateCount = duplicates.Count,
        };
        return new InspectionReport(shown, named);
    }

    private List<ImageFault> ScanFiles(string[] files, string[] digests, (int Width, int Height)?[] sizes, CancellationToken cancellationToken)
    {
        using var contents = new ThreadLocal<ImageBytes>(() => new ImageBytes(), trackAllValues: true);
        try
        {
            EachImage.Do(files.Length, threads, Look, cancellationToken);
        }
        finally
        {
            foreach (var content in contents.Values) content.Dispose();
        }
        var faults = new List<ImageFault>();
        var pixels = new byte[BatchImages * 3 * TrialSide * TrialSide];
        for (var start = 0; start < files.Length; start += BatchImages)
        {
            cancellationToken.ThrowIfCancellationRequested();
            var batch = files[start..Math.Min(start + BatchImages, files.Length)];
            faults.AddRange(ImageDecoder.Decode(batch, TrialSide, threads, pixels.AsSpan(0, batch.Length * 3 * TrialSide * TrialSide)).Select(fault => fault with { Index = start + fault.Index }));
        }
        return faults;

        void Look(int i)
        {
            var content = contents.Value!;
            Read(content, files[i]);
            digests[i] = Convert.ToHexStringLower(SHA256.HashData(content.Content));
            sizes[i] = ImageDecoder.SizeOf(content, source.Exif);
        }
    }

    /// <summary>An empty file, or one that cannot be opened, is told of when it is decoded; one that is gone since it was listed makes all of the rest doubtful.</summary>
    private static void Read(ImageBytes content, string file)
    {
        try
        {
            content.Read(file);
        }
        catch (Exception e) when (e is IOException or BrokenFileException)
        {
            if (e is IOException || !File.Exists(file)) throw new DatasetException("path", $"'{file}' cannot be read: {e.Message}");
        }
    }

    private List<ImageFault> ScanPixels(string[] digests, (int Width, int Height)?[] sizes, CancellationToken cancellationToken)
    {
        var side = source.Side ?? TrialSide;
        var bytes = 3 * side * side;
        var pixels = new byte[BatchImages * bytes];
        for (var start = 0; start < _all; start += BatchImages)
        {
            var count = Math.Min(BatchImages, _all - start);
            source.Fill(start, side, pixels.AsSpan(0, count * bytes), cancellationToken);
            for (var i = 0; i < count; i++)
            {
                digests[start + i] = Convert.ToHexStringLower(SHA256.HashData(pixels.AsSpan(i * bytes, bytes)));
                sizes[start + i] = source.Side is null ? null : (side, side);
            }
        }
        return [];
    }

    /// <summary>Images that an earlier part of the data set has too.</summary>
    private IEnumerable<(int Image, int SameAs)> Duplicates(string[] digests)
    {
        var first = new Dictionary<string, int>(StringComparer.Ordinal);
        for (var i = 0; i < digests.Length; i++)
        {
            if (!first.TryAdd(digests[i], i) && PartOf(first[digests[i]]) != PartOf(i)) yield return (i, first[digests[i]]);
        }
    }

    private (string Name, int Start) PartOf(int index)
    {
        if (index < _train) return ("train", 0);
        return index < _train + _validation ? ("validation", _train) : ("test", _train + _validation);
    }

    private string NameOf(int index)
    {
        if (source is { Folder: { } folder, Files: { } files }) return SlashPath.Relative(folder, files[index]);
        var (part, start) = PartOf(index);
        return $"{part}[{index - start}]";
    }
}
