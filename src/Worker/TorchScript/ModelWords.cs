using System.Text;

namespace NeuralCapacitance.Worker.TorchScript;

/// <summary>Text that a model of a user's own may have written: it is told on one line, cut, and marked as the model's.</summary>
internal static class ModelWords
{
    private const int MostCharacters = 300;

    /// <summary>Of an error's message: what it was about stands in the last line that names an error, or in the first. libtorch's are pages long.</summary>
    public static string Quote(string message)
    {
        var lines = message.Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
        var telling = Array.FindLast(lines, line => line.Split(' ')[0].EndsWith("Error:", StringComparison.Ordinal)) ?? lines.FirstOrDefault("");
        return $"in the model's own words “{OneLine(telling, MostCharacters)}”.";
    }

    /// <summary>Without line breaks and other control characters, no longer than so many.</summary>
    public static string OneLine(string text, int most)
    {
        var line = new StringBuilder();
        foreach (var rune in text.EnumerateRunes())
        {
            if (line.Length + rune.Utf16SequenceLength > most) return line.Append('…').ToString();
            // U+2028, U+2029, and what turns the direction of text around, are no control characters by category.
            line.Append(Rune.IsControl(rune) || Rune.GetUnicodeCategory(rune) is System.Globalization.UnicodeCategory.Format
                or System.Globalization.UnicodeCategory.LineSeparator or System.Globalization.UnicodeCategory.ParagraphSeparator ? " " : rune.ToString());
        }
        return line.ToString();
    }
}
