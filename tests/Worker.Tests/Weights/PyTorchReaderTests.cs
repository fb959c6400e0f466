using System.IO.Compression;
using System.Text;
using NeuralCapacitance.Worker.Tests.Training;
using NeuralCapacitance.Worker.Weights;
using NeuralCapacitance.Worker.Weights.PyTorch;
using static NeuralCapacitance.Worker.Tests.Weights.PyTorchFiles;

namespace NeuralCapacitance.Worker.Tests.Weights;

public sealed class PyTorchReaderTests : IDisposable
{
    private readonly TemporaryFolder folder = new();

    [Theory]
    [InlineData("zip.pth")]
    [InlineData("protocol4.pth")]
    [InlineData("legacy.pth")]
    [InlineData("checkpoint.pth")]
    [InlineData("legacy-checkpoint.pth")]
    [InlineData("2017.pth")]
    public void Every_tensor_of_torch_save_is_read_to_the_bit(string name) => ShouldHold(PathOf(name), name);

    [Fact]
    public void Deflated_archives_are_read_too()
    {
        var path = folder.File("deflated.pth");
        using (var source = ZipFile.OpenRead(PathOf("zip.pth")))
        using (var target = new ZipArchive(File.Create(path), ZipArchiveMode.Create))
        {
            foreach (var entry in source.Entries)
            {
                using var from = entry.Open();
                using var to = target.CreateEntry(entry.FullName, CompressionLevel.SmallestSize).Open();
                from.CopyTo(to);
            }
        }
        ShouldHold(path, "zip.pth");
    }

    [Fact]
    public void A_file_s_name_does_not_matter()
    {
        var path = folder.File("weights.safetensors");
        File.Copy(PathOf("legacy.pth"), path);
        using var file = WeightsFile.Open(path);
        file.ShouldBeOfType<PyTorchReader>();
        File.Copy(SafetensorsTests.Reference, folder.File("weights.pth"));
        using var other = WeightsFile.Open(folder.File("weights.pth"));
        other.ShouldBeOfType<SafetensorsReader>();
    }

    [Theory]
    [InlineData("\x89HDF\r\n\x1a\n", "not a usable Keras file: it is damaged")]
    [InlineData("\x01\x02\x03", "neither a safetensors file, nor one that torch.save wrote, nor an .h5 of Keras")]
    public void Another_format_is_told(string content, string reason)
    {
        File.WriteAllBytes(folder.File("other"), Bytes(content));
        Should.Throw<WeightsException>(() => WeightsFile.Open(folder.File("other"))).Message.ShouldContain(reason);
    }

    [Fact]
    public void A_file_that_is_not_there_is_told()
    {
        Should.Throw<WeightsException>(() => WeightsFile.Open(folder.File("none"))).Message.ShouldContain("Could not find");
        Should.Throw<PyTorchException>(() => PyTorchReader.Open(folder.File("none"))).Reason.ShouldContain("Could not find");
    }

    [Theory]
    [InlineData("cos\nsystem\n(X\x05\0\0\0touchtR.", "what 'os.system' makes, which is neither made nor read here")]
    [InlineData("c__builtin__\neval\n.", "it holds no dict of tensors")]
    [InlineData("X\x02\0\0\0osX\x06\0\0\0system\x93X\x05\0\0\0touch\x85R.", "what 'os.system' makes")]
    [InlineData("i__main__\nX\n.", "values where none begin")]
    [InlineData("(ios\nsystem\n.", "what 'os.system' makes")]
    [InlineData("(cos\nsystem\no.", "what 'os.system' makes")]
    [InlineData("cos\nsystem\n)\x81.", "what 'os.system' makes")]
    [InlineData("K\x01)\x81.", "an object of what is no class")]
    [InlineData("P0\n.", "opcode 0x50 is not read")]
    [InlineData("}X\x01\0\0\0aK\x03s.", "it holds no tensors; save only the weights")]
    [InlineData("K\x03.", "it holds no dict of tensors")]
    [InlineData("}.}", "it holds no tensors")]
    [InlineData("}}.", "ends with other than one value")]
    [InlineData("}", "1 bytes should follow, and 0 do")]
    [InlineData("X\xff\xff\xff\x7f", "a text of 2147483647 bytes")]
    [InlineData("X\x00\x01\x00\x00", "256 bytes should follow")]
    [InlineData("X\x01\0\0\0\xff", "no UTF-8")]
    [InlineData("R", "where there is none")]
    [InlineData("}(R", "where there is none")]
    [InlineData("}(b", "where there is none")]
    [InlineData("t", "none begin")]
    [InlineData("h\x07", "recalls value 7")]
    [InlineData("}K\x01K\x02R", "a call of what is no function")]
    [InlineData("]K\x01K\x02s", "no dict")]
    [InlineData("}(K\x01u", "no dict")]
    [InlineData("}K\x01" + "a", "no list")]
    [InlineData("K\x01}b", "a state of what has none")]
    [InlineData("K\x01Q", "no storage")]
    [InlineData("(X\x07\0\0\0storagectorch\nFloatStorage\nX\x01\0\0\00X\x03\0\0\0cpuJ\xff\xff\xff\xfftQ", "no storage")]
    [InlineData("(X\x06\0\0\0modulectorch\nFloatStorage\nX\x01\0\0\00X\x03\0\0\0cpuK\x01tQ", "no storage")]
    [InlineData("ccollections\nOrderedDict\nK\x01\x85R.", "collections.OrderedDict what it does not take")]
    [InlineData("ctorch._utils\n_rebuild_tensor_v2\n)R.", "_rebuild_tensor what it does not take")]
    [InlineData("ctorch._utils\n_rebuild_parameter\n)R.", "_rebuild_parameter what it does not take")]
    [InlineData("\x80\x09.", "protocol 9")]
    public void A_pickle_that_is_no_state_dict_is_refused(string pickle, string reason)
    {
        var path = folder.File("bad.pth");
        Write(path, Bytes(pickle), []);
        var error = Should.Throw<PyTorchException>(() => PyTorchReader.Open(path));
        error.Path.ShouldBe(path);
        error.Reason.ShouldContain(reason);
    }

    [Theory]
    [InlineData(4, "K\x02K\x02", "K\x02K\x01", "K\0", null)]
    [InlineData(4, "K\x02K\x02", "K\x02K\x01", "K\x01", "reaches to element 4 of storage '0', which has 4")]
    [InlineData(4, "K\x05", "K\0", "K\0", "repeats the 4 elements")]
    [InlineData(4, "K\x03", "K\x02", "K\0", "reaches to element 4")]
    [InlineData(4, "K\x02", "K\x02K\x01", "K\0", "what it does not take")]
    [InlineData(4, "J\xff\xff\xff\xff", "K\x01", "K\0", "what it does not take")]
    [InlineData(4, "\x8a\x08\0\0\0\0\0\0\0\x40\x8a\x08\0\0\0\0\0\0\0\x40", "K\0K\0", "K\0", "impossible shape")]
    [InlineData(4, "\x8a\x08\0\0\0\0\0\0\0\x40", "\x8a\x08\0\0\0\0\0\0\0\x40", "K\0", "reaches to element")]
    [InlineData(4, "K\x01", "K\x01", "J\xff\xff\xff\xff", "what it does not take")]
    [InlineData(3, "K\x03", "K\x01", "K\0", "'archive/data/0' has 16 bytes where 3 elements of 4 bytes should be")]
    [InlineData(5, "K\x05", "K\x01", "K\0", "'archive/data/0' has 16 bytes where 5 elements of 4 bytes should be")]
    public void Views_stay_inside_their_storage(int stored, string shape, string strides, string offset, string? reason)
    {
        var path = folder.File("views.pth");
        Write(path, OneTensor(stored, shape, strides, offset), [new byte[16]]);
        if (reason is null)
        {
            using var file = PyTorchReader.Open(path);
            file.Dicts.ShouldHaveSingleItem().Entries.ShouldHaveSingleItem().Shape.ShouldBe([2L, 2L]);
            return;
        }
        Should.Throw<PyTorchException>(() => PyTorchReader.Open(path)).Reason.ShouldContain(reason);
    }

    [Theory]
    [InlineData("K\x02K\x03", "K\x01K\x02", "K\0", new float[] { 0, 2, 4, 1, 3, 5 })]
    [InlineData("K\x02K\x02", "K\x08K\x03", "K\x01", new float[] { 1, 4, 9, 12 })]
    [InlineData("K\x03", "K\x05", "K\x02", new float[] { 2, 7, 12 })]
    [InlineData("K\x02K\x01K\x03K\x02", "K\x01K\x09K\x04K\x02", "K\x02", new float[] { 2, 4, 6, 8, 10, 12, 3, 5, 7, 9, 11, 13 })]
    public void Transposed_and_sliced_tensors_are_read_in_the_order_of_their_indices(string shape, string strides, string offset, float[] expected)
    {
        foreach (var compression in (CompressionLevel[])[CompressionLevel.NoCompression, CompressionLevel.Optimal])
        {
            WriteSixteen(shape, strides, offset, compression);
            using var file = PyTorchReader.Open(folder.File("views.pth"));
            using var tensor = file.Dicts[0].Read("a");
            tensor.Numbers().ShouldBe(expected.Select(number => (double)number));
        }
    }

    [Theory]
    [InlineData("K\x02K\x02", "K\0K\x01")]
    [InlineData("K\x02K\x03", "K\x03K\x02")]
    public void Rows_that_share_elements_or_interleave_are_refused(string shape, string strides)
    {
        WriteSixteen(shape, strides, "K\0", CompressionLevel.NoCompression);
        using var file = PyTorchReader.Open(folder.File("views.pth"));
        Should.Throw<PyTorchException>(() => file.Dicts[0].Read("a")).Reason.ShouldContain("are not read; save it after .contiguous()");
    }

    /// <summary>A Parameter as torch 0.1 saved it, in an OrderedDict made of a list of pairs, under a text of bytes.</summary>
    [Fact]
    public void Texts_and_parameters_of_Python_2_are_read()
    {
        const string before = "\u0080\u0002}X\u0001\0\0\0a";
        var tensor = Encoding.Latin1.GetString(OneTensor(4, "K\u0004", "K\u0001", function: "torch._utils\n_rebuild_tensor"))[before.Length..^2];
        var parameter = $"ctorch.nn.parameter\nParameter\n{tensor}\u0085R(\u0089\u0089Ntb";
        var path = folder.File("python2.pth");
        Write(path, Bytes($"\u0080\u0002ccollections\nOrderedDict\n]](U\u0001a{parameter}ea\u0085R."), [new byte[16]]);

        using var file = PyTorchReader.Open(path);

        file.Dicts.ShouldHaveSingleItem().Entries.ShouldHaveSingleItem().Name.ShouldBe("a");
    }

    [Fact]
    public void Archives_that_torch_save_did_not_write_are_refused()
    {
        var pickle = OneTensor(4, "K\x04", "K\x01");
        Refused(() => Write(folder.File("a.pth"), pickle, []), "its storage '0' is missing");
        Refused(() => Write(folder.File("a.pth"), pickle, [new byte[16]], more: "constants.pkl"), "it is a TorchScript module");
        Refused(() => Write(folder.File("a.pth"), pickle, [new byte[16]], more: "byteorder"), "big-endian");
        Refused(() => ZipFile.CreateFromDirectory(Directory.CreateDirectory(folder.File("empty")).FullName, folder.File("a.pth")), "a zip archive with 0 files NAME/data.pkl");
        Refused(() => File.WriteAllBytes(folder.File("a.pth"), File.ReadAllBytes(PathOf("zip.pth"))[..^30]), "bytes, before its own end: it was cut off");

        void Refused(Action write, string reason)
        {
            File.Delete(folder.File("a.pth"));
            write();
            Should.Throw<PyTorchException>(() => PyTorchReader.Open(folder.File("a.pth"))).Reason.ShouldContain(reason);
        }
    }

    [Fact]
    public void A_zip_bomb_is_refused_or_costs_what_its_tensor_takes()
    {
        var bomb = new byte[50_000_000];
        var path = folder.File("bomb.pth");
        Write(path, OneTensor(bomb.Length / 4, Whole(bomb.Length / 4), "K\x01"), [bomb], CompressionLevel.Optimal);
        Cost(path, "claims to hold 50000000 bytes in ");

        // Claims 16 bytes and would give more: no more is taken.
        Write(path, OneTensor(4, "K\x04", "K\x01"), [bomb], CompressionLevel.Optimal);
        var bytes = File.ReadAllBytes(path);
        var claim = bytes.AsSpan().LastIndexOf(BitConverter.GetBytes(bomb.Length));
        BitConverter.TryWriteBytes(bytes.AsSpan(claim), 16).ShouldBeTrue();
        File.WriteAllBytes(path, bytes);
        Cost(path, null);
    }

    [Theory]
    [InlineData("}0", "far more than a file of this size can hold")]
    [InlineData("}", "far more than a file of this size can hold")]
    [InlineData("]", "far more than a file of this size can hold")]
    [InlineData("}\x94", "far more than a file of this size can hold")]
    [InlineData("K\x01\x85", "far more than a file of this size can hold")]
    public void A_pickle_of_many_small_values_is_refused_before_it_fills_the_memory(string repeated, string reason)
    {
        var path = folder.File("many.pth");
        Write(path, Bytes(string.Concat(Enumerable.Repeat(repeated, 1_000_000))), []);
        Cost(path, reason);
    }

    public void Dispose() => folder.Dispose();

    /// <summary>A view of the numbers 0 … 15.</summary>
    private void WriteSixteen(string shape, string strides, string offset, CompressionLevel compression)
        => Write(folder.File("views.pth"), OneTensor(16, shape, strides, offset), [[.. Enumerable.Range(0, 16).SelectMany(i => BitConverter.GetBytes((float)i))]], compression);

    private static void ShouldHold(string path, string golden)
    {
        var expected = Golden.Read(Path.Combine("weights", "weights.json")).GetProperty(golden).EnumerateObject().ToDictionary(t => t.Name, t => t.Value);
        using var file = WeightsFile.Open(path);
        var dict = file.Dicts.Single(found => found.Path is "" or "state_dict");
        dict.Entries.Select(e => e.Name).ShouldBe(expected.Keys, ignoreOrder: true);
        foreach (var entry in dict.Entries)
        {
            var tensor = expected[entry.Name];
            entry.Dtype.ToString().ToLowerInvariant().ShouldBe(tensor.GetProperty("dtype").GetString()!.Replace("uint8", "byte", StringComparison.Ordinal), entry.Name);
            entry.Shape.Select(size => (double)size).ShouldBe(tensor.GetProperty("shape").Numbers(), entry.Name);
            using var read = dict.Read(entry.Name);
            read.shape.ShouldBe(entry.Shape);
            (read.numel() == 0 ? "" : Convert.ToHexStringLower(read.bytes)).ShouldBe(tensor.GetProperty("bytes").GetString(), entry.Name);
        }
    }
}
