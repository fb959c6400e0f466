using System.Text.Json;
using NeuralCapacitance.Worker.Tests.Training;
using NeuralCapacitance.Worker.Weights;
using static TorchSharp.torch;

namespace NeuralCapacitance.Worker.Tests.Weights;

/// <summary>The reference file is made by tools/goldens_training.py from the format's description.</summary>
public sealed class SafetensorsTests : IDisposable
{
    private readonly TemporaryFolder folder = new();

    internal static string Reference { get; } = Path.Combine(AppContext.BaseDirectory, "Goldens", "reference.safetensors");

    [Fact]
    public void Every_dtype_and_shape_of_the_reference_file_is_read()
    {
        using var reader = SafetensorsReader.Open(Reference);
        using var expected = JsonDocument.Parse(File.ReadAllText(Reference + ".json"));

        reader.Metadata["note"].ShouldBe("a \"quoted\" Ω");
        reader.Entries.Count.ShouldBe(expected.RootElement.EnumerateObject().Count());
        foreach (var tensor in expected.RootElement.EnumerateObject())
        {
            using var read = reader.Read(tensor.Name);
            SafetensorsDtype.NameOf(read.dtype).ShouldBe(tensor.Value.GetProperty("dtype").GetString());
            read.shape.ShouldBe(tensor.Value.GetProperty("shape").EnumerateArray().Select(s => s.GetInt64()));
            Values(read).ShouldBe(tensor.Value.GetProperty("values").EnumerateArray().Select(v => v.GetDouble()), tensor.Name);
        }
    }

    [Fact]
    public void What_is_written_is_read_back_bit_by_bit()
    {
        using var source = SafetensorsReader.Open(Reference);
        var tensors = source.Entries.ToDictionary(e => e.Name, e => source.Read(e.Name), StringComparer.Ordinal);
        var path = folder.File("copy.safetensors");

        SafetensorsWriter.Write(path, tensors, source.Metadata);

        using var copy = SafetensorsReader.Open(path);
        copy.Metadata.ShouldBe(source.Metadata, ignoreOrder: true);
        copy.Entries.Select(e => e.Name).ShouldBe(source.Entries.Select(e => e.Name), ignoreOrder: true);
        foreach (var (name, tensor) in tensors)
        {
            using var read = copy.Read(name);
            read.dtype.ShouldBe(tensor.dtype);
            read.shape.ShouldBe(tensor.shape);
            if (tensor.numel() > 0)
            {
                read.bytes.SequenceEqual(tensor.bytes).ShouldBeTrue(name);
            }
            tensor.Dispose();
        }
    }

    [Fact]
    public void A_transposed_tensor_is_written_in_row_major_order()
    {
        using var scope = NewDisposeScope();
        var transposed = arange(6, dtype: ScalarType.Float32).reshape(2, 3).t();
        var path = folder.File("transposed.safetensors");

        SafetensorsWriter.Write(path, new Dictionary<string, Tensor>(StringComparer.Ordinal) { ["t"] = transposed });

        using var reader = SafetensorsReader.Open(path);
        var read = reader.Read("t");
        read.shape.ShouldBe([3L, 2L]);
        Values(read).ShouldBe([0.0, 3, 1, 4, 2, 5]);
    }

    [Fact]
    public void The_same_content_gives_the_same_bytes_and_aligned_data()
    {
        using var scope = NewDisposeScope();
        var a = zeros(3, dtype: ScalarType.Int8);
        var b = ones(2, dtype: ScalarType.Float64);

        SafetensorsWriter.Write(folder.File("1"), new Dictionary<string, Tensor>(StringComparer.Ordinal) { ["a"] = a, ["b"] = b });
        SafetensorsWriter.Write(folder.File("2"), new Dictionary<string, Tensor>(StringComparer.Ordinal) { ["b"] = b, ["a"] = a });

        File.ReadAllBytes(folder.File("2")).ShouldBe(File.ReadAllBytes(folder.File("1")));
        using var reader = SafetensorsReader.Open(folder.File("1"));
        reader.Entries[0].Name.ShouldBe("b");
        (BitConverter.ToInt64(File.ReadAllBytes(folder.File("1"))) % 8).ShouldBe(0);
    }

    public void Dispose() => folder.Dispose();

    private static double[] Values(Tensor tensor)
    {
        using var scope = NewDisposeScope();
        return [.. tensor.to(ScalarType.Float64).flatten().data<double>()];
    }
}
