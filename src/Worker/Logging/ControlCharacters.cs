using System.Globalization;
using System.Text;

namespace NeuralCapacitance.Worker.Logging;

/// <summary>Characters that would begin a line of their own, or make a terminal do things. What users name may hold any of them.</summary>
internal static class ControlCharacters
{
    /// <summary>With escapes in their place, as <c>\n</c> or <c>\u001B</c>.</summary>
    public static string Escape(string text)
    {
        if (!text.Any(IsOne)) return text;
        var escaped = new StringBuilder(text.Length + 16);
        foreach (var c in text)
        {
            if (IsOne(c)) escaped.Append(Of(c));
            else escaped.Append(c);
        }
        return escaped.ToString();
    }

    /// <summary>Those that format text (which can turn the reading direction) among them.</summary>
    private static bool IsOne(char c) => char.GetUnicodeCategory(c) is UnicodeCategory.Control or UnicodeCategory.LineSeparator or UnicodeCategory.ParagraphSeparator or UnicodeCategory.Format;

    private static string Of(char c) => c switch
    {
        '\n' => @"\n",
        '\r' => @"\r",
        '\t' => @"\t",
        _ => $"\\u{(int)c:X4}",
    };
}
