using System.Buffers;
using System.Text;
using NeuralCapacitance.Api.Reports.Plots;

namespace NeuralCapacitance.Api.Reports;

/// <summary>A report in Markdown (GitHub's, for its tables), for a pull request or the summary of a pipeline. Pictures are named by their addresses.</summary>
internal static class MarkdownReport
{
    public const string MediaType = "text/markdown; charset=utf-8";

    private static readonly SearchValues<char> Marks = SearchValues.Create("\\`*_{}[]()<>#+-!|~&=^$:");

    /// <param name="addressOf">Where a plot can be had.</param>
    public static string Write(IReadOnlyList<ReportBlock> blocks, Func<PlotFile, string> addressOf) => string.Join('\n', blocks.Select(block => Write(block, addressOf)));

    private static string Write(ReportBlock block, Func<PlotFile, string> addressOf) => block switch
    {
        Heading heading => $"{new string('#', heading.Level)} {Inline(heading.Text)}\n",
        Paragraph { IsLead: true } paragraph => $"> {Inline(paragraph.Text)}\n",
        Paragraph paragraph => $"{Inline(paragraph.Text)}\n",
        Bullets bullets => string.Concat(bullets.Items.Select(item => $"- {Inline(item)}\n")),
        Table table => Write(table),
        Code code => Fenced(code),
        Figure figure => $"![{Inline(figure.Description)}]({addressOf(figure.File)})\n\n{Inline(figure.Title)}\n",
        Pictures => "",
        _ => throw new InvalidOperationException($"A report cannot write {block.GetType().Name}."),
    };

    private static string Write(Table table)
    {
        var text = new StringBuilder();
        text.Append($"| {string.Join(" | ", table.Columns.Select(column => Cell(column.Title)))} |\n");
        text.Append($"| {string.Join(" | ", table.Columns.Select(column => column.IsNumber ? "---:" : "---"))} |\n");
        foreach (var row in table.Rows)
        {
            text.Append($"| {string.Join(" | ", row.Select(Cell))} |\n");
        }

        return text.ToString();
    }

    /// <summary>A fence longer than any in the text.</summary>
    private static string Fenced(Code code)
    {
        var fence = "```";
        while (code.Text.Contains(fence, StringComparison.Ordinal))
        {
            fence += '`';
        }

        return $"{fence}{code.Language}\n{code.Text}\n{fence}\n";
    }

    /// <summary>A bar ends a cell, inside code too.</summary>
    private static string Cell(string text) => string.Concat(RichText.Parse(text).Select(part => part.IsCode ? Span(part.Text).Replace("|", "\\|", StringComparison.Ordinal) : Escaped(part.Text)));

    private static string Inline(string text) => string.Concat(RichText.Parse(text).Select(part => part.IsCode ? Span(part.Text) : Escaped(part.Text)));

    /// <summary>Nothing has a meaning inside.</summary>
    private static string Span(string code) => $"`{OneLine(code)}`";

    /// <summary>Whatever could mean something to Markdown, or call somebody, does not.</summary>
    private static string Escaped(string text)
    {
        var escaped = new StringBuilder();
        foreach (var c in OneLine(text))
        {
            if (Marks.Contains(c) || (c is '.' && IsMeaning(escaped)))
            {
                escaped.Append('\\');
            }

            escaped.Append(c);
            if (c is '@')
            {
                escaped.Append('\u200B');
            }
        }

        return escaped.ToString();
    }

    /// <summary>Behind a number that begins a line, a point makes a list; behind www, a link.</summary>
    private static bool IsMeaning(StringBuilder before)
    {
        var text = before.ToString();
        return (text.Length is > 0 and < 10 && text.All(char.IsAsciiDigit)) || text.EndsWith("www", StringComparison.OrdinalIgnoreCase);
    }

    private static string OneLine(string text) => string.Concat(text.Select(c => char.IsControl(c) ? ' ' : c));
}
