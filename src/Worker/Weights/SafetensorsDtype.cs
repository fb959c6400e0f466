using static TorchSharp.torch;

namespace NeuralCapacitance.Worker.Weights;

/// <summary>The format's names of element types, next to libtorch's.</summary>
internal static class SafetensorsDtype
{
    private static readonly (string Name, ScalarType Type, int Size)[] Known =
    [
        ("F64", ScalarType.Float64, 8),
        ("I64", ScalarType.Int64, 8),
        ("F32", ScalarType.Float32, 4),
        ("I32", ScalarType.Int32, 4),
        ("F16", ScalarType.Float16, 2),
        ("BF16", ScalarType.BFloat16, 2),
        ("I16", ScalarType.Int16, 2),
        ("U8", ScalarType.Byte, 1),
        ("I8", ScalarType.Int8, 1),
        ("BOOL", ScalarType.Bool, 1),
    ];

    public static string Accepted => string.Join(", ", Known.Select(k => k.Name));

    public static bool TryParse(string name, out ScalarType type)
    {
        var index = Array.FindIndex(Known, k => string.Equals(k.Name, name, StringComparison.Ordinal));
        type = index < 0 ? default : Known[index].Type;
        return index >= 0;
    }

    /// <exception cref="NotSupportedException">The format has no name for <paramref name="type"/>.</exception>
    public static string NameOf(ScalarType type) => Of(type).Name;

    /// <summary>Bytes per element.</summary>
    public static int SizeOf(ScalarType type) => Of(type).Size;

    private static (string Name, ScalarType Type, int Size) Of(ScalarType type)
    {
        var index = Array.FindIndex(Known, k => k.Type == type);
        return index >= 0 ? Known[index] : throw new NotSupportedException($"safetensors cannot hold tensors of type {type}; it takes {Accepted}.");
    }
}
