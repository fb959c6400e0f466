using System.Security.Cryptography;
using System.Text;
using NeuralCapacitance.Worker.Datasets.Cache;

namespace NeuralCapacitance.Worker.Datasets.Synthetic;

/// <summary>Draws the generated data set.</summary>
internal sealed unsafe class SyntheticSource(SyntheticImages images, int threads) : IImageSource
{
    public IReadOnlyList<string> Classes => images.Classes;

    public IReadOnlyList<int> TrainLabels { get; } = [.. Enumerable.Range(0, images.Train).Select(images.LabelOf)];

    public IReadOnlyList<int> ValidationLabels => [];

    public IReadOnlyList<int> TestLabels { get; } = [.. Enumerable.Range(0, images.Test).Select(images.LabelOf)];

    public string Hash { get; } = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(images.Identity)));

    public void Fill(int start, int size, Span<byte> pixels, CancellationToken cancellationToken)
    {
        var bytes = 3 * size * size;
        fixed (byte* first = pixels)
        {
            var target = (nint)first; // A lambda cannot capture a span or a pointer.
            Parallel.For(0, pixels.Length / bytes, new ParallelOptions { MaxDegreeOfParallelism = threads, CancellationToken = cancellationToken }, i =>
            {
                var index = start + i;
                var isTest = index >= images.Train;
                images.Render(isTest, isTest ? index - images.Train : index, size, new Span<byte>((byte*)target + ((long)i * bytes), bytes));
            });
        }
    }

    public void ThrowIfBroken()
    {
    }
}
