using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using NeuralCapacitance.Worker.Datasets.Cache;

namespace NeuralCapacitance.Worker.Tests.Datasets.Cache;

/// <summary>Every byte of image i is i.</summary>
internal sealed class CountingSource : IImageSource
{
    private int fills;

    public static CacheStore Store(string root, long limit = 0, TimeProvider? time = null, ILogger? log = null) => new(root, limit, time ?? TimeProvider.System, log ?? NullLogger.Instance);

    public Action During { get; init; } = () => { };

    public int Fills => fills;

    public IReadOnlyList<string> Classes => ["a", "b", "c"];

    public IReadOnlyList<int> TrainLabels => [0, 1, 2];

    public IReadOnlyList<int> ValidationLabels { get; init; } = [];

    public IReadOnlyList<int> TestLabels { get; init; } = [2, 1];

    /// <summary>Of the hash, which is that letter 64 times.</summary>
    public char Letter { get; init; } = 'a';

    public string Hash => new(Letter, 64);

    public void Fill(int start, int size, Span<byte> pixels, CancellationToken cancellationToken)
    {
        Interlocked.Increment(ref fills);
        var image = 3 * size * size;
        for (var i = 0; i < pixels.Length / image; i++) pixels.Slice(i * image, image).Fill((byte)(start + i));
        During();
    }

    public void ThrowIfBroken()
    {
    }
}
