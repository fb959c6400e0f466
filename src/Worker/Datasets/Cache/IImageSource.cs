namespace NeuralCapacitance.Worker.Datasets.Cache;

/// <summary>Where the images of a data set come from: training images first, then test images.</summary>
internal interface IImageSource
{
    IReadOnlyList<string> Classes { get; }

    /// <summary>Class of each training image.</summary>
    IReadOnlyList<int> TrainLabels { get; }

    IReadOnlyList<int> TestLabels { get; }

    /// <summary>SHA-256, lower-case hexadecimal, over all that decides classes, order, labels and pixels, but not the image size.</summary>
    string Hash { get; }

    /// <summary>Makes images <paramref name="start"/> … of the training images followed by the test images.</summary>
    /// <param name="pixels">Receives as many images of 3 × size × size bytes as fit.</param>
    void Fill(int start, int size, Span<byte> pixels, CancellationToken cancellationToken);

    /// <summary>Called after the last <see cref="Fill"/>, so that all broken images can be reported at once.</summary>
    /// <exception cref="Domain.Datasets.DatasetException">Images were broken.</exception>
    void ThrowIfBroken();
}
