using System.IO.MemoryMappedFiles;
using System.Runtime.InteropServices;
using NeuralCapacitance.Infrastructure.Archives;
using NeuralCapacitance.Infrastructure.Stalls;
using NeuralCapacitance.Infrastructure.Storage;

namespace NeuralCapacitance.Worker.Datasets.Cache;

/// <summary>
/// A complete cache file, mapped into memory: processes on one machine share its pages. Safe to read from several threads.
/// Until it is disposed of it holds a shared lock on the file, so that nobody takes it for one that is not in use.
/// </summary>
internal sealed unsafe class ImageCache : IDisposable
{
    private readonly FileStream stream;
    private readonly MemoryMappedFile file;
    private readonly MemoryMappedViewAccessor view;
    private readonly ImageRepair? repair;
    private readonly PixelChecksums? checksums;

    private ImageCache(CacheHeader header, FileStream stream, MemoryMappedFile file, MemoryMappedViewAccessor view, ImageRepair? repair)
    {
        Header = header;
        this.stream = stream;
        this.file = file;
        this.view = view;
        this.repair = repair;
        checksums = ReadChecksums();
    }

    public CacheHeader Header { get; }

    /// <summary>Absolute path.</summary>
    public string File => stream.Name;

    /// <summary>Null if the file is absent, is about to be deleted, or is not exactly what <paramref name="header"/> describes.</summary>
    /// <param name="repair">Of images that are damaged; null: they are an error.</param>
    public static ImageCache? TryOpen(string path, CacheHeader header, ImageRepair? repair = null)
    {
        var opened = OpenIfThere(path);
        if (opened is null) return null;
        MemoryMappedFile? mapped = null;
        ImageCache? cache = null;
        try
        {
            Span<byte> start = stackalloc byte[CacheHeader.Bytes];
            if (opened.ReadAtLeast(start, start.Length, throwOnEndOfStream: false) < start.Length || !header.Describes(start, opened.Length)) return null;
            mapped = MemoryMappedFile.CreateFromFile(opened, null, 0, MemoryMappedFileAccess.Read, HandleInheritability.None, leaveOpen: true);
            var found = new ImageCache(header, opened, mapped, mapped.CreateViewAccessor(0, header.FileBytes, MemoryMappedFileAccess.Read), repair);
            if (found.checksums is null || Crc32.Append(0, MemoryMarshal.AsBytes(found.Labels().AsSpan())) != header.Labels)
            {
                found.view.Dispose();
                return null;
            }
            return cache = found;
        }
        finally
        {
            if (cache is null)
            {
                mapped?.Dispose();
                opened.Dispose();
            }
        }
    }

    private static FileStream? OpenIfThere(string path)
    {
        try
        {
            return new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.Read | FileShare.Delete);
        }
        catch (Exception e) when (e is FileNotFoundException or DirectoryNotFoundException)
        {
            return null;
        }
        catch (IOException e) when (FileLock.IsHeld(e))
        {
            return null;
        }
    }

    /// <summary>Labels of the training, then the validation, then the test images.</summary>
    public int[] Labels()
    {
        var labels = new int[Header.Images];
        Copy(CacheHeader.Bytes, MemoryMarshal.AsBytes(labels.AsSpan()));
        return labels;
    }

    /// <param name="index">Of all images: training, validation, test.</param>
    /// <param name="pixels">Receives 3 × size × size.</param>
    /// <exception cref="ObjectDisposedException">The data set was disposed of.</exception>
    /// <exception cref="Domain.Datasets.DatasetException">The image is damaged, and what it was made from has changed.</exception>
    /// <exception cref="IOException">It is damaged, and nothing is known of what it was made from.</exception>
    public void Read(int index, Span<byte> pixels)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(index);
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(index, Header.Images);
        pixels = pixels[..checked((int)Header.ImageBytes)];
        Copy(Header.PixelsAt + (index * Header.ImageBytes), pixels);
        if (checksums!.Match(index, pixels)) return;
        if (repair is null) throw new IOException($"Image {index} in '{File}' is damaged.");
        repair.Make(index, Header, checksums, pixels);
    }

    /// <summary>Reads all images, so that none is damaged afterwards.</summary>
    /// <exception cref="Domain.Datasets.DatasetException">As <see cref="Read"/>.</exception>
    public void ReadAll(CancellationToken cancellationToken)
    {
        var pixels = new byte[Header.ImageBytes];
        for (var i = 0; i < Header.Images; i++)
        {
            cancellationToken.ThrowIfCancellationRequested();
            Read(i, pixels);
            Steps.Made();
        }
    }

    private PixelChecksums? ReadChecksums()
    {
        var bytes = new byte[PixelChecksums.BytesOf(Header.Images)];
        Copy(Header.ChecksumsAt, bytes);
        return PixelChecksums.Read(bytes);
    }

    public void Dispose()
    {
        view.Dispose();
        file.Dispose();
        stream.Dispose();
    }

    /// <summary>The handle counts its users, so that memory in use is not unmapped.</summary>
    private void Copy(long offset, Span<byte> bytes)
    {
        byte* start = null;
        var handle = view.SafeMemoryMappedViewHandle;
        handle.AcquirePointer(ref start);
        try
        {
            new ReadOnlySpan<byte>(start + offset, bytes.Length).CopyTo(bytes);
        }
        finally
        {
            handle.ReleasePointer();
        }
    }
}
