using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using NeuralCapacitance.Domain.Datasets;
using NeuralCapacitance.Domain.Jobs;
using NeuralCapacitance.Worker.Datasets.Cache;
using NeuralCapacitance.Worker.Datasets.Kinds;
using NeuralCapacitance.Worker.Datasets.Published;

namespace NeuralCapacitance.Worker.Datasets;

/// <summary>Opens data sets. Each is decoded once per image size, into a file that is then mapped into memory.</summary>
public sealed partial class DatasetLoader(IOptions<DatasetOptions> options, TimeProvider time, ILogger<DatasetLoader> logger, PublishedDownloads? downloads = null)
{
    private readonly DatasetKinds kinds = new();
    private readonly ToldDatasets told = new(options.Value.ToldPaths);
    private readonly DatasetContext context = new(options.Value, downloads, time, logger);

    /// <summary>Safe to call from several threads and processes at once; the cache is made by one of them, with all cores.</summary>
    /// <param name="imageSize">Side in pixels, 1 … 4096; images are resized to it without keeping their aspect ratio.</param>
    /// <exception cref="DatasetException">The spec names nothing usable, or images are broken: each is named with the decoder's message.</exception>
    /// <exception cref="Infrastructure.Downloads.DownloadException">Published files are not there and cannot be had.</exception>
    /// <exception cref="IOException">The cache cannot be written, because the disk is full for one.</exception>
    public LoadedDataset Load(DatasetSpec spec, int imageSize, CancellationToken ct)
    {
        var (source, images) = Open(spec, imageSize, ct);
        return new LoadedDataset(source.Classes, source.Problems, images);
    }

    /// <summary>As <see cref="Load"/>, for a process that cannot open the data set itself: every image is found whole, or made so.</summary>
    internal PreparedDataset Prepare(DatasetSpec spec, int imageSize, CancellationToken ct)
    {
        var (source, images) = Open(spec, imageSize, ct);
        using (images)
        {
            images.ReadAll(ct);
            return new(images.File, images.Header, source.Classes, source.Problems);
        }
    }

    private (IImageSource Source, ImageCache Images) Open(DatasetSpec spec, int imageSize, CancellationToken ct)
    {
        var start = time.GetTimestamp();
        return told.Told(() =>
        {
            var source = kinds.Of(spec.Name).Open(spec, context, ct);
            return (source, context.Cache.OpenOrBuild(source, imageSize, header => LogBuilt(spec.Name, header.Images, header.Size, header.FileBytes, time.GetElapsedTime(start)), ct));
        });
    }

    [LoggerMessage(EventId = 2100, Level = LogLevel.Information, Message = "Decoded data set {Dataset}: {Images} images of side {Size}, {Bytes} bytes, in {Elapsed}")]
    private partial void LogBuilt(string dataset, int images, int size, long bytes, TimeSpan elapsed);
}
