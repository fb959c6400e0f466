using System.Text;

namespace NeuralCapacitance.Infrastructure.Webhooks;

/// <summary>What a receiver has said, fit to be kept and shown.</summary>
internal static class AnswerText
{
    public const int MostBytes = 1_024;

    private const int MostCharacters = 200;

    /// <summary>One line, cut, without control characters and without halves of characters.</summary>
    public static string Of(string text)
    {
        var kept = new StringBuilder();
        foreach (var rune in text.EnumerateRunes())
        {
            if (kept.Length >= MostCharacters) return kept.Append('…').ToString();
            // Line separators and marks that turn the direction of text are no less misleading than control characters.
            var isPlain = !Rune.IsControl(rune) && Rune.GetUnicodeCategory(rune) is not (System.Globalization.UnicodeCategory.Format
                or System.Globalization.UnicodeCategory.LineSeparator or System.Globalization.UnicodeCategory.ParagraphSeparator);
            if (isPlain) kept.Append(rune.ToString());
            else if (kept.Length > 0 && kept[^1] != ' ') kept.Append(' ');
        }
        return kept.ToString().Trim();
    }

    /// <summary>The first bytes of an answer's body.</summary>
    public static async Task<string> ReadAsync(HttpContent content, CancellationToken cancellationToken)
    {
        await using var body = await content.ReadAsStreamAsync(cancellationToken);
        var buffer = new byte[MostBytes];
        var read = await body.ReadAtLeastAsync(buffer, MostBytes, throwOnEndOfStream: false, cancellationToken);
        return Of(Encoding.UTF8.GetString(buffer, 0, read));
    }
}
