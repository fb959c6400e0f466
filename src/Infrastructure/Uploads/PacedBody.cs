using System.Buffers;
using System.IO.Pipelines;

namespace NeuralCapacitance.Infrastructure.Uploads;

/// <summary>
/// A body whose sender has to keep up: of any ten seconds that it is waited for, each brings what <see cref="UploadOptions.MinBytesPerSecond"/> asks for, and all of it is there
/// by <see cref="UploadOptions.Deadline"/>. An average over the whole would let somebody who has sent much keep silent for long.
/// </summary>
internal sealed class PacedBody(PipeReader body, UploadOptions options, TimeProvider clock) : Stream
{
    internal static readonly TimeSpan Window = TimeSpan.FromSeconds(10);

    private readonly long _start = clock.GetTimestamp();
    private readonly double _wanted = options.MinBytesPerSecond * Window.TotalSeconds;
    private TimeSpan _waited;
    private long _received;

    public override bool CanRead => true;

    public override bool CanSeek => false;

    public override bool CanWrite => false;

    public override long Length => throw new NotSupportedException();

    public override long Position
    {
        get => throw new NotSupportedException();
        set => throw new NotSupportedException();
    }

    /// <exception cref="BodyTooSlowException">The sender does not keep up.</exception>
    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        var (untilDeadline, untilWindow) = (options.Deadline - clock.GetElapsedTime(_start), Window - _waited);
        var patience = untilDeadline < untilWindow ? untilDeadline : untilWindow;
        if (patience <= TimeSpan.Zero) throw TooSlow();
        using var late = new CancellationTokenSource(patience, clock);
        // Not by a token: a body of Kestrel that is left in the middle of a read cannot be put aside in good order.
        await using var ending = late.Token.Register(body.CancelPendingRead);
        var asked = clock.GetTimestamp();
        var read = await body.ReadAsync(cancellationToken);
        var length = read.IsCanceled ? 0 : (int)Math.Min(read.Buffer.Length, buffer.Length);
        read.Buffer.Slice(0, length).CopyTo(buffer.Span);
        body.AdvanceTo(read.Buffer.GetPosition(length));
        if (read.IsCanceled) throw TooSlow();
        Note(length, clock.GetElapsedTime(asked));
        return length;

        BodyTooSlowException TooSlow() => untilDeadline < untilWindow
            ? new($"The archive was not there after {options.Deadline} (Uploads:Deadline).")
            : new($"The archive has to come at {options.MinBytesPerSecond} bytes a second at least (Uploads:MinBytesPerSecond); in {Window.TotalSeconds} s came {_received} bytes.");
    }

    public override Task<int> ReadAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) => ReadAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

    public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException("A request is read asynchronously.");

    public override void Flush()
    {
        // Nothing is written.
    }

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    /// <summary>What we take to write it down is not the sender's.</summary>
    private void Note(int read, TimeSpan waited)
    {
        _waited += waited;
        _received += read;
        if (_received < _wanted) return;
        _waited = TimeSpan.Zero;
        _received = 0;
    }
}
