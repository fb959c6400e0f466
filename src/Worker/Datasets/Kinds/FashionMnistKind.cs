using NeuralCapacitance.Worker.Datasets.Published;

namespace NeuralCapacitance.Worker.Datasets.Kinds;

/// <summary><c>fashion-mnist</c>: Xiao, Rasul, Vollgraf 2017. Grey, in three equal channels here.</summary>
internal sealed class FashionMnistKind : PublishedKind
{
    private const int Side = 28;
    private const string Home = "https://raw.githubusercontent.com/zalandoresearch/fashion-mnist/master/data/fashion/";

    protected override Publication Publication { get; } = new()
    {
        Name = "fashion-mnist",
        Title = "Fashion-MNIST",
        Folders = ["fashion-mnist", "FashionMNIST/raw", "fashion-mnist/data/fashion", "data/fashion"],
        HasNamesOfItsOwn = false,
        Files = [Gzipped("train-images-idx3-ubyte"), Gzipped("train-labels-idx1-ubyte"), Gzipped("t10k-images-idx3-ubyte"), Gzipped("t10k-labels-idx1-ubyte")],
        Downloads =
        [
            new(Home + "train-images-idx3-ubyte.gz", "8d4fb7e6c68d591d4c3dfef9ec88bf0d"),
            new(Home + "train-labels-idx1-ubyte.gz", "25c81989df183df01b3e8a0aad5dffbe"),
            new(Home + "t10k-images-idx3-ubyte.gz", "bef4ecab320f06d8554ea6380940ec79"),
            new(Home + "t10k-labels-idx1-ubyte.gz", "bb300cfdad3c16e7a12a480ee83cd310"),
        ],
        Classes = ["T-shirt/top", "Trouser", "Pullover", "Dress", "Coat", "Sandal", "Shirt", "Sneaker", "Bag", "Ankle boot"],
        TrainCounts = [.. Enumerable.Repeat(6_000, 10)],
        TestCounts = [.. Enumerable.Repeat(1_000, 10)],
    };

    protected override PublishedImages Read(PublishedFiles.FileContents files, IReadOnlyList<string> names, CancellationToken cancellationToken)
        => new(Publication.Classes, Side, PixelOrder.Grey, [ReadPart(files, names[0], names[1])], [ReadPart(files, names[2], names[3])]);

    private static string[] Gzipped(string name) => [$"{name}.gz", name];

    private ImageBlock ReadPart(PublishedFiles.FileContents files, string imageFile, string labelFile)
    {
        var images = IdxFile.Read(files.Read(imageFile), imageFile, dimensions: 3);
        var labels = IdxFile.Read(files.Read(labelFile), labelFile, dimensions: 1);
        if (images.Dimensions[1] != Side || images.Dimensions[2] != Side)
            throw PublishedFiles.Fault(imageFile, $"holds images of {images.Dimensions[1]} × {images.Dimensions[2]} pixels; expected are {Side} × {Side}.");
        if (images.Dimensions[0] != labels.Dimensions[0])
            throw PublishedFiles.Fault(labelFile, $"holds {labels.Dimensions[0]} labels for the {images.Dimensions[0]} images of '{imageFile}'.");
        var values = new int[labels.Dimensions[0]];
        for (var i = 0; i < values.Length; i++)
        {
            values[i] = labels.Bytes[labels.Offset + i];
            if (values[i] >= Publication.Classes.Count)
                throw PublishedFiles.Fault(labelFile, $"has {values[i]} as label of image {i}; accepted is 0 … {Publication.Classes.Count - 1}.");
        }
        return new ImageBlock(images.Bytes, images.Offset, Side * Side, values);
    }
}
