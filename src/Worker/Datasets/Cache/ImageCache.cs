using System.IO.MemoryMappedFiles;
using System.Runtime.InteropServices;
using NeuralCapacitance.Infrastructure.Archives;
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

    private ImageCache(CacheHeader header, FileStream stream, MemoryMappedFile file, MemoryMappedViewAccessor view)
    {
        Header = header;
        this.stream = stream;
        this.file = file;
        this.view = view;
    }

    public CacheHeader Header { get; }

    /// <summary>Null if the file is absent, is about to be deleted, or is not exactly what <paramref name="header"/> describes.</summary>
    public static ImageCache? TryOpen(string path, CacheHeader header)
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
            var found = new ImageCache(header, opened, mapped, mapped.CreateViewAccessor(0, header.FileBytes, MemoryMappedFileAccess.Read));
            if (Crc32.Append(0, MemoryMarshal.AsBytes(found.Labels().AsSpan())) != header.Labels)
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
    public void Read(int index, Span<byte> pixels)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(index);
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(index, Header.Images);
        Copy(Header.PixelsAt + (index * Header.ImageBytes), pixels[..checked((int)Header.ImageBytes)]);
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
