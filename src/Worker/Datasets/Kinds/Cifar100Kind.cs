using NeuralCapacitance.Worker.Datasets.Published;

namespace NeuralCapacitance.Worker.Datasets.Kinds;

/// <summary><c>cifar100</c>: Krizhevsky 2009, the binary version, with its fine labels.</summary>
internal sealed class Cifar100Kind : PublishedKind
{
    private const string Names = "fine_label_names.txt";
    private const int CoarseClasses = 20;

    protected override Publication Publication { get; } = new()
    {
        Name = "cifar100",
        Title = "CIFAR-100",
        Folders = ["cifar100", "cifar-100-binary", "cifar-100", "cifar100/cifar-100-binary", "cifar-100/cifar-100-binary"],
        Files = [["train.bin"], ["test.bin"]],
        Extras = [Names],
        Archive = "cifar-100-binary.tar.gz",
        MayBeImages = true,
        Downloads = [new("https://www.cs.toronto.edu/~kriz/cifar-100-binary.tar.gz", "03b5dce01913d631647c71ecec9e9cb8")],
        Unreadable = ["cifar-100-python.tar.gz", "cifar-100-python"],
        WhyUnreadable = "it is the Python version, whose pickles can run code when they are read. Get the binary version, cifar-100-binary.tar.gz, instead.",
        Classes =
        [
            "apple", "aquarium_fish", "baby", "bear", "beaver", "bed", "bee", "beetle", "bicycle", "bottle", "bowl", "boy", "bridge", "bus", "butterfly",
            "camel", "can", "castle", "caterpillar", "cattle", "chair", "chimpanzee", "clock", "cloud", "cockroach", "couch", "crab", "crocodile", "cup",
            "dinosaur", "dolphin", "elephant", "flatfish", "forest", "fox", "girl", "hamster", "house", "kangaroo", "keyboard", "lamp", "lawn_mower",
            "leopard", "lion", "lizard", "lobster", "man", "maple_tree", "motorcycle", "mountain", "mouse", "mushroom", "oak_tree", "orange", "orchid",
            "otter", "palm_tree", "pear", "pickup_truck", "pine_tree", "plain", "plate", "poppy", "porcupine", "possum", "rabbit", "raccoon", "ray", "road",
            "rocket", "rose", "sea", "seal", "shark", "shrew", "skunk", "skyscraper", "snail", "snake", "spider", "squirrel", "streetcar", "sunflower",
            "sweet_pepper", "table", "tank", "telephone", "television", "tiger", "tractor", "train", "trout", "tulip", "turtle", "wardrobe", "whale",
            "willow_tree", "wolf", "woman", "worm",
        ],
        TrainCounts = [.. Enumerable.Repeat(500, 100)],
        TestCounts = [.. Enumerable.Repeat(100, 100)],
    };

    protected override PublishedImages Read(PublishedFiles.FileContents files, IReadOnlyList<string> names, CancellationToken cancellationToken)
    {
        var classes = files.Has(Names) ? CifarBatch.ReadNames(files.Read(Names), Names, Publication.Classes.Count) : Publication.Classes;
        ImageBlock[] parts = [.. names.Select(name => CifarBatch.Read(files.Read(name), name, CoarseClasses, classes.Count))];
        return new PublishedImages(classes, CifarBatch.Side, PixelOrder.Rgb, parts[..1], parts[1..]);
    }
}
