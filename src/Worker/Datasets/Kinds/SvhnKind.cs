using NeuralCapacitance.Worker.Datasets.Published;

namespace NeuralCapacitance.Worker.Datasets.Kinds;

/// <summary><c>svhn</c>: Netzer et al. 2011, the cropped digits, without the extra images.</summary>
internal sealed class SvhnKind : PublishedKind
{
    protected override Publication Publication { get; } = new()
    {
        Name = "svhn",
        Title = "SVHN",
        Folders = ["svhn", "SVHN"],
        Files = [["train_32x32.mat"], ["test_32x32.mat"]],
        Downloads =
        [
            new("https://ufldl.stanford.edu/housenumbers/train_32x32.mat", "e26dedcc434d2e4c54c9b2d4a06d8373"),
            new("https://ufldl.stanford.edu/housenumbers/test_32x32.mat", "eb5a983be6a315427106f1b164d9cef3"),
        ],
        Unreadable = ["train.tar.gz", "digitStruct.mat"],
        WhyUnreadable = "it is the version with full numbers. Get the cropped digits, train_32x32.mat and test_32x32.mat, instead.",
        Classes = ["0", "1", "2", "3", "4", "5", "6", "7", "8", "9"],
        TrainCounts = [4_948, 13_861, 10_585, 8_497, 7_458, 6_882, 5_727, 5_595, 5_045, 4_659],
        TestCounts = [1_744, 5_099, 4_149, 2_882, 2_523, 2_384, 1_977, 2_019, 1_660, 1_595],
    };

    protected override PublishedImages Read(PublishedFiles.FileContents files, IReadOnlyList<string> names, CancellationToken cancellationToken)
    {
        ImageBlock[] parts = [.. names.Select(ReadPart)];
        return new PublishedImages(Publication.Classes, SvhnMat.Side, PixelOrder.RgbByColumns, parts[..1], parts[1..]);

        ImageBlock ReadPart(string name)
        {
            using var stream = files.Open(name);
            return SvhnMat.Read(stream, name, cancellationToken);
        }
    }
}
