using System.Buffers.Binary;
using System.Text;
using NeuralCapacitance.Worker.Tests.Training;
using NeuralCapacitance.Worker.Weights;

namespace NeuralCapacitance.Worker.Tests.Weights;

public sealed class SafetensorsFaultTests : IDisposable
{
    private const string F32 = """{"dtype":"F32","shape":[2],"data_offsets":[0,8]}""";

    private readonly TemporaryFolder folder = new();

    [Theory]
    [InlineData("", "not valid JSON")]
    [InlineData("[]", "a StartArray where a StartObject belongs")]
    [InlineData("""{"a":""", "not valid JSON")]
    [InlineData("""{"a":{"dtype":"F32","shape":[2],"data_offsets":[0,8]}} x""", "not valid JSON")]
    [InlineData("""{"a":{"dtype":"F32","shape":[2]}}""", "lacks")]
    [InlineData("""{"a":{"dtype":"F32","shape":[2],"data_offsets":[0,8],"shape":[2]}}""", "'shape' twice")]
    [InlineData("""{"a":{"dtype":"F8_E4M3","shape":[8],"data_offsets":[0,8]}}""", "dtype 'F8_E4M3'; accepted are F64")]
    [InlineData("""{"a":{"dtype":"F32","shape":[-2],"data_offsets":[0,8]}}""", "non-negative integers")]
    [InlineData("""{"a":{"dtype":"F32","shape":[2.5],"data_offsets":[0,8]}}""", "non-negative integers")]
    [InlineData("""{"a":{"dtype":"F32","shape":[3],"data_offsets":[0,8]}}""", "takes 12 bytes, not 8")]
    [InlineData("""{"a":{"dtype":"F32","shape":[9223372036854775807,9223372036854775807],"data_offsets":[0,8]}}""", "impossible shape")]
    [InlineData("""{"a":{"dtype":"F32","shape":[2],"data_offsets":[8,16]}}""", "bytes: it was cut off")]
    [InlineData("""{"a":{"dtype":"F32","shape":[2],"data_offsets":[8,0]}}""", "lies at bytes 8 … 0")]
    [InlineData("""{"a":{"dtype":"F32","shape":[2],"data_offsets":[0,4,8]}}""", "two numbers")]
    [InlineData("""{"a":{"dtype":"F32","shape":[1],"data_offsets":[0,4]}}""", "bytes 4 … 8 belong to no tensor")]
    [InlineData("""{"a":{"dtype":"F32","shape":[1],"data_offsets":[4,8]}}""", "bytes 0 … 4 belong to no tensor")]
    [InlineData("""{"a":{"dtype":"F32","shape":[2],"data_offsets":[0,8]},"b":{"dtype":"F32","shape":[1],"data_offsets":[4,8]}}""", "'b' overlaps")]
    [InlineData("""{"a":{"dtype":"F32","shape":[2],"data_offsets":[0,8]},"a":{"dtype":"F32","shape":[2],"data_offsets":[0,8]}}""", "'a' appears twice")]
    [InlineData("""{"__metadata__":{"x":1},"a":{"dtype":"F32","shape":[2],"data_offsets":[0,8]}}""", "'x' is, or holds, a Number where a String belongs")]
    [InlineData("""{"__metadata__":{"x":"1","x":"2"},"a":{"dtype":"F32","shape":[2],"data_offsets":[0,8]}}""", "'__metadata__.x' appears twice")]
    [InlineData("""{"\uD800":{"dtype":"F32","shape":[2],"data_offsets":[0,8]}}""", "not valid JSON")]
    public void A_header_that_breaks_a_rule_is_refused_by_name(string header, string reason)
    {
        var path = Write(header, data: new byte[8]);

        var error = Should.Throw<SafetensorsException>(() => SafetensorsReader.Open(path));

        error.Path.ShouldBe(path);
        error.Reason.ShouldContain(reason);
    }

    [Fact]
    public void The_header_that_the_faults_vary_is_itself_accepted()
    {
        using var reader = SafetensorsReader.Open(Write($$"""{"a":{{F32}}}""", new byte[8]));

        reader.Entries.ShouldHaveSingleItem().Shape.ShouldBe([2L]);
    }

    [Theory]
    [InlineData(0, "too few")]
    [InlineData(7, "too few")]
    [InlineData(60, "the file ends after 60 bytes, before its own end")]
    public void A_file_cut_short_is_refused(int length, string reason)
    {
        var whole = File.ReadAllBytes(Write($$"""{"a":{{F32}}}""", new byte[8]));
        var path = folder.File("cut.safetensors");
        File.WriteAllBytes(path, whole[..length]);

        Should.Throw<SafetensorsException>(() => SafetensorsReader.Open(path)).Reason.ShouldContain(reason);
    }

    [Fact]
    public void A_file_without_its_last_byte_is_refused()
    {
        var path = Write($$"""{"a":{{F32}}}""", new byte[7]);

        Should.Throw<SafetensorsException>(() => SafetensorsReader.Open(path)).Reason.ShouldMatch(@"^the file ends after (\d+) of (\d+) bytes: it was cut off");
    }

    [Fact]
    public void A_file_that_shrinks_after_it_was_opened_gives_our_exception()
    {
        var path = Write($$"""{"a":{{F32}}}""", new byte[8]);
        using var reader = SafetensorsReader.Open(path);
        using (var file = File.Open(path, FileMode.Open, FileAccess.Write, FileShare.ReadWrite))
        {
            file.SetLength(file.Length - 1);
        }

        Should.Throw<SafetensorsException>(() => reader.Read("a")).Reason.ShouldContain("too early");
    }

    [Fact]
    public void An_absurd_header_length_takes_no_memory()
    {
        var path = folder.File("absurd.safetensors");
        File.WriteAllBytes(path, [0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0x7F, (byte)'{']);
        var before = GC.GetAllocatedBytesForCurrentThread();

        Should.Throw<SafetensorsException>(() => SafetensorsReader.Open(path)).Reason.ShouldContain("announces a header");

        (GC.GetAllocatedBytesForCurrentThread() - before).ShouldBeLessThan(1_000_000);
    }

    [Fact]
    public void A_header_full_of_tensors_takes_a_small_multiple_of_its_size()
    {
        var entries = string.Join(",", Enumerable.Range(0, 20_000).Select(i => $$"""
            "{{i}}":{"dtype":"F32","shape":[1,1,1,1,1,1,1,0],"data_offsets":[0,0]}
            """));
        var path = Write("{" + entries + "}", data: []);
        var before = GC.GetAllocatedBytesForCurrentThread();

        SafetensorsReader.Open(path).Dispose();

        (GC.GetAllocatedBytesForCurrentThread() - before).ShouldBeLessThan(10 * new FileInfo(path).Length);
    }

    [Fact]
    public void A_file_that_is_not_there_gives_our_exception()
        => Should.Throw<SafetensorsException>(() => SafetensorsReader.Open(folder.File("none"))).Reason.ShouldContain("Could not find");

    public void Dispose() => folder.Dispose();

    private string Write(string header, byte[] data)
    {
        var json = Encoding.UTF8.GetBytes(header);
        var file = new byte[8 + json.Length + data.Length];
        BinaryPrimitives.WriteInt64LittleEndian(file, json.Length);
        json.CopyTo(file, 8);
        data.CopyTo(file, 8 + json.Length);
        var path = folder.File("file.safetensors");
        File.WriteAllBytes(path, file);
        return path;
    }
}
