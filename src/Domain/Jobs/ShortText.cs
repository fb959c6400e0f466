using System.Runtime.InteropServices;
using System.Text;
using System.Text.Json;

namespace NeuralCapacitance.Domain.Jobs;

/// <summary>What a client sent, cut to what a message can show: an answer is never much longer than its question.</summary>
internal static class ShortText
{
    /// <summary>At most so many characters, the last of them an ellipsis where any are missing. Never half a character.</summary>
    public static string Of(string text, int most)
    {
        if (text.Length <= most) return text;
        var end = most - 1;
        return string.Concat(text.AsSpan(0, char.IsHighSurrogate(text[end - 1]) ? end - 1 : end), "…");
    }

    /// <summary>The JSON itself. No more of it is read than is shown.</summary>
    public static string Of(JsonElement value, int most)
    {
        const int MostBytesOfOne = 4;
        var bytes = JsonMarshal.GetRawUtf8Value(value);
        return Of(Encoding.UTF8.GetString(bytes[..Math.Min(bytes.Length, MostBytesOfOne * (most + 1))]), most);
    }
}
