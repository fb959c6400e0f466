using NeuralCapacitance.Worker.Datasets.Published;

namespace NeuralCapacitance.Worker.Datasets.Kinds;

/// <summary><c>cifar10</c>: Krizhevsky 2009, the binary version.</summary>
internal sealed class Cifar10Kind : PublishedKind
{
    private const string Names = "batches.meta.txt";

    protected override Publication Publication { get; } = new()
    {
        Name = "cifar10",
        Title = "CIFAR-10",
        Folders = ["cifar10", "cifar-10-batches-bin", "cifar-10", "cifar10/cifar-10-batches-bin", "cifar-10/cifar-10-batches-bin"],
        Files = [["data_batch_1.bin"], ["data_batch_2.bin"], ["data_batch_3.bin"], ["data_batch_4.bin"], ["data_batch_5.bin"], ["test_batch.bin"]],
        Extras = [Names],
        Archive = "cifar-10-binary.tar.gz",
        MayBeImages = true,
        Downloads = [new("https://www.cs.toronto.edu/~kriz/cifar-10-binary.tar.gz", "c32a1d4ab5d03f1284b67883e8d87530")],
        Unreadable = ["cifar-10-python.tar.gz", "cifar-10-batches-py", "data_batch_1"],
        WhyUnreadable = "it is the Python version, whose pickles can run code when they are read. Get the binary version, cifar-10-binary.tar.gz, instead.",
        Classes = ["airplane", "automobile", "bird", "cat", "deer", "dog", "frog", "horse", "ship", "truck"],
        TrainCounts = [.. Enumerable.Repeat(5_000, 10)],
        TestCounts = [.. Enumerable.Repeat(1_000, 10)],
    };

    protected override PublishedImages Read(PublishedFiles.FileContents files, IReadOnlyList<string> names, CancellationToken cancellationToken)
    {
        var classes = files.Has(Names) ? CifarBatch.ReadNames(files.Read(Names), Names, Publication.Classes.Count) : Publication.Classes;
        ImageBlock[] batches = [.. names.Select(name => CifarBatch.Read(files.Read(name), name, classes.Count))];
        return new PublishedImages(classes, CifarBatch.Side, PixelOrder.Rgb, batches[..^1], batches[^1..]);
    }
}
