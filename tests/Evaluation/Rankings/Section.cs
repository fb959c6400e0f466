using System.Globalization;

namespace NeuralCapacitance.Evaluation.Rankings;

/// <summary>A part of the report: for people, for programs, and for the last line.</summary>
/// <param name="Title">Blank for the first one.</param>
internal sealed record Section(string Title, IReadOnlyList<string> Markdown)
{
    /// <summary>Name without ending; null: no file of its own.</summary>
    public string? CsvName { get; init; }

    /// <summary>The header first.</summary>
    public IReadOnlyList<string> Csv { get; init; } = [];

    /// <summary><c>name=value</c>, for the line RESULT.</summary>
    public IReadOnlyList<string> Figures { get; init; } = [];
}

/// <summary>How numbers and tables are written, here as everywhere with a dot.</summary>
internal static class Cells
{
    public static string Row(IEnumerable<string> cells) => $"| {string.Join(" | ", cells.Select(cell => cell.Replace("|", "\\|", StringComparison.Ordinal)))} |";

    public static IEnumerable<string> Table(IReadOnlyList<string> header, IEnumerable<IEnumerable<string>> rows)
        => rows.Select(Row).Prepend(Row(Enumerable.Repeat("---", header.Count))).Prepend(Row(header));

    public static string Show(double? value) => value is { } v ? Text($"{v:0.000}") : "–";

    public static string Signed(double? value) => value is { } v ? Text($"{v:+0.000;-0.000;0.000}") : "–";

    public static string Percent(double? share) => share is { } s ? Text($"{100 * s:0} %") : "–";

    public static string Show(Interval? interval) => interval is { } i ? Text($"{i.Low:0.000} to {i.High:0.000}") : "–";

    public static string Csv(double? value) => value?.ToString("G6", CultureInfo.InvariantCulture) ?? "";

    public static string Text(FormattableString text) => FormattableString.Invariant(text);
}
