using NeuralCapacitance.Worker.Datasets.Cache;

namespace NeuralCapacitance.Worker.Datasets;

/// <summary>A decoded data set for a process that may not see where it comes from.</summary>
/// <param name="File">Absolute path of its images in the cache, all of which were found whole.</param>
internal sealed record PreparedDataset(string File, CacheHeader Header, IReadOnlyList<string> Classes, IReadOnlyList<string> Problems)
{
    /// <exception cref="IOException">It is not there any more.</exception>
    public LoadedDataset Open()
        => new(Classes, Problems, ImageCache.TryOpen(File, Header) ?? throw new IOException($"The decoded images in '{File}' are gone, or damaged."));
}
