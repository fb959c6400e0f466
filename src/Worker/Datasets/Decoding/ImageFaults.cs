namespace NeuralCapacitance.Worker.Datasets.Decoding;

/// <summary>A file that is no usable image.</summary>
/// <param name="Index">Its position in the batch.</param>
/// <param name="Message">What is wrong with it, and where a part is missing, which.</param>
public sealed record ImageFault(int Index, string Message);

/// <summary>The machine, not the file, kept an image from being decoded: no memory, a failing disk, no more file descriptors.</summary>
public sealed class ImageReadException(string message, Exception? cause = null) : IOException(message, cause);

/// <summary>The bytes of a file are no image that can be used.</summary>
internal sealed class BrokenFileException(string message) : Exception(message);
