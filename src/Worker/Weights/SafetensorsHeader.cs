using System.Text.Json;
using static TorchSharp.torch;

namespace NeuralCapacitance.Worker.Weights;

/// <summary>One tensor of a file.</summary>
/// <param name="Begin">First byte, counted from the end of the header.</param>
/// <param name="End">One past the last byte.</param>
public sealed record SafetensorsEntry(string Name, ScalarType Dtype, IReadOnlyList<long> Shape, long Begin, long End)
    : WeightsEntry(Name, Dtype, Shape)
{
    public long Length => End - Begin;
}

/// <summary>
/// The JSON at the start of a file (github.com/huggingface/safetensors, "Format"): tensor name → dtype, shape and byte range,
/// and string → string under <c>__metadata__</c>. As in the reference reader, the ranges must cover the data exactly:
/// no overlap, no hole, nothing after the last.
/// </summary>
/// <param name="Entries">In the order of their bytes.</param>
internal sealed record SafetensorsHeader(IReadOnlyList<SafetensorsEntry> Entries, IReadOnlyDictionary<string, string> Metadata)
{
    public const string MetadataKey = "__metadata__";

    private const string DtypeField = "dtype";
    private const string ShapeField = "shape";
    private const string OffsetsField = "data_offsets";

    /// <summary>The reference reader's limit on the header, in bytes.</summary>
    public const int MaximumLength = 100_000_000;

    /// <param name="path">Named in errors.</param>
    /// <param name="dataLength">Bytes that follow the header.</param>
    /// <exception cref="SafetensorsException">Any rule of the format is broken.</exception>
    public static SafetensorsHeader Parse(string path, ReadOnlySpan<byte> json, long dataLength)
    {
        try
        {
            return new Parser(path, json, dataLength).Parse();
        }
        // InvalidOperationException: text that is not valid UTF-8, or a lone surrogate.
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            throw new SafetensorsException(path, $"the header is not valid JSON: {e.Message}", e);
        }
    }

    /// <summary>UTF-8 JSON, padded with spaces so that the data starts at a multiple of 8.</summary>
    public byte[] Serialize()
    {
        using var buffer = new MemoryStream();
        using (var writer = new Utf8JsonWriter(buffer))
        {
            writer.WriteStartObject();
            if (Metadata.Count > 0)
            {
                writer.WriteStartObject(MetadataKey);
                foreach (var (key, value) in Metadata.OrderBy(m => m.Key, StringComparer.Ordinal))
                {
                    writer.WriteString(key, value);
                }
                writer.WriteEndObject();
            }
            foreach (var entry in Entries)
            {
                Write(writer, entry);
            }
            writer.WriteEndObject();
        }
        while (buffer.Length % 8 != 0)
        {
            buffer.WriteByte((byte)' ');
        }
        return buffer.ToArray();
    }

    private static void Write(Utf8JsonWriter writer, SafetensorsEntry entry)
    {
        writer.WriteStartObject(entry.Name);
        writer.WriteString(DtypeField, SafetensorsDtype.NameOf(entry.Dtype));
        writer.WriteStartArray(ShapeField);
        foreach (var size in entry.Shape)
        {
            writer.WriteNumberValue(size);
        }
        writer.WriteEndArray();
        writer.WriteStartArray(OffsetsField);
        writer.WriteNumberValue(entry.Begin);
        writer.WriteNumberValue(entry.End);
        writer.WriteEndArray();
        writer.WriteEndObject();
    }

    /// <summary>Reads forward only and keeps nothing but names, shapes and offsets.</summary>
    private ref struct Parser(string path, ReadOnlySpan<byte> json, long dataLength)
    {
        /// <summary>Bytes before the data: the header and its length.</summary>
        private readonly long headerLength = sizeof(ulong) + json.Length;
        private readonly List<long> integers = new(capacity: 8);
        private Utf8JsonReader reader = new(json);

        public SafetensorsHeader Parse()
        {
            var entries = new Dictionary<string, SafetensorsEntry>(StringComparer.Ordinal);
            Dictionary<string, string>? metadata = null;

            Expect(JsonTokenType.StartObject, "header");
            while (NextProperty() is { } name)
            {
                if (string.Equals(name, MetadataKey, StringComparison.Ordinal))
                {
                    if (metadata is not null)
                    {
                        throw Broken($"'{MetadataKey}' appears twice");
                    }
                    metadata = ReadMetadata();
                }
                else if (!entries.TryAdd(name, ReadEntry(name)))
                {
                    throw Broken($"tensor '{name}' appears twice");
                }
            }
            reader.Read(); // throws where anything but white space follows

            var ordered = new SafetensorsEntry[entries.Count];
            entries.Values.CopyTo(ordered, 0);
            Array.Sort(ordered, (a, b) => (a.Begin, a.End).CompareTo((b.Begin, b.End)));
            if (ordered.Length > 0 && ordered.Max(entry => entry.End) is var end && end > dataLength)
            {
                throw Broken(CutOff.After(headerLength + dataLength, (Int128)headerLength + end));
            }
            CheckCover(ordered);
            return new SafetensorsHeader(ordered, metadata ?? []);
        }

        private Dictionary<string, string> ReadMetadata()
        {
            var metadata = new Dictionary<string, string>(StringComparer.Ordinal);
            Expect(JsonTokenType.StartObject, MetadataKey);
            while (NextProperty() is { } key)
            {
                Expect(JsonTokenType.String, key);
                if (!metadata.TryAdd(key, reader.GetString()!))
                {
                    throw Broken($"'{MetadataKey}.{key}' appears twice");
                }
            }
            return metadata;
        }

        private SafetensorsEntry ReadEntry(string name)
        {
            ScalarType? dtype = null;
            long[]? shape = null;
            (long Begin, long End)? offsets = null;
            Expect(JsonTokenType.StartObject, name);
            while (NextField() is { } field)
            {
                switch (field)
                {
                    case DtypeField when dtype is null: dtype = ReadDtype(name); break;
                    case ShapeField when shape is null: shape = [.. ReadIntegers(name, field)]; break;
                    case OffsetsField when offsets is null: offsets = ReadOffsets(name, field); break;
                    case "": reader.Skip(); break;
                    default: throw Broken($"tensor '{name}' gives '{field}' twice");
                }
            }
            if (dtype is null || shape is null || offsets is null)
            {
                throw Broken($"tensor '{name}' lacks dtype, shape or data_offsets");
            }
            return Checked(new SafetensorsEntry(name, dtype.Value, shape, offsets.Value.Begin, offsets.Value.End));
        }

        private ScalarType ReadDtype(string name)
        {
            Expect(JsonTokenType.String, name);
            var text = reader.GetString()!;
            return SafetensorsDtype.TryParse(text, out var dtype)
                ? dtype
                : throw Broken($"tensor '{name}' has dtype '{text}'; accepted are {SafetensorsDtype.Accepted}");
        }

        private (long Begin, long End) ReadOffsets(string name, string key)
            => ReadIntegers(name, key) is [var begin, var end] ? (begin, end) : throw Broken($"the {key} of tensor '{name}' must be two numbers");

        /// <summary>Valid until the next call.</summary>
        private List<long> ReadIntegers(string name, string key)
        {
            integers.Clear();
            if (!reader.Read() || reader.TokenType != JsonTokenType.StartArray)
            {
                throw Broken($"the {key} of tensor '{name}' is not a JSON array");
            }
            while (reader.Read() && reader.TokenType != JsonTokenType.EndArray)
            {
                if (reader.TokenType != JsonTokenType.Number || !reader.TryGetInt64(out var value) || value < 0)
                {
                    throw Broken($"the {key} of tensor '{name}' must hold non-negative integers");
                }
                integers.Add(value);
            }
            return integers;
        }

        private readonly SafetensorsEntry Checked(SafetensorsEntry entry)
        {
            if (entry.Begin > entry.End)
            {
                throw Broken($"tensor '{entry.Name}' lies at bytes {entry.Begin} … {entry.End}");
            }
            // In 128 bits, so that no product wraps around.
            Int128 bytes = SafetensorsDtype.SizeOf(entry.Dtype);
            foreach (var size in entry.Shape)
            {
                bytes = size == 0 ? 0 : bytes * size;
                if (bytes > long.MaxValue)
                {
                    throw Broken($"tensor '{entry.Name}' has an impossible shape [{string.Join(", ", entry.Shape)}]");
                }
            }
            return bytes == entry.Length
                ? entry
                : throw Broken($"tensor '{entry.Name}' of shape [{string.Join(", ", entry.Shape)}] takes {bytes} bytes, not {entry.Length}");
        }

        private readonly void CheckCover(SafetensorsEntry[] ordered)
        {
            var position = 0L;
            foreach (var entry in ordered)
            {
                if (entry.Begin != position)
                {
                    throw Broken(entry.Begin < position
                        ? $"tensor '{entry.Name}' overlaps another one"
                        : $"bytes {position} … {entry.Begin} belong to no tensor");
                }
                position = entry.End;
            }
            if (position != dataLength)
            {
                throw Broken($"bytes {position} … {dataLength} belong to no tensor");
            }
        }

        /// <summary>Null at the end of the object.</summary>
        private string? NextProperty() => MoveToProperty() ? reader.GetString() : null;

        /// <summary>As <see cref="NextProperty"/>, but empty for a field that we do not know, and without a new string for one that we do.</summary>
        private string? NextField()
        {
            if (!MoveToProperty())
            {
                return null;
            }
            return reader.ValueTextEquals(DtypeField) ? DtypeField
                : reader.ValueTextEquals(ShapeField) ? ShapeField
                : reader.ValueTextEquals(OffsetsField) ? OffsetsField
                : "";
        }

        private bool MoveToProperty() => reader.Read() && reader.TokenType != JsonTokenType.EndObject;

        /// <param name="name">Of what should be such a token.</param>
        private void Expect(JsonTokenType token, string name)
        {
            if (!reader.Read() || reader.TokenType != token)
            {
                throw Broken($"'{name}' is, or holds, a {reader.TokenType} where a {token} belongs");
            }
        }

        private readonly SafetensorsException Broken(string reason) => new(path, reason);
    }
}
