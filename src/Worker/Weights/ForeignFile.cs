using System.Text;
using System.Text.Unicode;
using NeuralCapacitance.Worker.Weights.PyTorch;

namespace NeuralCapacitance.Worker.Weights;

/// <summary>Names what people take for a file of weights, by how it begins, with the way to one.</summary>
internal static class ForeignFile
{
    /// <summary>Bytes of the beginning that tell.</summary>
    public const int HeadLength = 4096;

    private const int TarMarkAt = 257;

    private const string Accepted = "accepted are safetensors, what torch.save wrote, and an .h5 of Keras";

    private static readonly (byte[] Mark, string What)[] Marks =
    [
        ([0xff, 0xd8, 0xff], $"it is a JPEG image; {Accepted}"),
        ([0x89, (byte)'P', (byte)'N', (byte)'G'], $"it is a PNG image; {Accepted}"),
        ("GIF8"u8.ToArray(), $"it is a GIF image; {Accepted}"),
        ("%PDF"u8.ToArray(), $"it is a PDF document; {Accepted}"),
        ([0x1f, 0x8b], "it is compressed by gzip; unpack it first: gunzip"),
        ("BZh"u8.ToArray(), "it is compressed by bzip2; unpack it first: bunzip2"),
        ([0xfd, (byte)'7', (byte)'z', (byte)'X', (byte)'Z'], "it is compressed by xz; unpack it first: unxz"),
        ([0x28, 0xb5, 0x2f, 0xfd], "it is compressed by zstd; unpack it first: unzstd"),
        ([(byte)'7', (byte)'z', 0xbc, 0xaf], "it is a 7z archive; unpack it first"),
        ("Rar!"u8.ToArray(), "it is a RAR archive; unpack it first"),
        ([0x93, (byte)'N', (byte)'U', (byte)'M', (byte)'P', (byte)'Y'], $"it is an array of NumPy (.npy); {Accepted}"),
        ("GGUF"u8.ToArray(), $"it is a GGUF model of llama.cpp; {Accepted}"),
        ("PK\x05\x06"u8.ToArray(), "it is an empty zip archive"),
    ];

    /// <param name="head">The first bytes, up to <see cref="HeadLength"/>.</param>
    /// <param name="length">Of the whole file.</param>
    /// <returns>What it is and what to do, without a full stop; null: nothing known.</returns>
    public static string? Describe(ReadOnlySpan<byte> head, long length)
    {
        if (length == 0)
        {
            return "it is empty: nothing was downloaded or copied into it; fetch it again";
        }
        foreach (var (mark, what) in Marks)
        {
            if (head.StartsWith(mark))
            {
                return what;
            }
        }
        if (!head.ContainsAnyExcept((byte)0))
        {
            return $"its first {head.Length} bytes are zeros: a download that broke off, or a copy that failed; fetch it again";
        }
        if (head.Length > TarMarkAt + 5 && head[TarMarkAt..].StartsWith("ustar"u8))
        {
            return $"it is a tar archive, such as PyTorch wrote before version 0.1.10; {PyTorchReader.SaveAnew}";
        }
        if (head.Length > 8 && head[4..].StartsWith("TFL3"u8))
        {
            return $"it is a TensorFlow Lite model; {Accepted}";
        }
        return OfText(head) ?? OfNet(head) ?? OfPickle(head);
    }

    private static string? OfText(ReadOnlySpan<byte> head)
    {
        const int Shown = 60;
        if (!Utf8.IsValid(head.Length < HeadLength ? head : head[..^4]) || head.ContainsAnyInRange<byte>(0, 8) || head.ContainsAnyInRange<byte>(14, 31))
        {
            return null;
        }
        var text = Encoding.UTF8.GetString(head).TrimStart('\ufeff', ' ', '\r', '\n', '\t');
        if (text.StartsWith("version https://git-lfs", StringComparison.Ordinal))
        {
            return $"it is a Git LFS pointer, not the file itself{SizeIn(text)}; run: git lfs pull";
        }
        if (text.StartsWith("<!doctype html", StringComparison.OrdinalIgnoreCase) || text.StartsWith("<html", StringComparison.OrdinalIgnoreCase))
        {
            return "it is a web page: the address led to a page about the file, or to one that asks to log in; download the file itself";
        }
        if (text.StartsWith("<?xml", StringComparison.Ordinal))
        {
            return "it is an XML text, such as a server answers with where it refuses a download; download the file itself";
        }
        if (text.Contains("\"weight_map\"", StringComparison.Ordinal))
        {
            return "it is the index of weights that lie in several files (…-00001-of-…); a single file is read: load it in Python and save it with safetensors.torch.save_file(model.state_dict(), 'out.safetensors')";
        }
        var line = text.Split('\n')[0].TrimEnd();
        return text.Length == 0 ? "it holds nothing but white space" : $"it is a text that begins with '{(line.Length > Shown ? $"{line[..Shown]}…" : line)}'; {Accepted}";
    }

    private static string SizeIn(string pointer)
        => pointer.Split('\n').FirstOrDefault(line => line.StartsWith("size ", StringComparison.Ordinal)) is { } size ? $", which has {size[5..].Trim()} bytes" : "";

    /// <summary>What TorchSharp's <c>Module.save</c> writes: how many tensors, then the first one's name, element type and dimensions.</summary>
    private static string? OfNet(ReadOnlySpan<byte> head)
    {
        const int MostTensors = 1 << 20;
        const int LongestName = 300;
        const int HighestType = 15;
        const int MostDimensions = 8;
        var at = 0;
        if (Number(head, ref at) is not (> 0 and < MostTensors) || Number(head, ref at) is not (> 0 and < LongestName and { } length) || at + length >= head.Length)
        {
            return null;
        }
        var name = head.Slice(at, (int)length);
        at += (int)length;
        return !name.ContainsAnyExceptInRange<byte>(33, 126) && Number(head, ref at) is <= HighestType && Number(head, ref at) is <= MostDimensions
            ? "it is TorchSharp's own format, of Module.save; write the state_dict as safetensors (TorchSharp.PyBridge: model.save_safetensors(\"out.safetensors\")), or with torch.save in Python"
            : null;
    }

    /// <summary>LEB128.</summary>
    private static long? Number(ReadOnlySpan<byte> bytes, ref int at)
    {
        var number = 0L;
        for (var shift = 0; shift < 63 && at < bytes.Length; shift += 7)
        {
            var part = bytes[at++];
            number |= (long)(part & 0x7f) << shift;
            if (part < 0x80)
            {
                return number;
            }
        }
        return null;
    }

    private static string? OfPickle(ReadOnlySpan<byte> head)
        => head is [0x80, >= 2 and <= 5, ..] ? $"it is a pickle that torch.save did not write; {PyTorchReader.SaveWeights}" : null;
}
