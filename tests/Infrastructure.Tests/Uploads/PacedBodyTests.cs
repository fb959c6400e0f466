using System.IO.Pipelines;
using NeuralCapacitance.Infrastructure.Tests.Workload;
using NeuralCapacitance.Infrastructure.Uploads;

namespace NeuralCapacitance.Infrastructure.Tests.Uploads;

public sealed class PacedBodyTests
{
    private const int Rate = 1_000;

    private static readonly TimeSpan Deadline = TimeSpan.FromHours(1);

    private readonly ManualTime _time = new();
    private readonly UploadOptions _options = new() { MinBytesPerSecond = Rate, Deadline = Deadline };

    [Fact]
    public async Task A_sender_of_a_few_bytes_a_second_is_ended_after_ten_seconds()
    {
        var sender = new Sender(_time, seconds: 1, bytes: 300);
        await using var body = Paced(sender);

        (await Should.ThrowAsync<BodyTooSlowException>(() => ReadAsync(body))).Message.ShouldContain("1000 bytes a second at least (Uploads:MinBytesPerSecond); in 10 s came 3000 bytes");

        sender.Reads.ShouldBe(10);
    }

    [Fact]
    public async Task Much_at_the_beginning_buys_no_silence()
    {
        await using var body = Paced(new Sender(_time, seconds: 1, bytes: 100_000, last: 5));
        var reading = ReadAsync(body);
        reading.IsCompleted.ShouldBeFalse();

        _time.Advance(PacedBody.Window);
        _time.Ring();

        await Should.ThrowAsync<BodyTooSlowException>(() => reading);
    }

    [Fact]
    public async Task A_sender_that_keeps_up_is_read_until_the_deadline()
    {
        var sender = new Sender(_time, seconds: 9, bytes: 10 * Rate);
        await using var body = Paced(sender);

        (await Should.ThrowAsync<BodyTooSlowException>(() => ReadAsync(body))).Message.ShouldContain("Uploads:Deadline");

        sender.Reads.ShouldBe((int)(Deadline / TimeSpan.FromSeconds(9)));
    }

    [Fact]
    public async Task What_we_take_to_write_it_down_is_not_the_senders()
    {
        await using var body = Paced(new Sender(_time, seconds: 1, bytes: 100));
        var buffer = new byte[4_096];
        for (var i = 0; i < 9; i++)
        {
            (await body.ReadAsync(buffer)).ShouldBe(100);
            _time.Advance(TimeSpan.FromSeconds(60));
        }
    }

    [Fact]
    public async Task Who_is_cancelled_is_not_called_slow()
    {
        await using var body = Paced(new Sender(_time, seconds: 1, bytes: 1, last: 0));
        using var cancellation = new CancellationTokenSource();
        var reading = body.ReadAsync(new byte[16], cancellation.Token).AsTask();

        await cancellation.CancelAsync();

        await Should.ThrowAsync<OperationCanceledException>(() => reading);
    }

    [Fact]
    public async Task A_whole_body_comes_through_as_it_is()
    {
        var bytes = new byte[100_000];
        new Random(1).NextBytes(bytes);
        await using var body = Paced(new MemoryStream(bytes));
        var copy = new MemoryStream();

        await body.CopyToAsync(copy);

        copy.ToArray().ShouldBe(bytes);
    }

    private PacedBody Paced(Stream sender) => new(PipeReader.Create(sender, new(bufferSize: 1 << 17)), _options, _time);

    private static async Task ReadAsync(Stream body)
    {
        var buffer = new byte[1 << 17];
        while (await body.ReadAsync(buffer) > 0)
        {
            // What came is dropped.
        }
    }

    /// <summary>Takes its time for each read; after the last it is silent.</summary>
    private sealed class Sender(ManualTime time, int seconds, int bytes, int last = int.MaxValue) : MemoryStream
    {
        public int Reads { get; private set; }

        public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
        {
            if (Reads == last) await Task.Delay(Timeout.Infinite, cancellationToken);
            Reads++;
            time.Advance(TimeSpan.FromSeconds(seconds));
            return Math.Min(bytes, buffer.Length);
        }
    }
}
