using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;
using NeuralCapacitance.Domain.Datasets;

namespace NeuralCapacitance.Worker.Datasets.Published;

/// <summary>Classes and labels of a published data set, or of some of its classes.</summary>
internal sealed class PublishedIndex
{
    /// <summary>To be raised when the same files give other images.</summary>
    private const string Version = "neural-capacitance published 1";

    /// <summary>By published label: the label here, or −1.</summary>
    private readonly int[] labels;

    /// <param name="wanted">As <see cref="Domain.Jobs.DatasetSpec.Classes"/>.</param>
    /// <exception cref="DatasetException">No class is called so.</exception>
    public PublishedIndex(IReadOnlyList<string> published, int[] train, int[] test, IReadOnlyList<string>? wanted)
    {
        Classes = wanted ?? published;
        labels = new int[published.Count];
        Array.Fill(labels, -1);
        for (var i = 0; i < Classes.Count; i++)
        {
            var label = published.ToList().IndexOf(Classes[i]);
            if (label < 0) throw new DatasetException("classes", $"There is no class '{Classes[i]}'; classes are {string.Join(", ", published)}.");
            labels[label] = i;
        }
        Train = [.. train.Select(label => labels[label]).Where(label => label >= 0)];
        Test = [.. test.Select(label => labels[label]).Where(label => label >= 0)];
    }

    public IReadOnlyList<string> Classes { get; }

    public int[] Train { get; }

    public int[] Test { get; }

    /// <summary>Whether images with this published label are in it.</summary>
    public bool Takes(int label) => labels[label] >= 0;

    public IReadOnlyList<ClassCount> Counts()
        => [.. Classes.Select((name, i) => new ClassCount(name, Train.Count(label => label == i), Test.Count(label => label == i)))];

    /// <summary>SHA-256 over classes, labels and pixels; the same however the files are packed.</summary>
    public string HashOf(PublishedImages images, CancellationToken cancellationToken)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        foreach (var text in Classes.Prepend(Version))
        {
            var bytes = Encoding.UTF8.GetBytes(text);
            Append(bytes.Length);
            hash.AppendData(bytes);
        }
        Append(Train.Length);
        Append(Test.Length);
        var planes = new byte[images.PlanarBytes];
        foreach (var block in images.Train.Concat(images.Test))
        {
            cancellationToken.ThrowIfCancellationRequested();
            for (var i = 0; i < block.Labels.Length; i++)
            {
                if (!Takes(block.Labels[i])) continue;
                Append(labels[block.Labels[i]]);
                images.CopyTo(block, i, planes);
                hash.AppendData(planes);
            }
        }
        return Convert.ToHexStringLower(hash.GetHashAndReset());

        void Append(int number)
        {
            Span<byte> bytes = stackalloc byte[sizeof(int)];
            BinaryPrimitives.WriteInt32LittleEndian(bytes, number);
            hash.AppendData(bytes);
        }
    }
}
