using System.IO.Compression;
using NeuralCapacitance.Worker.Tests.Training;
using NeuralCapacitance.Worker.Weights;
using NeuralCapacitance.Worker.Weights.Keras;

namespace NeuralCapacitance.Worker.Tests.Weights;

/// <summary>Bytes changed, cut, inserted and doubled at random: a file is either read whole or refused, and costs no more than it may.</summary>
[Trait("Category", "Slow")]
public sealed class WeightsFuzzTests : IDisposable
{
    private const int Files = 10_000;

    private readonly TemporaryFolder folder = new();

    [Theory]
    [InlineData("safetensors")]
    [InlineData("checkpoint.pth", "protocol4.pth")]
    [InlineData("legacy-checkpoint.pth", "2017.pth")]
    [InlineData("keras.h5", "keras-model.h5", "keras-1.h5")]
    public void Ten_thousand_damaged_files_are_read_or_refused(params string[] names)
    {
        var random = new Random(20241123);
        byte[][] wholes = [.. names.Select(name => File.ReadAllBytes(name == "safetensors" ? SafetensorsTests.Reference : PyTorchFiles.PathOf(name)))];
        var path = folder.File("damaged");
        var refused = 0;
        for (var i = 0; i < Files; i++)
        {
            var damaged = Damage(wholes[i % wholes.Length], random);
            File.WriteAllBytes(path, damaged);
            var before = GC.GetAllocatedBytesForCurrentThread();
            var most = (2 * damaged.Length) + PyTorchFiles.Always;
            try
            {
                ReadAll(path);
            }
            catch (WeightsException e)
            {
                e.Message.Contains(path, StringComparison.Ordinal).ShouldBeTrue(e.Message);
                e.Message.Any(char.IsControl).ShouldBeFalse(e.Message);
                refused++;
                // PureHDF takes one buffer as long as the file claims, less than 2 GB, before it reads.
                most += e is KerasException ? int.MaxValue : 0L;
            }
            (GC.GetAllocatedBytesForCurrentThread() - before).ShouldBeLessThan(most);
        }

        // Damage to values alone, or to names, goes unnoticed by the formats.
        refused.ShouldBeInRange(Files / 4, Files - 1);
    }

    /// <summary>The costliest form: it has to be unpacked and brought into order. The numbers are random, so that packing them saves nothing.</summary>
    [Fact]
    public void A_transposed_tensor_in_a_deflated_file_is_held_once()
    {
        const int Rows = 1000;
        const int Columns = 2000;
        var numbers = new byte[Rows * Columns * sizeof(float)];
        new Random(1).NextBytes(numbers);
        var path = folder.File("transposed.pth");
        PyTorchFiles.Write(
            path, PyTorchFiles.OneTensor(Rows * Columns, PyTorchFiles.Whole(Rows) + PyTorchFiles.Whole(Columns), "K\x01" + PyTorchFiles.Whole(Rows)), [numbers], CompressionLevel.Fastest);

        var before = GC.GetAllocatedBytesForCurrentThread();
        using var file = WeightsFile.Open(path);
        using var tensor = file.Dicts[0].Read("a");
        var taken = GC.GetAllocatedBytesForCurrentThread() - before + tensor.bytes.Length;

        tensor.bytes[..4].SequenceEqual(numbers.AsSpan(0, 4)).ShouldBeTrue();
        tensor.bytes[4..8].SequenceEqual(numbers.AsSpan(Rows * 4, 4)).ShouldBeTrue();
        taken.ShouldBeInRange(numbers.Length, numbers.Length + (1 << 20));
    }

    public void Dispose() => folder.Dispose();

    private static void ReadAll(string path)
    {
        using var file = WeightsFile.Open(path);
        file.Figures.ShouldNotBeNull();
        foreach (var (dict, entry) in file.Dicts.SelectMany(dict => dict.Entries, (dict, entry) => (dict, entry)))
        {
            using var tensor = dict.Read(entry.Name);
            tensor.shape.SequenceEqual(entry.Shape).ShouldBeTrue();
        }
    }

    private static byte[] Damage(byte[] whole, Random random)
    {
        var bytes = whole.ToList();
        for (var changes = random.Next(1, 4); changes > 0 && bytes.Count > 0; changes--)
        {
            var at = random.Next(bytes.Count);
            switch (random.Next(6))
            {
                case 0: bytes[at] = (byte)random.Next(256); break;
                case 1: bytes[at] ^= (byte)(1 << random.Next(8)); break;
                case 2: bytes.RemoveRange(at, Math.Min(random.Next(1, 40), bytes.Count - at)); break;
                case 3: bytes.InsertRange(at, bytes.GetRange(at, Math.Min(random.Next(1, 40), bytes.Count - at))); break;
                case 4: bytes[at] = (byte)"()}]tuseaRQbqhK.cX"[random.Next(18)]; break;
                default: bytes[at] = byte.MaxValue; break;
            }
        }
        return [.. bytes];
    }
}
