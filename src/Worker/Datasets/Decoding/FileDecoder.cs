using NeuralCapacitance.Domain.Datasets;
using NeuralCapacitance.Domain.Jobs;
using NeuralCapacitance.Worker.Datasets.Decoding.Jpeg;
using NeuralCapacitance.Worker.Datasets.Decoding.Resizing;
using NeuralCapacitance.Worker.Datasets.Decoding.Vips;

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
        if (ImageContent.FormatOf(bytes.Content) == ImageFormat.Jpeg && IsDoneInParts(JpegFile.RequireWhole(bytes.Content, tables), planes)) return;
        var orientation = ImageContent.Decode(bytes, image);
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

    /// <summary>Rows of a large photograph are resized as they are decoded, and never are all in memory. Not those that have to be turned.</summary>
    /// <returns>Whether <paramref name="planes"/> has its pixels.</returns>
    private bool IsDoneInParts(JpegFrame frame, byte* planes)
    {
        if (frame.Width == size || !VipsDecoder.Suits(frame) || !IsUpright()) return false;
        JpegMetadata.Hide(bytes.Buffer.AsSpan(0, bytes.Content.Length));
        resizer.Begin(frame.Height);
        if (!VipsDecoder.TryDecode(bytes.Content, frame, image, resizer.Take)) return false;
        resizer.End(planes);
        return true;
    }

    private bool IsUpright() => exif == ExifOrientation.Ignore || SkiaDecoder.HeaderOf(bytes.Content, ImageFormat.Jpeg).Orientation == Orientation.Upright;
}
