using System.Runtime.InteropServices;
using Microsoft.Extensions.Logging;
using NeuralCapacitance.Domain.Datasets;
using NeuralCapacitance.Infrastructure.Archives;
using NeuralCapacitance.Infrastructure.Stalls;
using NeuralCapacitance.Infrastructure.Storage;
using NeuralCapacitance.Worker.Datasets.Decoding;

namespace NeuralCapacitance.Worker.Datasets.Cache;

/// <summary>
/// The folder of cache files. A file is complete or absent: it is written beside its place, flushed to disk, and renamed, all under
/// a lock, so that two who want the same one at once make it once. What a killed writer leaves is overwritten by the next.
/// </summary>
/// <param name="limit">Bytes that cache files may take; 0: no limit.</param>
internal sealed partial class CacheStore(string root, long limit, TimeProvider time, ILogger logger)
{
    private readonly CacheEviction eviction = new(root, limit, logger);

    private const int BufferBytes = 64 << 20;

    /// <summary>Of one batch: so many, at full photographs' size, are decoded before a cancellation is noticed.</summary>
    private const int MostImages = 512;

    /// <summary>Maps the images of a source at a size, making the file first if it is not there.</summary>
    /// <param name="built">Called when it was made here.</param>
    /// <exception cref="DatasetException">Images were broken: all are named. Or decoded they would take more than the limit.</exception>
    /// <exception cref="IOException">The disk is full, or something else that may pass.</exception>
    public ImageCache OpenOrBuild(IImageSource source, int size, Action<CacheHeader> built, CancellationToken cancellationToken)
    {
        int[] labels = [.. source.TrainLabels, .. source.ValidationLabels, .. source.TestLabels];
        var header = new CacheHeader(source.Hash, size, source.TrainLabels.Count, source.ValidationLabels.Count, source.TestLabels.Count, Crc32.Append(0, MemoryMarshal.AsBytes(labels.AsSpan())));
        var path = Path.Combine(root, $"{source.Hash}-{size}.images");
        var repair = new ImageRepair(source, path, logger);
        if (TryOpen(path, header, repair) is { } cache) return cache;
        using (Lock(path, cancellationToken))
        {
            if (TryOpen(path, header, repair) is { } other) return other;
            if (File.Exists(path)) LogDamaged(path);
            eviction.MakeRoom(path, header.FileBytes);
            Build(path, header, source, cancellationToken);
            built(header);
            // Still under the lock, without which nobody evicts it.
            return TryOpen(path, header, repair) ?? throw new IOException($"The cache file '{path}' was changed while it was made.");
        }
    }

    /// <summary>Opens it and notes the time: files that were not used for longest go first.</summary>
    private ImageCache? TryOpen(string path, CacheHeader header, ImageRepair repair)
    {
        if (ImageCache.TryOpen(path, header, repair) is not { } cache) return null;
        LastUse.Note(path, time);
        return cache;
    }

    /// <summary>The hash of a content, computed when none is remembered for its stamp.</summary>
    /// <param name="stamp">Hexadecimal, over what changes when the content does and is quick to tell: names, sizes, times.</param>
    /// <param name="compute">Reads the content; SHA-256, lower-case hexadecimal.</param>
    public string HashOf(string stamp, Func<string> compute, CancellationToken cancellationToken)
    {
        if (Remembered(stamp) is { } known) return known;
        var path = HashPath(stamp);
        using (Lock(path, cancellationToken))
        {
            if (Remembered(stamp) is { } other) return other;
            if (File.Exists(path)) LogDamaged(path);
            var hash = compute();
            var partial = path + ".partial";
            File.WriteAllText(partial, hash);
            File.Move(partial, path, overwrite: true);
            return hash;
        }
    }

    /// <summary>Null: none is remembered for the stamp.</summary>
    public string? Remembered(string stamp)
    {
        const int hashCharacters = 64;
        try
        {
            // After a power failure the file may be there without its content.
            return File.ReadAllText(HashPath(stamp)) is { Length: hashCharacters } text && text.All(char.IsAsciiHexDigitLower) ? text : null;
        }
        catch (Exception e) when (e is FileNotFoundException or DirectoryNotFoundException)
        {
            return null;
        }
    }

    private string HashPath(string stamp) => Path.Combine(root, $"{stamp}.hash");

    private IDisposable Lock(string path, CancellationToken cancellationToken)
    {
        try
        {
            Directory.CreateDirectory(root);
            return FileLock.Acquire(path + ".lock", cancellationToken);
        }
        catch (UnauthorizedAccessException e)
        {
            throw new IOException($"The cache folder '{root}' cannot be written: {e.Message} Set Datasets:CacheRoot to a folder that can.", e);
        }
    }

    private static void Build(string path, CacheHeader header, IImageSource source, CancellationToken cancellationToken)
    {
        var partial = path + ".partial";
        try
        {
            using (var file = Create(partial, header.FileBytes))
            {
                Write(file, header, source, cancellationToken);
                file.Flush(flushToDisk: true);
            }
            File.Move(partial, path, overwrite: true);
        }
        catch (Exception e) when (e is IOException and not ImageReadException or UnauthorizedAccessException)
        {
            Discard(partial);
            throw new IOException(
                $"The decoded images take {header.FileBytes:N0} bytes in '{Path.GetDirectoryName(path)}', and writing them failed: {e.Message} "
                + "Free space there, set Datasets:CacheRoot to a folder on another disk, or lower training.imageSize.", e);
        }
        catch
        {
            Discard(partial);
            throw;
        }
    }

    /// <summary>Never in place of the error that led here: what is left is overwritten by the next who builds.</summary>
    private static void Discard(string partial)
    {
        try
        {
            File.Delete(partial);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // Its reason is, in all likelihood, the one being reported.
        }
    }

    /// <summary>Takes the space at once: a full disk shows before the work, not after it.</summary>
    private static FileStream Create(string path, long bytes) => new(path, new FileStreamOptions
    {
        Mode = FileMode.Create,
        Access = FileAccess.Write,
        Share = FileShare.None,
        BufferSize = 0,
        PreallocationSize = bytes,
    });

    private static void Write(FileStream file, CacheHeader header, IImageSource source, CancellationToken cancellationToken)
    {
        file.Write(header.ToBytes());
        int[] labels = [.. source.TrainLabels, .. source.ValidationLabels, .. source.TestLabels];
        file.Write(MemoryMarshal.AsBytes(labels.AsSpan()));
        file.SetLength(header.FileBytes);

        file.Position = header.PixelsAt;
        var batch = (int)Math.Clamp(BufferBytes / header.ImageBytes, 1, Math.Clamp(header.Images, 1, MostImages));
        var buffer = new byte[batch * header.ImageBytes];
        var checksums = PixelChecksums.For(header.Images);
        for (var start = 0; start < header.Images; start += batch)
        {
            cancellationToken.ThrowIfCancellationRequested();
            var pixels = buffer.AsSpan(0, (int)(Math.Min(batch, header.Images - start) * header.ImageBytes));
            source.Fill(start, header.Size, pixels, cancellationToken);
            file.Write(pixels);
            for (var i = 0; (i + 1) * header.ImageBytes <= pixels.Length; i++) checksums.Set(start + i, pixels.Slice((int)(i * header.ImageBytes), (int)header.ImageBytes));
            Steps.Made();
        }
        source.ThrowIfBroken();
        file.Position = header.ChecksumsAt;
        file.Write(checksums.ToBytes());
    }

    [LoggerMessage(EventId = 2111, Level = LogLevel.Warning, Message = "{File} is damaged, and is made again")]
    private partial void LogDamaged(string file);
}
