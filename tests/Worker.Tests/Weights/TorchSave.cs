using System.Buffers.Binary;
using System.Text;
using static TorchSharp.torch;

namespace NeuralCapacitance.Worker.Tests.Weights;

/// <summary>An object that a pickle has a class make.</summary>
/// <param name="Class">Module and name, with a blank between them.</param>
internal sealed record Made(string Class, params object?[] Arguments)
{
    /// <summary>Its attributes.</summary>
    public object? State { get; init; }

    /// <summary>Made by <c>__new__</c>, as most objects are, and not by calling.</summary>
    public bool IsNew { get; init; }

    /// <summary>What is put into it, as into a dict.</summary>
    public Items? Items { get; init; }
}

/// <summary>A class itself, as a value.</summary>
internal sealed record Global(string Class);

/// <summary>A Python set.</summary>
internal sealed record PythonSet(params object?[] Members);

/// <summary>A Python dict, in its order.</summary>
internal sealed class Items : List<KeyValuePair<object, object?>>
{
    public object? this[object key]
    {
        set => Add(new(key, value));
    }

    /// <summary>A state_dict.</summary>
    public static Items Of(IEnumerable<KeyValuePair<string, Tensor>> tensors, Func<string, string>? rename = null)
    {
        var items = new Items();
        foreach (var (name, tensor) in tensors)
        {
            items[rename?.Invoke(name) ?? name] = tensor;
        }
        return items;
    }

    public Items With(params IEnumerable<KeyValuePair<string, object?>> more)
    {
        foreach (var (key, value) in more)
        {
            this[key] = value;
        }
        return this;
    }
}

/// <summary>Writes what <c>torch.save</c> would: protocol 2, a storage for each tensor.</summary>
internal sealed class TorchSave
{
    private readonly StringBuilder pickle = new("\u0080\u0002");
    private readonly List<byte[]> storages = [];
    private readonly Dictionary<Tensor, int> keys = new(ReferenceEqualityComparer.Instance);

    public static void Write(string path, object? value)
    {
        var writer = new TorchSave();
        writer.Add(value);
        writer.pickle.Append('.');
        File.Delete(path);
        PyTorchFiles.Write(path, PyTorchFiles.Bytes(writer.pickle.ToString()), writer.storages);
    }

    private void Add(object? value)
    {
        switch (value)
        {
            case null: pickle.Append('N'); break;
            case bool flag: pickle.Append(flag ? '\u0088' : '\u0089'); break;
            case int number: pickle.Append(PyTorchFiles.Whole(number)); break;
            case double number: Double(number); break;
            case string text: Text(text); break;
            case byte[] bytes: pickle.Append('C').Append((char)bytes.Length).Append(Encoding.Latin1.GetString(bytes)); break;
            case Items items: pickle.Append('}'); Put(items); break;
            case Tensor tensor: Tensor(tensor); break;
            case Global global: Class(global.Class); break;
            case PythonSet set: pickle.Append("\u008f("); Array.ForEach(set.Members, Add); pickle.Append('\u0090'); break;
            case Made made: Make(made); break;
            case object?[] tuple: pickle.Append('('); Array.ForEach(tuple, Add); pickle.Append('t'); break;
            case List<object?> list: pickle.Append("]("); list.ForEach(Add); pickle.Append('e'); break;
            default: throw new ArgumentException($"no way to pickle a {value.GetType()}", nameof(value));
        }
    }

    private void Put(Items items)
    {
        pickle.Append('(');
        foreach (var (key, value) in items)
        {
            Add(key);
            Add(value);
        }
        pickle.Append('u');
    }

    private void Make(Made made)
    {
        Class(made.Class);
        Add(made.Arguments);
        pickle.Append(made.IsNew ? '\u0081' : 'R');
        if (made.Items is not null)
        {
            Put(made.Items);
        }
        if (made.State is not null)
        {
            Add(made.State);
            pickle.Append('b');
        }
    }

    private void Class(string name) => pickle.Append('c').Append(name.Replace(' ', '\n')).Append('\n');

    private void Text(string text)
    {
        var bytes = Encoding.UTF8.GetBytes(text);
        pickle.Append('X').Append((char)(bytes.Length & 255)).Append((char)(bytes.Length >> 8)).Append("\0\0").Append(Encoding.Latin1.GetString(bytes));
    }

    private void Double(double number)
    {
        Span<byte> bytes = stackalloc byte[sizeof(double)];
        BinaryPrimitives.WriteDoubleBigEndian(bytes, number);
        pickle.Append('G').Append(Encoding.Latin1.GetString(bytes));
    }

    private void Tensor(Tensor tensor)
    {
        if (!keys.TryGetValue(tensor, out var key))
        {
            using var whole = tensor.detach().cpu().contiguous();
            keys[tensor] = key = storages.Count;
            storages.Add(whole.numel() == 0 ? [] : whole.bytes.ToArray());
        }
        var storage = tensor.dtype switch
        {
            ScalarType.Float32 => "FloatStorage", ScalarType.Float64 => "DoubleStorage", ScalarType.Float16 => "HalfStorage", ScalarType.BFloat16 => "BFloat16Storage",
            ScalarType.Int64 => "LongStorage", ScalarType.Byte => "ByteStorage", ScalarType.ComplexFloat32 => "ComplexFloatStorage",
            var other => throw new ArgumentException($"no storage of {other}", nameof(tensor)),
        };
        Class("torch._utils _rebuild_tensor_v2");
        pickle.Append("((");
        Text("storage");
        Class($"torch {storage}");
        Text($"{key}");
        Text("cuda:0");
        Add((int)tensor.numel());
        pickle.Append("tQK\0");
        Add(tensor.shape.Select(size => (object?)(int)size).ToArray());
        Add(tensor.stride().Select(step => (object?)(int)step).ToArray());
        Add(false);
        Make(new Made("collections OrderedDict"));
        pickle.Append("tR");
    }
}
