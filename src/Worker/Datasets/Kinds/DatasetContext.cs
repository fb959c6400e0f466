using System.Collections.Concurrent;
using Microsoft.Extensions.Logging;
using NeuralCapacitance.Worker.Datasets.Cache;
using NeuralCapacitance.Worker.Datasets.Folders;
using NeuralCapacitance.Worker.Datasets.Published;
using NeuralCapacitance.Worker.Datasets.Reports;

namespace NeuralCapacitance.Worker.Datasets.Kinds;

/// <summary>What this machine offers to every kind of data set.</summary>
internal sealed class DatasetContext(DatasetOptions options, PublishedDownloads? downloads, TimeProvider time, ILogger logger)
{
    /// <summary>Where files may be read from.</summary>
    public DataRoots Roots { get; } = new(options.AllRoots, options.UploadRoot);

    public CacheStore Cache { get; } = new(Path.GetFullPath(options.CacheRoot), options.CacheLimit, time, logger);

    /// <summary>What has been found out by decoding.</summary>
    public Inspections Inspections { get; } = new(Path.GetFullPath(options.CacheRoot), options.EffectiveDecodeThreads, time, logger);

    /// <summary>Where downloaded data sets are kept: a folder of its own for each.</summary>
    public string DownloadRoot { get; } = Path.GetFullPath(options.DownloadRoot);

    /// <summary>Gets published files; null: nothing is downloaded.</summary>
    public PublishedDownloads? Downloads { get; } = downloads;

    /// <summary>What is known of published data sets, by a stamp of their files.</summary>
    public ConcurrentDictionary<string, PublishedLabels> Labels { get; } = new(StringComparer.Ordinal);

    /// <summary>At most so many decode at once.</summary>
    public int Threads { get; } = options.EffectiveDecodeThreads;
}
