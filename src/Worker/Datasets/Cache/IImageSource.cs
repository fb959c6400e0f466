using NeuralCapacitance.Domain.Jobs;

namespace NeuralCapacitance.Worker.Datasets.Cache;

/// <summary>Where the images of a data set come from: training images first, then those of a validation set of its own, then test images.</summary>
internal interface IImageSource
{
    IReadOnlyList<string> Classes { get; }

    /// <summary>Class of each training image.</summary>
    IReadOnlyList<int> TrainLabels { get; }

    /// <summary>Empty where the data set brings no validation set.</summary>
    IReadOnlyList<int> ValidationLabels { get; }

    IReadOnlyList<int> TestLabels { get; }

    /// <summary>SHA-256, lower-case hexadecimal, over all that decides classes, order, labels and pixels, but not the image size.</summary>
    string Hash { get; }

    /// <summary>Absolute path of each image, in order; null where images are no files of their own.</summary>
    IReadOnlyList<string>? Files => null;

    /// <summary>The data set's folder, absolute; null where <see cref="Files"/> is.</summary>
    string? Folder => null;

    /// <summary>Whether <see cref="Files"/> are turned as EXIF says.</summary>
    ExifOrientation Exif => ExifOrientation.Ignore;

    /// <summary>Side in pixels that all images have before they are resized; null where they differ, or are made at any size.</summary>
    int? Side => null;

    /// <summary>Makes images <paramref name="start"/> … of all, in that order.</summary>
    /// <param name="pixels">Receives as many images of 3 × size × size bytes as fit.</param>
    void Fill(int start, int size, Span<byte> pixels, CancellationToken cancellationToken);

    /// <summary>What a user should know about the images, beside a trial's numbers.</summary>
    IReadOnlyList<string> Problems => [];

    /// <summary>Whether an image that <see cref="Fill"/> has made was broken: its pixels are zero.</summary>
    bool IsBroken(int index) => false;

    /// <summary>Called after the last <see cref="Fill"/>, so that all broken images can be reported at once.</summary>
    /// <exception cref="Domain.Datasets.DatasetException">Images were broken.</exception>
    void ThrowIfBroken();
}
