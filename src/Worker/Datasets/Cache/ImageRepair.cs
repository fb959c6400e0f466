using Microsoft.Extensions.Logging;
using NeuralCapacitance.Domain.Datasets;

namespace NeuralCapacitance.Worker.Datasets.Cache;

/// <summary>Makes images of a cache file anew whose pixels are no longer what they were.</summary>
internal sealed partial class ImageRepair(IImageSource source, string path, ILogger logger)
{
    private readonly Lock alone = new();

    /// <param name="pixels">Receives the image.</param>
    /// <exception cref="DatasetException">Its source has changed, or is gone.</exception>
    public void Make(int index, CacheHeader header, PixelChecksums checksums, Span<byte> pixels)
    {
        lock (alone)
        {
            LogDamaged(path, index);
            source.Fill(index, header.Size, pixels, CancellationToken.None);
            if (!checksums.Match(index, pixels))
                throw new DatasetException("path", $"The decoded image {index} of the data set was damaged, and could not be made again: what it was made from has changed. Submit the job again.");
            Write(header.PixelsAt + (index * header.ImageBytes), pixels);
        }
    }

    /// <summary>In place, where others read it at the same time: they find the damage or what is right, and can tell.</summary>
    private void Write(long offset, ReadOnlySpan<byte> pixels)
    {
        try
        {
            using var file = File.OpenHandle(path, FileMode.Open, FileAccess.Write, FileShare.ReadWrite | FileShare.Delete);
            RandomAccess.Write(file, pixels, offset);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            LogStays(path, e);
        }
    }

    [LoggerMessage(EventId = 2112, Level = LogLevel.Warning, Message = "Image {Index} in {File} is damaged, and is made again")]
    private partial void LogDamaged(string file, int index);

    [LoggerMessage(EventId = 2113, Level = LogLevel.Warning, Message = "An image in {File} was made again, but could not be written there: it is made again whenever it is read")]
    private partial void LogStays(string file, Exception exception);
}
