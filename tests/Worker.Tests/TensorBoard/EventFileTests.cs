using NeuralCapacitance.Worker.TensorBoard;
using NeuralCapacitance.Worker.Tests.Training;
using Tensorboard;
using static TorchSharp.torch.utils;

namespace NeuralCapacitance.Worker.Tests.TensorBoard;

/// <summary>What is written here is what TorchSharp's SummaryWriter writes, and what the tests' own reader reads.</summary>
public sealed class EventFileTests : IDisposable
{
    private readonly TemporaryFolder folder = new();

    [Fact]
    public void The_readers_checksum_is_the_published_one()
    {
        EventFile.Crc32C("123456789"u8).ShouldBe(0xE3069283);
        EventFile.Crc32C(new byte[32]).ShouldBe(0x8A9136AAu);
    }

    [Fact]
    public void A_record_is_TorchSharps_to_the_byte()
    {
        var writer = tensorboard.SummaryWriter(folder.Path);
        writer.add_scalar("loss/train", 0.1f, global_step: 300, walltime: 1_700_000_000);

        var theirs = File.ReadAllBytes(Directory.GetFiles(folder.Path).ShouldHaveSingleItem());
        var summary = new Summary();
        summary.Value.Add(new Summary.Types.Value { Tag = "loss/train", SimpleValue = 0.1f });
        var own = EventRecords.Of(new Event { WallTime = 1_700_000_000, Step = 300, Summary = summary });

        theirs[^own.Length..].ShouldBe(own);
        EventFile.Read(Directory.GetFiles(folder.Path)[0]).Scalars().ShouldBe([new Scalar("loss/train", 300, 0.1f)]);
    }

    [Fact]
    public void A_damaged_file_is_noticed()
    {
        var whole = EventRecords.Of(new Event { FileVersion = "brain.Event:2" });

        for (var i = 0; i < whole.Length; i++)
        {
            var damaged = whole.ToArray();
            damaged[i] ^= 1;
            Should.Throw<Exception>(() => EventFile.Records(damaged)).ShouldSatisfyAllConditions(e => (e is InvalidDataException or OverflowException).ShouldBeTrue());
        }
        Should.Throw<InvalidDataException>(() => EventFile.Records(whole[..^1]));
    }

    public void Dispose() => folder.Dispose();
}
