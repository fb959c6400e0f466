using System.Runtime.InteropServices;
using TorchSharp.Native;
using static TorchSharp.Native.NativeMethods;

namespace TorchSharp;

public static partial class torch
{
    /// <summary>A uint8 scalar.</summary>
    public static Tensor tensor(byte scalar, Device? device = null, bool requires_grad = false) =>
        FromSpan<byte>([scalar], [], null, device, requires_grad);

    public static Tensor tensor(byte scalar, ScalarType dtype, Device? device = null, bool requires_grad = false) =>
        FromSpan<byte>([scalar], [], dtype, device, requires_grad);

    /// <summary>A uint8 vector with a copy of the numbers.</summary>
    public static Tensor tensor(IList<byte> rawArray, ScalarType? dtype = null, Device? device = null, bool requires_grad = false) =>
        FromSpan(AsSpan(rawArray), [rawArray.Count], dtype, device, requires_grad);

    /// <summary>A uint8 tensor with a copy of the numbers in row-major order.</summary>
    public static Tensor tensor(IList<byte> rawArray, ReadOnlySpan<long> dimensions, ScalarType? dtype = null, Device? device = null, bool requires_grad = false) =>
        FromSpan(AsSpan(rawArray), dimensions, dtype, device, requires_grad);

    public static Tensor tensor(IList<byte> rawArray, long dim0, long dim1, ScalarType? dtype = null, Device? device = null, bool requires_grad = false) =>
        FromSpan(AsSpan(rawArray), [dim0, dim1], dtype, device, requires_grad);

    public static Tensor tensor(byte[,] rawArray, ScalarType? dtype = null, Device? device = null, bool requires_grad = false) =>
        from_array(rawArray, dtype, device, requires_grad);

    /// <summary>A int32 scalar.</summary>
    public static Tensor tensor(int scalar, Device? device = null, bool requires_grad = false) =>
        FromSpan<int>([scalar], [], null, device, requires_grad);

    public static Tensor tensor(int scalar, ScalarType dtype, Device? device = null, bool requires_grad = false) =>
        FromSpan<int>([scalar], [], dtype, device, requires_grad);

    /// <summary>A int32 vector with a copy of the numbers.</summary>
    public static Tensor tensor(IList<int> rawArray, ScalarType? dtype = null, Device? device = null, bool requires_grad = false) =>
        FromSpan(AsSpan(rawArray), [rawArray.Count], dtype, device, requires_grad);

    /// <summary>A int32 tensor with a copy of the numbers in row-major order.</summary>
    public static Tensor tensor(IList<int> rawArray, ReadOnlySpan<long> dimensions, ScalarType? dtype = null, Device? device = null, bool requires_grad = false) =>
        FromSpan(AsSpan(rawArray), dimensions, dtype, device, requires_grad);

    public static Tensor tensor(IList<int> rawArray, long dim0, long dim1, ScalarType? dtype = null, Device? device = null, bool requires_grad = false) =>
        FromSpan(AsSpan(rawArray), [dim0, dim1], dtype, device, requires_grad);

    public static Tensor tensor(int[,] rawArray, ScalarType? dtype = null, Device? device = null, bool requires_grad = false) =>
        from_array(rawArray, dtype, device, requires_grad);

    /// <summary>A int64 scalar.</summary>
    public static Tensor tensor(long scalar, Device? device = null, bool requires_grad = false) =>
        FromSpan<long>([scalar], [], null, device, requires_grad);

    public static Tensor tensor(long scalar, ScalarType dtype, Device? device = null, bool requires_grad = false) =>
        FromSpan<long>([scalar], [], dtype, device, requires_grad);

    /// <summary>A int64 vector with a copy of the numbers.</summary>
    public static Tensor tensor(IList<long> rawArray, ScalarType? dtype = null, Device? device = null, bool requires_grad = false) =>
        FromSpan(AsSpan(rawArray), [rawArray.Count], dtype, device, requires_grad);

    /// <summary>A int64 tensor with a copy of the numbers in row-major order.</summary>
    public static Tensor tensor(IList<long> rawArray, ReadOnlySpan<long> dimensions, ScalarType? dtype = null, Device? device = null, bool requires_grad = false) =>
        FromSpan(AsSpan(rawArray), dimensions, dtype, device, requires_grad);

    public static Tensor tensor(IList<long> rawArray, long dim0, long dim1, ScalarType? dtype = null, Device? device = null, bool requires_grad = false) =>
        FromSpan(AsSpan(rawArray), [dim0, dim1], dtype, device, requires_grad);

    public static Tensor tensor(long[,] rawArray, ScalarType? dtype = null, Device? device = null, bool requires_grad = false) =>
        from_array(rawArray, dtype, device, requires_grad);

    /// <summary>A float32 scalar.</summary>
    public static Tensor tensor(float scalar, Device? device = null, bool requires_grad = false) =>
        FromSpan<float>([scalar], [], null, device, requires_grad);

    public static Tensor tensor(float scalar, ScalarType dtype, Device? device = null, bool requires_grad = false) =>
        FromSpan<float>([scalar], [], dtype, device, requires_grad);

    /// <summary>A float32 vector with a copy of the numbers.</summary>
    public static Tensor tensor(IList<float> rawArray, ScalarType? dtype = null, Device? device = null, bool requires_grad = false) =>
        FromSpan(AsSpan(rawArray), [rawArray.Count], dtype, device, requires_grad);

    /// <summary>A float32 tensor with a copy of the numbers in row-major order.</summary>
    public static Tensor tensor(IList<float> rawArray, ReadOnlySpan<long> dimensions, ScalarType? dtype = null, Device? device = null, bool requires_grad = false) =>
        FromSpan(AsSpan(rawArray), dimensions, dtype, device, requires_grad);

    public static Tensor tensor(IList<float> rawArray, long dim0, long dim1, ScalarType? dtype = null, Device? device = null, bool requires_grad = false) =>
        FromSpan(AsSpan(rawArray), [dim0, dim1], dtype, device, requires_grad);

    public static Tensor tensor(float[,] rawArray, ScalarType? dtype = null, Device? device = null, bool requires_grad = false) =>
        from_array(rawArray, dtype, device, requires_grad);

    /// <summary>A float64 scalar.</summary>
    public static Tensor tensor(double scalar, Device? device = null, bool requires_grad = false) =>
        FromSpan<double>([scalar], [], null, device, requires_grad);

    public static Tensor tensor(double scalar, ScalarType dtype, Device? device = null, bool requires_grad = false) =>
        FromSpan<double>([scalar], [], dtype, device, requires_grad);

    /// <summary>A float64 vector with a copy of the numbers.</summary>
    public static Tensor tensor(IList<double> rawArray, ScalarType? dtype = null, Device? device = null, bool requires_grad = false) =>
        FromSpan(AsSpan(rawArray), [rawArray.Count], dtype, device, requires_grad);

    /// <summary>A float64 tensor with a copy of the numbers in row-major order.</summary>
    public static Tensor tensor(IList<double> rawArray, ReadOnlySpan<long> dimensions, ScalarType? dtype = null, Device? device = null, bool requires_grad = false) =>
        FromSpan(AsSpan(rawArray), dimensions, dtype, device, requires_grad);

    public static Tensor tensor(IList<double> rawArray, long dim0, long dim1, ScalarType? dtype = null, Device? device = null, bool requires_grad = false) =>
        FromSpan(AsSpan(rawArray), [dim0, dim1], dtype, device, requires_grad);

    public static Tensor tensor(double[,] rawArray, ScalarType? dtype = null, Device? device = null, bool requires_grad = false) =>
        from_array(rawArray, dtype, device, requires_grad);

    /// <summary>A Boolean scalar.</summary>
    public static Tensor tensor(bool scalar, Device? device = null, bool requires_grad = false) =>
        FromSpan<bool>([scalar], [], null, device, requires_grad);

    public static Tensor tensor(bool scalar, ScalarType dtype, Device? device = null, bool requires_grad = false) =>
        FromSpan<bool>([scalar], [], dtype, device, requires_grad);

    /// <summary>A Boolean vector with a copy of the numbers.</summary>
    public static Tensor tensor(IList<bool> rawArray, ScalarType? dtype = null, Device? device = null, bool requires_grad = false) =>
        FromSpan(AsSpan(rawArray), [rawArray.Count], dtype, device, requires_grad);

    /// <summary>A Boolean tensor with a copy of the numbers in row-major order.</summary>
    public static Tensor tensor(IList<bool> rawArray, ReadOnlySpan<long> dimensions, ScalarType? dtype = null, Device? device = null, bool requires_grad = false) =>
        FromSpan(AsSpan(rawArray), dimensions, dtype, device, requires_grad);

    public static Tensor tensor(IList<bool> rawArray, long dim0, long dim1, ScalarType? dtype = null, Device? device = null, bool requires_grad = false) =>
        FromSpan(AsSpan(rawArray), [dim0, dim1], dtype, device, requires_grad);

    public static Tensor tensor(bool[,] rawArray, ScalarType? dtype = null, Device? device = null, bool requires_grad = false) =>
        from_array(rawArray, dtype, device, requires_grad);

    /// <summary>A tensor with a copy of an array of any rank, shaped like it.</summary>
    public static Tensor from_array(Array rawArray, ScalarType? dtype = null, Device? device = null, bool requires_grad = false)
    {
        var sizes = Enumerable.Range(0, rawArray.Rank).Select(rawArray.GetLongLength).ToArray();
        return rawArray.GetType().GetElementType() switch
        {
            var type when type == typeof(byte) => FromArray<byte>(),
            var type when type == typeof(sbyte) => FromArray<sbyte>(),
            var type when type == typeof(short) => FromArray<short>(),
            var type when type == typeof(int) => FromArray<int>(),
            var type when type == typeof(long) => FromArray<long>(),
            var type when type == typeof(float) => FromArray<float>(),
            var type when type == typeof(double) => FromArray<double>(),
            var type when type == typeof(bool) => FromArray<bool>(),
            var type => throw new ArgumentException($"an array of {type?.Name} makes no tensor; accepted are byte, sbyte, short, int, long, float, double and bool"),
        };

        Tensor FromArray<T>() where T : unmanaged
        {
            var elements = rawArray.Length == 0
                ? []
                : MemoryMarshal.CreateReadOnlySpan(ref System.Runtime.CompilerServices.Unsafe.As<byte, T>(ref MemoryMarshal.GetArrayDataReference(rawArray)), rawArray.Length);
            return FromSpan(elements, sizes, dtype, device, requires_grad);
        }
    }

    private static ReadOnlySpan<T> AsSpan<T>(IList<T> list) => list switch
    {
        T[] array => array,
        List<T> grown => CollectionsMarshal.AsSpan(grown),
        _ => list.ToArray(),
    };

    private static unsafe Tensor FromSpan<T>(ReadOnlySpan<T> elements, ReadOnlySpan<long> dimensions, ScalarType? dtype, Device? device, bool requires_grad)
        where T : unmanaged
    {
        fixed (T* data = elements)
        fixed (long* sizes = dimensions)
        {
            using var made = Tensor.Own(NativeError.Check(nc_tensor_from_memory(
                data, (long)elements.Length * sizeof(T), sizes, dimensions.Length, (int)TypeOf<T>())));
            return Made(made.to(dtype ?? made.dtype, device ?? CPU), requires_grad);
        }
    }
}
