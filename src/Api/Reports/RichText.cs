namespace NeuralCapacitance.Api.Reports;

/// <summary>Splits a text at its backticks.</summary>
internal static class RichText
{
    /// <summary>With an odd number of backticks they are marks like any other.</summary>
    public static IEnumerable<(string Text, bool IsCode)> Parse(string text)
    {
        var parts = text.Split('`');
        return parts.Length % 2 == 1
            ? parts.Select((part, index) => (part, index % 2 == 1)).Where(part => part.part.Length > 0)
            : [(text, false)];
    }
}
