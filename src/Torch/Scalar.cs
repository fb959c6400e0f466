using System.Runtime.InteropServices;
using TorchSharp.Native;

namespace TorchSharp;

/// <summary>A number passed to an operator; keeps whether it is an integer, a floating-point number or a truth value.</summary>
[StructLayout(LayoutKind.Auto)]
public readonly struct Scalar
{
    private readonly long bits;
    private readonly ValueKind kind;

    private Scalar(ValueKind kind, long bits)
    {
        this.kind = kind;
        this.bits = bits;
    }

    public static implicit operator Scalar(byte value) => new(ValueKind.Int, value);
    public static implicit operator Scalar(int value) => new(ValueKind.Int, value);
    public static implicit operator Scalar(long value) => new(ValueKind.Int, value);
    public static implicit operator Scalar(float value) => (double)value;
    public static implicit operator Scalar(double value) => new(ValueKind.Double, BitConverter.DoubleToInt64Bits(value));
    public static implicit operator Scalar(bool value) => new(ValueKind.Bool, value ? 1 : 0);

    internal Argument AsArgument() => kind switch
    {
        ValueKind.Double => BitConverter.Int64BitsToDouble(bits),
        ValueKind.Bool => bits != 0,
        _ => bits,
    };
}
