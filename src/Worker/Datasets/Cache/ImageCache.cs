using System.IO.MemoryMappedFiles;
using System.Runtime.InteropServices;

namespace NeuralCapacitance.Worker.Datasets.Cache;

/// <summary>A complete cache file, mapped into memory: processes on one machine share its pages. Safe to read from several threads.</summary>
internal sealed unsafe class ImageCache : IDisposable
{
    private readonly MemoryMappedFile file;
    private readonly MemoryMappedViewAccessor view;

    private ImageCache(CacheHeader header, MemoryMappedFile file, MemoryMappedViewAccessor view)
    {
        Header = header;
        this.file = file;
        this.view = view;
    }

    public CacheHeader Header { get; }

    /// <summary>Null if the file is absent, or is not exactly what <paramref name="header"/> describes.</summary>
    public static ImageCache? TryOpen(string path, CacheHeader header)
    {
        // What is mapped stays so when the stream is closed.
        using var stream = OpenIfThere(path);
        if (stream is null) return null;
        Span<byte> start = stackalloc byte[CacheHeader.Bytes];
        if (stream.ReadAtLeast(start, start.Length, throwOnEndOfStream: false) < start.Length || !header.Describes(start, stream.Length)) return null;
        var mapped = MemoryMappedFile.CreateFromFile(stream, null, 0, MemoryMappedFileAccess.Read, HandleInheritability.None, leaveOpen: true);
        try
        {
            return new ImageCache(header, mapped, mapped.CreateViewAccessor(0, header.FileBytes, MemoryMappedFileAccess.Read));
        }
        catch
        {
            mapped.Dispose();
            throw;
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
