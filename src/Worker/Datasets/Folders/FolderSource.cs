using NeuralCapacitance.Domain.Datasets;
using NeuralCapacitance.Domain.Jobs;
using NeuralCapacitance.Worker.Datasets.Cache;
using NeuralCapacitance.Worker.Datasets.Decoding;

namespace NeuralCapacitance.Worker.Datasets.Folders;

/// <summary>Decodes the files of an image folder.</summary>
internal sealed class FolderSource(ImageFolder folder, string hash, ExifOrientation exif, int threads) : IImageSource
{
    private const int MostFaultsShown = 10;

    private readonly string[] files = [.. folder.Files.Select(file => file.Path)];
    private readonly List<ImageFault> faults = [];

    public IReadOnlyList<string> Classes => folder.Classes;

    public IReadOnlyList<int> TrainLabels { get; } = LabelsOf(folder.Train);

    public IReadOnlyList<int> ValidationLabels { get; } = LabelsOf(folder.Validation);

    public IReadOnlyList<int> TestLabels { get; } = LabelsOf(folder.Test);

    public string Hash => hash;

    public string Folder => folder.Root;

    public ExifOrientation Exif => exif;

    public IReadOnlyList<string> Files => Array.ConvertAll(files, file => Path.Combine(folder.Root, file));

    public IReadOnlyList<string> Problems => folder.Problems;

    public bool IsBroken(int index) => faults.Exists(fault => fault.Index == index);

    public void Fill(int start, int size, Span<byte> pixels, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        var count = pixels.Length / (3 * size * size);
        var paths = Array.ConvertAll(files[start..(start + count)], file => Path.Combine(folder.Root, file));
        faults.AddRange(ImageDecoder.Decode(paths, size, threads, pixels, exif).Select(fault => fault with { Index = start + fault.Index }));
    }

    public void ThrowIfBroken()
    {
        if (faults.Count == 0) return;
        var shown = string.Join("; ", faults.Take(MostFaultsShown).Select(fault => $"'{files[fault.Index]}': {fault.Message}"));
        var more = faults.Count > MostFaultsShown ? $"; and {faults.Count - MostFaultsShown} more" : "";
        var skip = new BrokenFiles(faults.Count, []).MayBeSkipped(files.Length) ? ", or say \"onBrokenImage\": \"skip\" in the job's dataset" : "";
        throw new BrokenImageException($"{faults.Count} of {files.Length} images in '{folder.Root}' cannot be decoded; remove or replace them{skip}: {shown}{more}.");
    }

    private static int[] LabelsOf(IReadOnlyList<IReadOnlyList<ImageFile>> classes)
        => [.. classes.SelectMany((files, label) => Enumerable.Repeat(label, files.Count))];
}
