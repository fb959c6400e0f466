using System.Runtime.InteropServices;

namespace TorchSharp.Native;

/// <summary>nc_kind.</summary>
internal enum ValueKind
{
    None = 0,
    Tensor = 1,
    TensorList = 2,
    Int = 3,
    Double = 4,
    Bool = 5,
    IntList = 6,
    DoubleList = 7,
    String = 8,
    Device = 9,
    Generator = 10,
    OptionalTensorList = 11,
    Default = 12,
}

/// <summary>nc_value: one argument or result as the ABI sees it.</summary>
[StructLayout(LayoutKind.Explicit, Size = 16)]
internal struct NativeValue
{
    [FieldOffset(0)] public ValueKind Kind;
    [FieldOffset(4)] public int Count;
    [FieldOffset(8)] public long Int;
    [FieldOffset(8)] public double Double;
    [FieldOffset(8)] public nint Pointer;
}
