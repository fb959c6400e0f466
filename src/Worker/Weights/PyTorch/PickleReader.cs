using System.Buffers.Binary;
using System.Numerics;
using System.Text;

namespace NeuralCapacitance.Worker.Weights.PyTorch;

/// <summary>
/// Reads a pickle of plain values (Python's pickletools.py describes the opcodes) as null, bool, long, <see cref="BigInteger"/>, double, string,
/// object?[] for tuples, List, <see cref="PickleDict"/>, and references to tensors. What a checkpoint may hold besides (bytes, sets, objects of unknown classes)
/// becomes an <see cref="OpaqueValue"/>. Takes time in proportion to the bytes.
/// </summary>
internal sealed class PickleReader(ByteReader bytes, Allowance allowance)
{
    private const int HighestProtocol = 5;

    /// <summary>Of a text; names of tensors are much shorter.</summary>
    private const int LongestText = 1 << 20;

    /// <summary>What any value costs on the stack.</summary>
    private const int Slot = 32;

    private const int DictCost = 120;
    private const int ItemCost = 48;

    private static readonly UTF8Encoding Utf8 = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    private readonly List<object?> stack = [];
    private readonly List<int> marks = [];
    private readonly Dictionary<uint, object?> memo = [];
    private readonly Dictionary<string, (StorageType Type, long Count)> storages = new(StringComparer.Ordinal);

    /// <summary>Type and elements of every storage that any pickle so far refers to, by its key.</summary>
    public IReadOnlyDictionary<string, (StorageType Type, long Count)> Storages => storages;

    /// <summary>The value of the pickle that begins at the current byte.</summary>
    /// <exception cref="InvalidDataException">It is damaged, or holds what is not read.</exception>
    public object? Read()
    {
        stack.Clear();
        marks.Clear();
        memo.Clear();
        while (true)
        {
            allowance.Charge(Slot);
            var opcode = bytes.ReadByte();
            if (opcode == '.')
            {
                return stack.Count == 1 ? stack[0] : throw Broken("it ends with other than one value");
            }
            Execute(opcode);
        }
    }

    private void Execute(byte opcode)
    {
        switch (opcode)
        {
            case 0x80: CheckProtocol(bytes.ReadByte()); break;
            case 0x95: bytes.ReadInt64(); break; // a frame: a hint to readers
            case (byte)'(': marks.Add(stack.Count); break;

            case (byte)'N': stack.Add(null); break;
            case 0x88: stack.Add(true); break;
            case 0x89: stack.Add(false); break;
            case (byte)'K': stack.Add((long)bytes.ReadByte()); break;
            case (byte)'M': stack.Add((long)bytes.ReadUInt16()); break;
            case (byte)'J': stack.Add((long)(int)bytes.ReadUInt32()); break;
            case 0x8a: stack.Add(ReadLong(bytes.ReadByte())); break;
            case (byte)'G': stack.Add(BitConverter.Int64BitsToDouble(BinaryPrimitives.ReverseEndianness(bytes.ReadInt64()))); break;
            case 0x8b: Skip(bytes.ReadUInt32(), "int"); break;
            case (byte)'X': stack.Add(ReadText(bytes.ReadUInt32())); break;
            case 0x8c: stack.Add(ReadText(bytes.ReadByte())); break;
            case 0x8d: stack.Add(ReadText(Length(bytes.ReadInt64()))); break;
            // Texts of Python 2, which may be bytes.
            case (byte)'T': stack.Add(ReadOldText(bytes.ReadUInt32())); break;
            case (byte)'U': stack.Add(ReadOldText(bytes.ReadByte())); break;
            case (byte)'B': Skip(bytes.ReadUInt32(), "bytes"); break;
            case (byte)'C': Skip(bytes.ReadByte(), "bytes"); break;
            case 0x8e: Skip(Length(bytes.ReadInt64()), "bytes"); break;
            case 0x96: Skip(Length(bytes.ReadInt64()), "bytearray"); break;

            case (byte)')': stack.Add(Array.Empty<object?>()); break;
            case 0x85 or 0x86 or 0x87: stack.Add(PopLast(opcode - 0x84)); break;
            case (byte)'t': stack.Add(PopMarked()); break;
            case (byte)']': allowance.Charge(Slot); stack.Add(new List<object?>()); break;
            case (byte)'a': Append(PopLast(1)); break;
            case (byte)'e': Append(PopMarked()); break;
            case (byte)'}': allowance.Charge(DictCost); stack.Add(new PickleDict()); break;
            case (byte)'s': SetItems(PopLast(2)); break;
            case (byte)'u': SetItems(PopMarked()); break;

            case 0x8f: stack.Add(new OpaqueValue("set")); break;
            case 0x90: PopMarked(); Peek(); break;
            case 0x91: PopMarked(); stack.Add(new OpaqueValue("frozenset")); break;

            case (byte)'0': PopTop(); break;
            case (byte)'1': PopMarked(); break;
            case (byte)'2': stack.Add(Peek()); break;

            case (byte)'q': Memorize(bytes.ReadByte()); break;
            case (byte)'r': Memorize(bytes.ReadUInt32()); break;
            case 0x94: Memorize((uint)memo.Count); break;
            case (byte)'h': Recall(bytes.ReadByte()); break;
            case (byte)'j': Recall(bytes.ReadUInt32()); break;

            case (byte)'c': stack.Add(PickleGlobals.Find(ReadLine(), ReadLine())); break;
            case 0x93: FindGlobal(PopLast(2)); break;
            case (byte)'R': Call(PopLast(2)); break;
            case 0x81: Instantiate(PopLast(2)); break;
            case 0x92: Instantiate(PopLast(3)); break;
            case (byte)'o': Instantiate(PopMarked()); break;
            case (byte)'i': PopMarked(); Instantiate([PickleGlobals.Find(ReadLine(), ReadLine())]); break;
            case (byte)'b': Build(PopLast(2)); break;
            case (byte)'Q': stack.Add(StorageOf(Pop())); break;

            default: throw Broken($"opcode 0x{opcode:x2} is not read");
        }
    }

    private static void CheckProtocol(byte protocol)
    {
        if (protocol > HighestProtocol)
        {
            throw new InvalidDataException($"its pickle has protocol {protocol}; 2 … {HighestProtocol} are read");
        }
    }

    /// <summary>Two's complement, little-endian.</summary>
    private object ReadLong(byte count)
    {
        Span<byte> digits = stackalloc byte[count];
        bytes.Read(digits);
        var value = new BigInteger(digits);
        return value >= long.MinValue && value <= long.MaxValue ? (object)(long)value : value;
    }

    private string ReadText(uint length)
    {
        if (length > LongestText)
        {
            throw Broken($"a text of {length} bytes; at most {LongestText} are read");
        }
        bytes.Require(length);
        allowance.Charge(3L * length);
        var text = new byte[length];
        bytes.Read(text);
        try
        {
            return Utf8.GetString(text);
        }
        catch (DecoderFallbackException)
        {
            throw Broken("a text is no UTF-8");
        }
    }

    private object ReadOldText(uint length)
    {
        bytes.Require(length);
        allowance.Charge(3L * length);
        var text = new byte[length];
        bytes.Read(text);
        return System.Text.Unicode.Utf8.IsValid(text) ? Utf8.GetString(text) : new OpaqueValue("str");
    }

    private uint Length(long length) => length is >= 0 and <= uint.MaxValue ? (uint)length : throw Broken($"a length of {length} bytes");

    /// <summary>A value that nobody needs, such as the bytes of a numpy array.</summary>
    private void Skip(uint length, string kind)
    {
        bytes.Skip(length);
        stack.Add(new OpaqueValue(kind));
    }

    private string ReadLine()
    {
        const int longest = 256;
        var line = new StringBuilder();
        for (var character = bytes.ReadByte(); character != '\n'; character = bytes.ReadByte())
        {
            if (line.Length == longest)
            {
                throw Broken($"a name of more than {longest} characters");
            }
            line.Append((char)character);
        }
        allowance.Charge(longest);
        return line.ToString();
    }

    private void FindGlobal(object?[] name)
    {
        if (name is not [string module, string member])
        {
            throw Broken("a name that is no text");
        }
        allowance.Charge(DictCost + (2L * (module.Length + member.Length)));
        stack.Add(PickleGlobals.Find(module, member));
    }

    private void Call(object?[] call)
    {
        allowance.Charge(DictCost);
        stack.Add(call switch
        {
            [PickleGlobals.Function function, object?[] arguments] => function(arguments, allowance),
            [OpaqueGlobal or OpaqueValue or StorageType, object?[]] => Opaque(call[0]!),
            _ => throw Broken("a call of what is no function"),
        });
    }

    /// <summary>An object of a class, which is what matters, with what it is made of.</summary>
    private void Instantiate(object?[] call)
    {
        allowance.Charge(DictCost);
        stack.Add(call switch
        {
            [PickleGlobals.Function function, object?[] arguments] => function(arguments, allowance),
            [OpaqueGlobal or OpaqueValue or StorageType or PickleGlobals.Function, ..] => Opaque(call[0]!),
            _ => throw Broken("an object of what is no class"),
        });
    }

    private static OpaqueValue Opaque(object made) => new(made switch { OpaqueGlobal global => global.Name, OpaqueValue value => value.Class, StorageType type => $"torch.{type.Name}", _ => "object" });

    /// <summary>The state of a dict's or tensor's other attributes (<c>_metadata</c>, hooks), none of which we need.</summary>
    private void Build(object?[] build)
    {
        if (build[0] is OpaqueValue value)
        {
            value.SetState(build[1]);
        }
        stack.Add(build[0] is PickleDict or TensorReference or OpaqueValue ? build[0] : throw Broken("a state of what has none"));
    }

    /// <summary><c>('storage', type, key, device, count)</c>, and in files from before version 1.6 a view of it: <c>(key, offset, count)</c> or None.</summary>
    private object StorageOf(object? id)
    {
        allowance.Charge(DictCost);
        switch (id)
        {
            // Before version 1.6, with the class of a whole model: its source.
            case object?[] and ["module", OpaqueGlobal or PickleGlobals.Function, ..]: return ((object?[])id)[1]!;
            case object?[] and ["storage", OpaqueGlobal unknown, string, string, long, ..]: return new OpaqueValue(unknown.Name);
        }
        if (id is not object?[] parts || parts is not ["storage", StorageType type, string key, string, long count, ..] || count < 0)
        {
            throw Broken("a reference to something that is no storage");
        }
        if (!storages.TryAdd(key, (type, count)) && storages[key] != (type, count))
        {
            throw Broken($"storage '{key}' has two types, or two sizes");
        }
        return parts.Length switch
        {
            5 => new StorageReference(type, key, count, 0, count),
            6 when parts[5] is null => new StorageReference(type, key, count, 0, count),
            6 when parts[5] is object?[] and [string, long begin and >= 0, long length and >= 0] && begin <= count && length <= count - begin
                => new StorageReference(type, key, count, begin, length),
            _ => throw Broken($"a reference to storage '{key}' that is not understood"),
        };
    }

    private void Append(object?[] values)
    {
        switch (Peek())
        {
            case List<object?> list: list.AddRange(values); break;
            case OpaqueValue: break;
            default: throw Broken("an item for what is no list");
        }
    }

    private void SetItems(object?[] values)
    {
        if (Peek() is not (PickleDict or OpaqueValue) || values.Length % 2 != 0)
        {
            throw Broken("an item for what is no dict");
        }
        for (var i = 0; i < values.Length; i += 2)
        {
            allowance.Charge(ItemCost);
            if (Peek() is PickleDict dict) dict.Add(values[i], values[i + 1]);
            else ((OpaqueValue)Peek()!).Add(values[i], values[i + 1]);
        }
    }

    private void Memorize(uint index)
    {
        allowance.Charge(ItemCost);
        memo[index] = Peek();
    }

    private void Recall(uint index) => stack.Add(memo.TryGetValue(index, out var value) ? value : throw Broken($"it recalls value {index}, which there is not"));

    private object? Peek() => stack.Count > Floor ? stack[^1] : throw Broken("it takes a value where there is none");

    private object? Pop()
    {
        var value = Peek();
        stack.RemoveAt(stack.Count - 1);
        return value;
    }

    /// <summary>A value, or a mark where the last value is behind one.</summary>
    private void PopTop()
    {
        if (marks.Count > 0 && marks[^1] == stack.Count) marks.RemoveAt(marks.Count - 1);
        else Pop();
    }

    private object?[] PopLast(int count)
    {
        if (stack.Count - Floor < count)
        {
            throw Broken("it takes a value where there is none");
        }
        return PopFrom(stack.Count - count);
    }

    private object?[] PopMarked()
    {
        if (marks.Count == 0)
        {
            throw Broken("it takes values where none begin");
        }
        var begin = marks[^1];
        marks.RemoveAt(marks.Count - 1);
        return PopFrom(begin);
    }

    private object?[] PopFrom(int begin)
    {
        allowance.Charge(Slot + (8L * (stack.Count - begin)));
        var values = stack.GetRange(begin, stack.Count - begin).ToArray();
        stack.RemoveRange(begin, stack.Count - begin);
        return values;
    }

    /// <summary>Values below the last mark belong to what is being collected outside it.</summary>
    private int Floor => marks.Count == 0 ? 0 : marks[^1];

    private InvalidDataException Broken(string reason) => new($"its pickle is damaged, or none of a state_dict, before byte {bytes.Position}: {reason}");
}
