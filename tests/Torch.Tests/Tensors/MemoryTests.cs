using static TorchSharp.torch;

namespace TorchSharp.Tests.Tensors;

public sealed class MemoryTests
{
    [Fact]
    public void Elements_come_out_as_they_went_in()
    {
        using var scope = NewDisposeScope();
        tensor([1L, -2, 3]).data<long>().ToArray().ShouldBe([1, -2, 3]);
        tensor(new List<float> { 1, 2, 3, 4 }, [2, 2])[1, 0].item<float>().ShouldBe(3);
        tensor(new[,] { { 1.5, 2 }, { 3, 4 } }).shape.ShouldBe([2, 2]);
        from_array(new byte[2, 1, 3]).shape.ShouldBe([2, 1, 3]);
        tensor(true).item<bool>().ShouldBeTrue();
        tensor([1, 2], dtype: float32).dtype.ShouldBe(float32);
    }

    [Fact]
    public void Elements_of_a_view_come_in_its_own_order()
    {
        using var scope = NewDisposeScope();
        var transposed = tensor([1f, 2, 3, 4, 5, 6], [2, 3]).t();
        transposed.data<float>().ToArray().ShouldBe([1, 4, 2, 5, 3, 6]);
        transposed.data<float>()[2, 1].ShouldBe(6);
        transposed.data<float>()[1].ShouldBe(4);
        Should.Throw<InvalidOperationException>(() => transposed.bytes.Length);
        Should.Throw<ArgumentOutOfRangeException>(() => transposed.data<float>()[3, 0]);
    }

    [Fact]
    public void Bytes_are_the_tensors_own_memory()
    {
        using var scope = NewDisposeScope();
        var pixels = zeros([2, 2], uint8);
        pixels.bytes[3] = 200;
        pixels[1, 1].item<byte>().ShouldBe((byte)200);
        pixels.bytes = new byte[] { 1, 2, 3, 4 };
        pixels.sum().item<long>().ShouldBe(10);
        Should.Throw<ArgumentException>(() => pixels.bytes = new byte[3]).Message.ShouldBe("the tensor [2x2], type = Byte, device = cpu holds 4 bytes, not 3");
    }

    [Fact]
    public void A_number_of_the_wrong_type_or_count_is_refused()
    {
        using var scope = NewDisposeScope();
        Should.Throw<ArgumentException>(() => ones(1).item<double>()).Message.ShouldBe("Double does not match the element type Float32");
        Should.Throw<ArgumentException>(() => ones(2).item<float>());
        ones(1).ToDouble().ShouldBe(1);
        ((long)ones(1)).ShouldBe(1);
        Should.Throw<System.Runtime.InteropServices.ExternalException>(() => tensor([1f, 2f], [3])).Message.ShouldContain("takes 12 bytes, not 8");
    }

    [Fact]
    public void Indexing_writes_into_the_tensor()
    {
        using var scope = NewDisposeScope();
        var x = zeros(3, 2);
        x[0] = ones(2);
        x[1, 1] = tensor(5f);
        x[TensorIndex.Tensor(tensor([2L]))] = full([1, 2], 7);
        x.data<float>().ToArray().ShouldBe([1, 1, 0, 5, 7, 7]);
    }

    [Fact]
    public void A_tensor_is_written_and_read_back()
    {
        using var scope = NewDisposeScope();
        var x = rand(3, 5).t();
        using var stream = new MemoryStream();
        x.Save(new BinaryWriter(stream));
        stream.Position = 0;
        var y = empty(5, 3).Load(new BinaryReader(stream));
        y.equal(x).ShouldBeTrue();
        stream.Position = 0;
        Should.Throw<InvalidDataException>(() => empty(3, 5).Load(new BinaryReader(stream)));
        stream.SetLength(20);
        stream.Position = 0;
        Should.Throw<EndOfStreamException>(() => empty(5, 3).Load(new BinaryReader(stream)));
    }

    [Fact]
    public void Conversions_to_what_a_tensor_is_copy_nothing_and_can_be_disposed()
    {
        using var scope = NewDisposeScope();
        var x = ones(2);
        using (var same = x.cpu().to(float32))
        {
            same.fill_(3);
        }
        x.data<float>().ToArray().ShouldBe([3, 3]);
        x.to(float32, copy: true).fill_(4);
        x.data<float>().ToArray().ShouldBe([3, 3]);
        x.to(int64).dtype.ShouldBe(int64);
        x.to(device("cpu")).device.ToString().ShouldBe("cpu");
        Should.Throw<ArgumentException>(() => device("gpu")).Message.ShouldStartWith("'gpu' is no device; accepted are cpu, cuda and cuda:N");
    }
}
