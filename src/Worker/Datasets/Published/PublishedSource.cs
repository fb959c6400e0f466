using NeuralCapacitance.Worker.Datasets.Cache;
using NeuralCapacitance.Worker.Datasets.Decoding;

namespace NeuralCapacitance.Worker.Datasets.Published;

/// <summary>The images of a published data set. They are read only when a cache has to be made.</summary>
/// <param name="read">Reads the files.</param>
internal sealed class PublishedSource(PublishedIndex index, string hash, Func<PublishedImages> read, int threads) : IImageSource
{
    private readonly Lazy<Gathered> images = new(() => new Gathered(read(), index));

    public IReadOnlyList<string> Classes => index.Classes;

    public IReadOnlyList<int> TrainLabels => index.Train;

    public IReadOnlyList<int> ValidationLabels => [];

    public IReadOnlyList<int> TestLabels => index.Test;

    public string Hash => hash;

    public int? Side => images.Value.Side;

    public void Fill(int start, int size, Span<byte> pixels, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        var content = images.Value;
        var count = pixels.Length / (3 * size * size);
        if (size == content.Side)
        {
            content.CopyTo(start, count, pixels);
            return;
        }
        var planes = new byte[count * content.ImageBytes];
        content.CopyTo(start, count, planes);
        ImageResizer.Resize(planes, content.Side, size, threads, pixels);
    }

    public void ThrowIfBroken()
    {
    }

    /// <summary>The images of the chosen classes, in order: training, then test.</summary>
    private sealed class Gathered
    {
        private readonly PublishedImages images;
        private readonly (ImageBlock Block, int Index)[] places;

        public Gathered(PublishedImages images, PublishedIndex index)
        {
            this.images = images;
            places = [.. Places(images.Train, index), .. Places(images.Test, index)];
            if (places.Length != index.Train.Length + index.Test.Length)
                throw new IOException("The files of the data set were changed while they were read.");
        }

        public int Side => images.Side;

        public int ImageBytes => images.PlanarBytes;

        public void CopyTo(int start, int count, Span<byte> planes)
        {
            for (var i = 0; i < count; i++)
            {
                var (block, at) = places[start + i];
                images.CopyTo(block, at, planes.Slice(i * ImageBytes, ImageBytes));
            }
        }

        private static IEnumerable<(ImageBlock Block, int Index)> Places(IReadOnlyList<ImageBlock> blocks, PublishedIndex index)
            => blocks.SelectMany(block => Enumerable.Range(0, block.Labels.Length).Where(i => index.Takes(block.Labels[i])).Select(i => (block, i)));
    }
}
