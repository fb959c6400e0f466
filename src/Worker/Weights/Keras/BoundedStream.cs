using System.Runtime.CompilerServices;

namespace NeuralCapacitance.Worker.Weights.Keras;

/// <summary>
/// A file of which only so many bytes may be read, and not from so deep in the stack that it could overflow. HDF5 is full of addresses and counts; a
/// damaged or hostile file lets whoever follows them go in circles, each round of which reads something: here it ends, with an exception.
/// </summary>
internal sealed class BoundedStream(FileStream file) : Stream
{
    private long left;

    /// <summary>Bytes that were read so far.</summary>
    public long Delivered { get; private set; }

    public override bool CanRead => true;

    public override bool CanSeek => true;

    public override bool CanWrite => false;

    public override long Length { get; } = file.Length;

    public override long Position
    {
        get => file.Position;
        set => Seek(value, SeekOrigin.Begin);
    }

    /// <summary>From now on, instead of what was allowed before.</summary>
    /// <param name="bytes">How many more may be read.</param>
    public void Allow(long bytes) => left = bytes;

    /// <exception cref="InsufficientExecutionStackException">Little of the stack is left.</exception>
    /// <exception cref="InvalidDataException">More is asked for than may be read.</exception>
    public override int Read(Span<byte> buffer)
    {
        RuntimeHelpers.EnsureSufficientExecutionStack();
        if (buffer.Length > left)
        {
            throw new InvalidDataException("it describes far more than a file of this size can hold");
        }
        var read = file.Read(buffer);
        left -= read;
        Delivered += read;
        return read;
    }

    public override int Read(byte[] buffer, int offset, int count) => Read(buffer.AsSpan(offset, count));

    /// <exception cref="InvalidDataException">Before the file's beginning or behind its end.</exception>
    public override long Seek(long offset, SeekOrigin origin)
    {
        var place = offset + origin switch { SeekOrigin.Begin => 0, SeekOrigin.Current => file.Position, _ => Length };
        return place >= 0 && place <= Length ? file.Seek(place, SeekOrigin.Begin) : throw new InvalidDataException($"it points to byte {place}, where it has {Length}");
    }

    public override void Flush()
    {
    }

    public override void SetLength(long value) => throw new NotSupportedException();

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            file.Dispose();
        }
        base.Dispose(disposing);
    }
}
