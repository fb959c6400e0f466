using NeuralCapacitance.Domain.Datasets;
using NeuralCapacitance.Infrastructure.Archives;

namespace NeuralCapacitance.Infrastructure.Uploads;

/// <param name="Images">Files that were written.</param>
/// <param name="Bytes">Their bytes.</param>
/// <param name="LeftOut">Names of the files that are no images, the first few.</param>
/// <param name="LeftOutCount">How many those are in all.</param>
internal sealed record Unpacked(int Images, long Bytes, IReadOnlyList<string> LeftOut, int LeftOutCount);

/// <summary>Writes the images of an archive below a folder, and refuses it when too much of it is something else.</summary>
internal sealed class Unpacking(ZipReader archive, UploadPlan plan, string folder, DiskSpace space)
{
    /// <summary>Read-me files and lists of labels are common; more of them than this, and the archive is no set of images.</summary>
    private const double MostOthers = 0.1;

    private const int MostNames = 10;
    private static readonly string AcceptedFiles = $"{ImageFiles.Formats} files, named {ImageFiles.Endings}";

    private readonly byte[] _buffer = new byte[1 << 17];
    private readonly List<string> _others = [];
    private int _othersCount;
    private int _images;
    private long _bytes;

    /// <exception cref="ArchiveException">An entry is damaged, an archive itself, or too many are no images.</exception>
    /// <exception cref="IOException">The disk is full, for one.</exception>
    public Unpacked Run(CancellationToken cancellationToken)
    {
        // By name first: that costs nothing.
        foreach (var file in plan.Files.Where(file => !file.IsNamedAsImage)) CountOther(file);
        foreach (var file in plan.Files)
        {
            cancellationToken.ThrowIfCancellationRequested();
            Unpack(file);
        }
        return new Unpacked(_images, _bytes, _others, _othersCount);
    }

    private void Unpack(PlannedFile file)
    {
        FileStream? target = null;
        var isFirst = true;
        try
        {
            foreach (var length in archive.Read(file.Item, _buffer))
            {
                if (isFirst) target = Begin(file, _buffer.AsSpan(0, length));
                isFirst = false;
                if (target is null) continue;
                space.Spend(length);
                target.Write(_buffer, 0, length);
            }
        }
        finally
        {
            target?.Dispose();
        }
        if (isFirst) Begin(file, []);
    }

    /// <summary>The file to write to; null: it is not kept.</summary>
    private FileStream? Begin(PlannedFile file, ReadOnlySpan<byte> start)
    {
        if (FileSignature.IsArchive(start))
            throw new ArchiveException(file.Item.Name, null, "is an archive inside the archive", "the images themselves, in one folder per class");
        if (!file.IsNamedAsImage) return null;
        if (ImageFiles.FormatOf(start) is null)
        {
            CountOther(file);
            return null;
        }
        var path = Path.Combine(folder, file.Path);
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        _images++;
        _bytes += file.Item.Length;
        return new FileStream(path, new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write, BufferSize = 0 });
    }

    private void CountOther(PlannedFile file)
    {
        _othersCount++;
        if (_others.Count < MostNames) _others.Add(file.Item.Name);
        if (_othersCount > MostOthers * plan.Files.Count)
            throw new ArchiveException(file.Item.Name, $"{_othersCount} of {plan.Files.Count} files", "is no image, and neither are too many of the others", $"{AcceptedFiles}; at most {MostOthers:P0} of the files may be something else, which is left out");
    }
}
