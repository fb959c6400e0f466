using System.Runtime.CompilerServices;
using System.Text;

namespace TorchSharp.Native;

/// <summary>
/// One argument of an operator. It keeps its object alive and converts implicitly from whatever an operator takes,
/// so that a call reads like the operator's schema: <c>Add.Call([left, right, 1.0])</c>.
/// </summary>
internal readonly struct Argument
{
    private readonly object? reference;
    private readonly long bits;
    private readonly ValueKind kind;
    private readonly int count;

    private Argument(ValueKind kind, object? reference = null, long bits = 0, int count = 0)
    {
        this.kind = kind;
        this.reference = reference;
        this.bits = bits;
        this.count = count;
    }

    /// <summary>The default that the operator's schema declares.</summary>
    public static Argument Default => new(ValueKind.Default);

    public static Argument None => default;

    /// <summary>A list of tensors in which null stands for an absent one, as indexing takes it.</summary>
    public static Argument OptionalList(torch.Tensor?[] tensors) => new(ValueKind.OptionalTensorList, tensors, count: tensors.Length);

    public static implicit operator Argument(torch.Tensor? value) => value is null ? default : new(ValueKind.Tensor, value);
    public static implicit operator Argument(torch.Tensor[] value) => new(ValueKind.TensorList, value, count: value.Length);
    public static implicit operator Argument(long value) => new(ValueKind.Int, bits: value);
    public static implicit operator Argument(long? value) => value is { } known ? known : default(Argument);
    public static implicit operator Argument(double value) => new(ValueKind.Double, bits: BitConverter.DoubleToInt64Bits(value));
    public static implicit operator Argument(double? value) => value is { } known ? known : default(Argument);
    public static implicit operator Argument(bool value) => new(ValueKind.Bool, bits: value ? 1 : 0);
    public static implicit operator Argument(long[]? value) => value is null ? default : new(ValueKind.IntList, value, count: value.Length);
    public static implicit operator Argument(double[]? value) => value is null ? default : new(ValueKind.DoubleList, value, count: value.Length);
    public static implicit operator Argument(string? value) => value is null ? default : new(ValueKind.String, value, count: Encoding.UTF8.GetByteCount(value));
    public static implicit operator Argument(torch.ScalarType value) => (long)value;
    public static implicit operator Argument(torch.ScalarType? value) => value is { } known ? known : default(Argument);
    public static implicit operator Argument(torch.Device? value) => value is null ? default : new(ValueKind.Device, bits: value.index, count: (int)value.type);
    public static implicit operator Argument(torch.Generator? value) => value is null ? default : new(ValueKind.Generator, value);
    public static implicit operator Argument(Scalar value) => value.AsArgument();
    public static implicit operator Argument(Scalar? value) => value is { } known ? known.AsArgument() : default;

    /// <summary>How many 8-byte words of scratch memory the argument needs for its elements.</summary>
    public int Words => kind switch
    {
        ValueKind.TensorList or ValueKind.OptionalTensorList or ValueKind.IntList or ValueKind.DoubleList => count,
        ValueKind.String => (count + 7) / 8,
        _ => 0,
    };

    /// <summary>Writes the argument as the ABI wants it; elements of a list go to <paramref name="scratch"/>.</summary>
    public unsafe void Write(NativeValue* value, long* scratch)
    {
        value->Kind = kind;
        value->Count = count;
        switch (kind)
        {
            case ValueKind.Tensor:
                value->Pointer = Unsafe.As<torch.Tensor>(reference!).Handle;
                break;
            case ValueKind.TensorList or ValueKind.OptionalTensorList:
                var tensors = Unsafe.As<torch.Tensor?[]>(reference!);
                for (var k = 0; k < tensors.Length; k++)
                {
                    scratch[k] = tensors[k]?.Handle ?? 0;
                }
                value->Pointer = (nint)scratch;
                break;
            case ValueKind.IntList:
                Unsafe.As<long[]>(reference!).CopyTo(new Span<long>(scratch, count));
                value->Pointer = (nint)scratch;
                break;
            case ValueKind.DoubleList:
                Unsafe.As<double[]>(reference!).CopyTo(new Span<double>(scratch, count));
                value->Pointer = (nint)scratch;
                break;
            case ValueKind.String:
                Encoding.UTF8.GetBytes(Unsafe.As<string>(reference!), new Span<byte>(scratch, count));
                value->Pointer = (nint)scratch;
                break;
            case ValueKind.Generator:
                value->Pointer = Unsafe.As<torch.Generator>(reference!).Handle;
                break;
            default:
                value->Int = bits;
                break;
        }
    }

    /// <summary>Keeps the argument's object from being collected before this point.</summary>
    public void KeepAlive() => GC.KeepAlive(reference);
}
