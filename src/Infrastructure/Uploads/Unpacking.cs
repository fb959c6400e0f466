using NeuralCapacitance.Domain.Datasets;
using NeuralCapacitance.Infrastructure.Archives;

namespace NeuralCapacitance.Infrastructure.Uploads;

/// <param name="Images">Files that were written.</param>
/// <param name="Bytes">Their bytes.</param>
/// <param name="LeftOut">Names of the files that are no images, the first twenty.</param>
/// <param name="LeftOutCount">How many those are in all.</param>
internal sealed record Unpacked(int Images, long Bytes, IReadOnlyList<string> LeftOut, int LeftOutCount);

/// <summary>Writes the images of an archive below a folder, leaves out what is something else, and refuses an archive of which too much only pretends to be images.</summary>
internal sealed class Unpacking(ZipReader archive, UploadPlan plan, string folder, DiskSpace space)
{
    /// <summary>Of the files that are named as images. A few damaged ones are common; of more, something went wrong.</summary>
    private const double MostPretended = 0.1;

    private static readonly string AcceptedFiles = $"{ImageFiles.Formats} files, named {ImageFiles.Endings}";

    private readonly byte[] _buffer = new byte[1 << 17];
    private readonly NameList _others = new();
    private readonly int _named = plan.Files.Count(file => file.IsNamedAsImage);
    private int _pretended;
    private int _images;
    private long _bytes;

    /// <exception cref="ArchiveException">An entry is damaged, an archive itself, or too many are no images.</exception>
    /// <exception cref="IOException">The disk is full, for one.</exception>
    public Unpacked Run(CancellationToken cancellationToken)
    {
        foreach (var file in plan.Files)
        {
            cancellationToken.ThrowIfCancellationRequested();
            if (file.IsNamedAsImage) Unpack(file);
            else _others.Add(file.Item.Name);
        }
        return new Unpacked(_images, _bytes, _others.First.ToList(), _others.Count);
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
            throw new ArchiveException(file.Item.Name, null, "is an archive, and called an image", "the images themselves, in one folder per class");
        if (ImageFiles.FormatOf(start) is null)
        {
            LeaveOut(file);
            return null;
        }
        var path = Path.Combine(folder, file.Path);
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        _images++;
        _bytes += file.Item.Length;
        return new FileStream(path, new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write, BufferSize = 0 });
    }

    private void LeaveOut(PlannedFile file)
    {
        _others.Add(file.Item.Name);
        if (++_pretended <= MostPretended * _named) return;
        throw new ArchiveException(
            file.Item.Name, $"{_pretended} of {_named} files", "is called an image and is none, as are too many of the others",
            $"{AcceptedFiles}; at most {MostPretended:P0} of those may be something else, which is left out");
    }
}
