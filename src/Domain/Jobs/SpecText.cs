using System.Text;
using System.Text.Json;
using System.Text.Unicode;

namespace NeuralCapacitance.Domain.Jobs;

/// <summary>What a text lacks to be JSON, in words that mean something to whoever wrote it.</summary>
/// <param name="Where"><c>Line 10, column 3</c>, both from 1; empty where the whole text is meant.</param>
/// <param name="What">And what to do about it; without a full stop.</param>
public sealed record TextFault(string Where, string What)
{
    public override string ToString() => Where.Length == 0 ? What : $"{Where}: {What}";
}

/// <summary>The bytes of a job spec as text, and whether that is JSON.</summary>
public static class SpecText
{
    private const int Deepest = 64;

    /// <summary>Characters of it that a message shows.</summary>
    private const int LongestWord = 100;

    private static readonly (string Word, string Json)[] Foreign = [("True", "true"), ("False", "false"), ("None", "null"), ("TRUE", "true"), ("FALSE", "false"), ("NULL", "null"), ("Null", "null"), ("nil", "null")];

    /// <summary>UTF-8, a byte order mark skipped.</summary>
    /// <param name="text">Empty where there is a fault.</param>
    /// <returns>Null: it is UTF-8.</returns>
    public static TextFault? Decode(ReadOnlySpan<byte> bytes, out string text)
    {
        text = "";
        if (bytes is [0xff, 0xfe, ..] or [0xfe, 0xff, ..] or [0, not 0, ..] or [not 0, 0, ..] or [0, 0, ..])
            return new("", $"the text is {(bytes is [0xff, 0xfe, 0, 0, ..] or [0, 0, ..] ? "UTF-32" : "UTF-16")}, as some editors and PowerShell save it; save it as UTF-8");
        if (bytes.StartsWith((ReadOnlySpan<byte>)[0x1f, 0x8b])) return new("", "the body is compressed by gzip; send it as it is");
        bytes = bytes.StartsWith("\ufeff"u8) ? bytes[3..] : bytes;
        if (!Utf8.IsValid(bytes))
        {
            var at = 0;
            while (Rune.DecodeFromUtf8(bytes[at..], out _, out var length) == System.Buffers.OperationStatus.Done) at += length;
            return new(PlaceOf(bytes, at), $"byte 0x{bytes[at]:x2} is no UTF-8: the text is in Latin-1 or Windows-1252, perhaps; save it as UTF-8");
        }
        text = Encoding.UTF8.GetString(bytes);
        return null;
    }

    /// <returns>Null: it is JSON.</returns>
    public static TextFault? FaultIn(string text)
    {
        try
        {
            using var document = JsonDocument.Parse(text);
            return null;
        }
        catch (JsonException e)
        {
            var bytes = Encoding.UTF8.GetBytes(text);
            return Explain(bytes, OffsetOf(bytes, e.LineNumber ?? 0, e.BytePositionInLine ?? 0));
        }
        catch (ArgumentException)
        {
            return new("", "the text holds half a surrogate pair (\\uD800 … \\uDFFF alone)");
        }
    }

    private static TextFault Explain(byte[] bytes, int at)
    {
        var first = Array.FindIndex(bytes, b => !IsSpace(b));
        if (first < 0) return new("", "the text is empty");
        at = Math.Max(at, first);
        if (bytes[first] is not ((byte)'{' or (byte)'[' or (byte)'"' or (byte)'/' or (byte)'#') && bytes.AsSpan(first, at - first).IndexOfAny(" \t\r\n"u8) < 0) return new(PlaceOf(bytes, first), OfBeginning(bytes, first));
        if (at >= bytes.Length) return new(PlaceOf(bytes, bytes.Length), "the text ends here, before the JSON does: a closing } or ] or \" is missing, or it was cut off");
        var before = Before(bytes, at);
        var closes = bytes[at] is (byte)']' or (byte)'}' && before >= 0 && bytes[before] == ',';
        // What is to be deleted stands before what the reader trips over.
        var place = PlaceOf(bytes, closes ? before : at);
        if (IsDeep(bytes.AsSpan(0, at))) return new(place, $"lists and objects are nested deeper than {Deepest} levels");
        return new(place, Explain(bytes, at, before < 0 ? (byte)0 : bytes[before]));
    }

    private static string Explain(byte[] bytes, int at, byte before)
    {
        var rest = Encoding.UTF8.GetString(bytes.AsSpan(at, Math.Min(40, bytes.Length - at)));
        if (at > 0 && bytes[at - 1] == '\\') return "a backslash in a text is written twice, \\\\ (in paths, / does as well)";
        if (rest[0] is '/' && rest.Length > 1 && rest[1] is '/' or '*' || rest[0] is '#') return "a comment; JSON has none, so delete it";
        if (rest[0] is ']' or '}' && before == ',') return $"a comma before the closing {rest[0]}; JSON has none there, so delete it";
        if (rest[0] is '\'' or '‘' or '’' or '“' or '”' or '«' or '`') return $"a text in {rest[0]}; JSON takes \" on both sides";
        if (char.IsControl(rest[0])) return "a line break or another control character inside a text, or a closing \" is missing; a line break is written \\n";
        if (IsWhole(bytes.AsSpan(0, at))) return "something follows after the end of the JSON; send one object, and nothing else";
        if (char.IsLetter(rest[0]) || rest[0] is '_' or '$') return OfWord(bytes, at, before);
        if (rest[0] is '+' || (rest[0] is '.' && !char.IsDigit((char)before))) return $"a number that begins with {rest[0]}; write 1 or 0.5";
        if (before == '0' && char.IsDigit(rest[0])) return "a number that begins with 0; write 1, not 01";
        if (rest[0] is ',') return "a comma where none belongs";
        if (rest[0] is ':') return "a colon where none belongs";
        if (rest[0] is '=' or ';') return $"'{rest[0]}' where a colon or a comma belongs";
        return rest[0] is '"' or '{' or '[' || char.IsDigit(rest[0])
            ? "a comma is missing before this, or a colon"
            : $"'{rest[..(char.IsHighSurrogate(rest[0]) && rest.Length > 1 ? 2 : 1)]}' is not expected here";
    }

    private static string OfBeginning(byte[] bytes, int first)
    {
        const int Shown = 40;
        if (bytes[first] == '<') return "the text is a web page or XML, and no JSON";
        if (bytes[first] is (byte)'\'') return "a text in '; JSON takes \" on both sides";
        var line = Encoding.UTF8.GetString(bytes.AsSpan(first)).Split('\n')[0].TrimEnd();
        return $"the text begins with '{(line.Length > Shown ? $"{line[..Shown]}…" : line)}', and no JSON begins so; an object begins with {{";
    }

    private static string OfWord(byte[] bytes, int at, byte before)
    {
        var begin = at;
        while (begin > 0 && IsWordPart(bytes[begin - 1])) begin--;
        var end = at;
        while (end < bytes.Length && IsWordPart(bytes[end])) end++;
        var word = ShortText.Of(Encoding.UTF8.GetString(bytes.AsSpan(begin, end - begin)), LongestWord);
        if (Array.Find(Foreign, foreign => string.Equals(foreign.Word, word, StringComparison.Ordinal)).Json is { } json) return $"'{word}'; JSON writes it {json}";
        if (word is "NaN" or "nan" or "Infinity" or "inf" or "undefined") return $"'{word}' is no number of JSON; leave the field out, or write null";
        return before is (byte)'{' or (byte)',' ? $"the name '{word}' without quotes; write \"{word}\"" : $"the word '{word}' without quotes, or a comma is missing before it; a text stands in \"";
    }

    private static bool IsWordPart(byte b) => b is (byte)'_' or (byte)'-' or (byte)'.' or (byte)'$' || char.IsAsciiLetterOrDigit((char)b);

    private static bool IsSpace(byte b) => b is (byte)' ' or (byte)'\t' or (byte)'\r' or (byte)'\n';

    /// <summary>Where the last byte is that is no white space; −1: there is none.</summary>
    private static int Before(byte[] bytes, int at)
    {
        do at--;
        while (at >= 0 && IsSpace(bytes[at]));
        return at;
    }

    private static bool IsDeep(ReadOnlySpan<byte> bytes)
    {
        var depth = 0;
        foreach (var b in bytes) depth += b is (byte)'[' or (byte)'{' ? 1 : b is (byte)']' or (byte)'}' ? -1 : 0;
        return depth >= Deepest;
    }

    private static bool IsWhole(ReadOnlySpan<byte> bytes)
    {
        try
        {
            var reader = new Utf8JsonReader(bytes);
            return JsonDocument.TryParseValue(ref reader, out var document) && Disposed(document);
        }
        catch (JsonException)
        {
            return false;
        }
    }

    private static bool Disposed(JsonDocument document)
    {
        document.Dispose();
        return true;
    }

    private static int OffsetOf(byte[] bytes, long line, long column)
    {
        var begin = 0;
        for (; line > 0; line--) begin = Array.IndexOf(bytes, (byte)'\n', begin) + 1;
        return (int)Math.Min(begin + column, bytes.Length);
    }

    private static string PlaceOf(ReadOnlySpan<byte> bytes, int at)
    {
        var before = bytes[..at];
        var line = before.Count((byte)'\n') + 1;
        return $"Line {line}, column {Encoding.UTF8.GetCharCount(before[(before.LastIndexOf((byte)'\n') + 1)..]) + 1}";
    }
}
