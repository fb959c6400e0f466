using static TorchSharp.torch;

namespace NeuralCapacitance.Worker.Weights.PyTorch;

/// <summary>A Python dict, or an OrderedDict: its items in the order in which they came.</summary>
internal sealed class PickleDict
{
    private List<KeyValuePair<object?, object?>>? items;

    public IReadOnlyList<KeyValuePair<object?, object?>> Items => items ?? [];

    public void Add(object? key, object? value) => (items ??= []).Add(new(key, value));
}

/// <summary>A class or function that a pickle names and that is not known here. It is never looked up.</summary>
/// <param name="Name">With its module.</param>
internal sealed record OpaqueGlobal(string Name);

/// <summary>What a pickle has an unknown class or function make. It is never made: only what was put into it like into a dict is kept.</summary>
/// <param name="name">Of the class or function, with its module.</param>
internal sealed class OpaqueValue(string name)
{
    public string Class { get; } = name;

    /// <summary>Null: nothing was put into it.</summary>
    public PickleDict? Items { get; private set; }

    /// <summary>Whether its state is that of a <c>torch.nn.Module</c>.</summary>
    public bool IsModule { get; private set; }

    /// <summary>Whether it is a tensor of a kind that is not read: quantized, sparse, without memory.</summary>
    public bool IsTensor => Class.StartsWith("torch._utils._rebuild_", StringComparison.Ordinal);

    public void Add(object? key, object? value) => (Items ??= new()).Add(key, value);

    /// <param name="state">Its attributes.</param>
    public void SetState(object? state) => IsModule |= state is PickleDict dict && dict.Items.Any(item => item.Key is "_modules") && dict.Items.Any(item => item.Key is "_parameters");
}

/// <summary>A piece of memory that tensors are views of.</summary>
/// <param name="Key">Its name in the file.</param>
/// <param name="Stored">Elements of the whole piece in the file.</param>
/// <param name="Begin">Element of the whole at which this one begins.</param>
/// <param name="Count">Elements of this one.</param>
internal sealed record StorageReference(StorageType Type, string Key, long Stored, long Begin, long Count);

/// <summary>A tensor whose numbers have not been read: element (i, j, …) is element Offset + i·Strides[0] + j·Strides[1] + … of its storage.</summary>
internal sealed record TensorReference(StorageReference Storage, long Offset, long[] Shape, long[] Strides)
{
    /// <summary>Elements.</summary>
    public long Count => Shape.Aggregate(1L, (product, size) => product * size);

    /// <summary>Elements from the first to the last, those between that are not its own included.</summary>
    public long Span => Count == 0 ? 0 : 1 + Shape.Zip(Strides, (size, stride) => (size - 1) * stride).Sum();

    public bool IsContiguous
    {
        get
        {
            var expected = 1L;
            for (var i = Shape.Length - 1; i >= 0; i--)
            {
                if (Shape[i] != 1 && Strides[i] != expected)
                {
                    return false;
                }
                expected *= Shape[i];
            }
            return true;
        }
    }
}

/// <summary>An element type by the name of its storage class.</summary>
/// <param name="Size">Bytes of an element.</param>
/// <param name="IsRead">False: its size is known, so that others behind it are found.</param>
internal sealed record StorageType(string Name, ScalarType Dtype, int Size, bool IsRead = true)
{
    public static IReadOnlyList<StorageType> All { get; } =
    [
        new("DoubleStorage", ScalarType.Float64, 8),
        new("FloatStorage", ScalarType.Float32, 4),
        new("HalfStorage", ScalarType.Float16, 2),
        new("BFloat16Storage", ScalarType.BFloat16, 2),
        new("LongStorage", ScalarType.Int64, 8),
        new("IntStorage", ScalarType.Int32, 4),
        new("ShortStorage", ScalarType.Int16, 2),
        new("CharStorage", ScalarType.Int8, 1),
        new("ByteStorage", ScalarType.Byte, 1),
        new("BoolStorage", ScalarType.Bool, 1),
        new("ComplexFloatStorage", ScalarType.ComplexFloat32, 8, IsRead: false),
        new("ComplexDoubleStorage", ScalarType.ComplexFloat64, 16, IsRead: false),
        new("QInt8Storage", ScalarType.Int8, 1, IsRead: false),
        new("QUInt8Storage", ScalarType.Byte, 1, IsRead: false),
        new("QInt32Storage", ScalarType.Int32, 4, IsRead: false),
        new("UntypedStorage", ScalarType.Byte, 1, IsRead: false),
    ];
}
