using TorchSharp.Modules;
using static TorchSharp.torch;

namespace TorchSharp;

/// <summary>Conversions of one-element tensors to numbers, and of tensors to and from streams.</summary>
public static class TensorExtensionMethods
{
    public static float ToSingle(this Tensor value) => Number<float>(value, ScalarType.Float32);

    public static double ToDouble(this Tensor value) => Number<double>(value, ScalarType.Float64);

    public static int ToInt32(this Tensor value) => Number<int>(value, ScalarType.Int32);

    public static long ToInt64(this Tensor value) => Number<long>(value, ScalarType.Int64);

    public static bool ToBoolean(this Tensor value) => Number<bool>(value, ScalarType.Bool);

    /// <summary>The tensor as a parameter; the tensor object itself is used up.</summary>
    public static Parameter AsParameter(this Tensor tensor) => new(tensor);

    /// <summary>Writes type, shape and elements.</summary>
    public static void Save(this Tensor tensor, BinaryWriter writer)
    {
        using var scope = NewDisposeScope();
        var onCpu = tensor.detach().cpu().contiguous();
        writer.Write7BitEncodedInt((int)onCpu.dtype);
        var sizes = onCpu.shape;
        writer.Write7BitEncodedInt(sizes.Length);
        foreach (var size in sizes)
        {
            writer.Write7BitEncodedInt64(size);
        }
        writer.Write(onCpu.bytes);
    }

    /// <summary>Overwrites the tensor with what <see cref="Save"/> wrote; type and shape must be the same.</summary>
    public static Tensor Load(this Tensor tensor, BinaryReader reader)
    {
        var type = (ScalarType)reader.Read7BitEncodedInt();
        var sizes = new long[reader.Read7BitEncodedInt()];
        for (var k = 0; k < sizes.Length; k++)
        {
            sizes[k] = reader.Read7BitEncodedInt64();
        }
        if (type != tensor.dtype || !sizes.AsSpan().SequenceEqual(tensor.shape))
        {
            throw new InvalidDataException($"the stream holds a tensor [{string.Join('x', sizes)}] of {type}, which does not fit {tensor}");
        }
        using var loaded = empty(sizes, type);
        reader.BaseStream.ReadExactly(loaded.bytes);
        using (no_grad())
        {
            tensor.copy_(loaded);
        }
        return tensor;
    }

    private static T Number<T>(Tensor tensor, ScalarType type) where T : unmanaged
    {
        using var converted = tensor.to(type, copy: true);
        return converted.item<T>();
    }
}
