using NeuralCapacitance.Domain.Datasets;
using NeuralCapacitance.Domain.Jobs;

namespace NeuralCapacitance.Worker.Datasets.Decoding;

/// <summary>Decodes one file after the other, each to the same size. One thread at a time.</summary>
internal sealed unsafe class FileDecoder(int size, ExifOrientation exif) : IDisposable
{
    private readonly ImageBytes bytes = new();
    private readonly JpegTables tables = new();
    private readonly Raster image = new();
    private readonly Raster turned = new();
    private readonly Resizer resizer = new(size);

    /// <param name="planes">Receives 3 × size × size bytes.</param>
    /// <exception cref="BrokenFileException">The file is no image that can be used.</exception>
    /// <exception cref="IOException">It cannot be read, and that is not its fault.</exception>
    /// <exception cref="OutOfMemoryException">Memory is short.</exception>
    public void Decode(string path, byte* planes)
    {
        bytes.Read(path);
        var orientation = ImageContent.Decode(bytes, tables, image);
        if (exif == ExifOrientation.Apply && orientation != Orientation.Upright)
        {
            Orientation.Turn(image, orientation, turned);
            resizer.Resize(turned, planes);
        }
        else
        {
            resizer.Resize(image, planes);
        }
    }

    public void Dispose()
    {
        bytes.Dispose();
        image.Dispose();
        turned.Dispose();
        resizer.Dispose();
    }
}
