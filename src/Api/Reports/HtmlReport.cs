using System.Security.Cryptography;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Unicode;
using NeuralCapacitance.Api.Reports.Plots;

namespace NeuralCapacitance.Api.Reports;

/// <summary>A report as one HTML file: styles and pictures are inside, and it runs nothing.</summary>
internal static class HtmlReport
{
    public const string MediaType = "text/html; charset=utf-8";

    private const string Styles = """

        :root { color-scheme: light; }
        body { margin: 0; background: #fff; color: #222; font: 16px/1.5 system-ui, "Segoe UI", "DejaVu Sans", sans-serif; }
        main { max-width: 58rem; margin: 0 auto; padding: 1.5rem 1rem 4rem; overflow-wrap: anywhere; }
        h1 { font-size: 1.6rem; line-height: 1.25; }
        h2 { font-size: 1.2rem; margin-top: 2.2rem; border-bottom: 1px solid #ddd; }
        .lead { font-size: 1.15rem; padding: .8rem 1rem; background: #eef4fb; border-left: 4px solid #4773c4; }
        .wide { overflow-x: auto; }
        table { border-collapse: collapse; font-size: .9rem; }
        th, td { padding: .3rem .7rem .3rem 0; border-bottom: 1px solid #e4e4e4; text-align: left; vertical-align: top; overflow-wrap: normal; }
        th.number, td.number { text-align: right; font-variant-numeric: tabular-nums; }
        td.number { white-space: nowrap; }
        code, pre { font-family: ui-monospace, "DejaVu Sans Mono", monospace; font-size: .92em; }
        pre { background: #f6f6f6; padding: .8rem; overflow-x: auto; }
        figure { margin: 1.2rem 0; }
        figure img { max-width: 100%; height: auto; }
        figcaption { font-size: .9rem; color: #555; }
        .class { display: flex; align-items: center; gap: .8rem; margin: .2rem 0; }
        .class span { flex: 0 0 9rem; font-size: .9rem; }
        .class img { max-width: calc(100% - 10rem); height: auto; }
        @media print { main { max-width: none; padding: 0; } figure, tr { break-inside: avoid; } }

        """;

    private static readonly HtmlEncoder Encoder = HtmlEncoder.Create(UnicodeRanges.All);

    private static readonly string Rules =
        $"default-src 'none'; style-src 'sha256-{Convert.ToBase64String(SHA256.HashData(Encoding.UTF8.GetBytes(Styles)))}'; img-src data:; base-uri 'none'; form-action 'none'";

    /// <summary>What a browser may do with the file; it says so itself as well, for when it is opened from a disk.</summary>
    public static string ContentSecurityPolicy { get; } = $"{Rules}; frame-ancestors 'none'";

    /// <param name="plotOf">The plot's SVG.</param>
    public static string Write(string title, IReadOnlyList<ReportBlock> blocks, Func<PlotFile, byte[]> plotOf)
    {
        var html = new StringBuilder($"<!doctype html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n<meta http-equiv=\"Content-Security-Policy\" content=\"{Rules}\">\n");
        html.Append($"<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n<title>{Encode(title)}</title>\n<style>{Styles}</style>\n</head>\n<body>\n<main>\n");
        foreach (var block in blocks)
        {
            Write(html, block, plotOf);
        }

        return html.Append("</main>\n</body>\n</html>\n").ToString();
    }

    private static void Write(StringBuilder html, ReportBlock block, Func<PlotFile, byte[]> plotOf)
    {
        switch (block)
        {
            case Heading heading:
                html.Append($"<h{heading.Level}>{Inline(heading.Text)}</h{heading.Level}>\n");
                break;
            case Paragraph paragraph:
                html.Append($"<p{(paragraph.IsLead ? " class=\"lead\"" : "")}>{Inline(paragraph.Text)}</p>\n");
                break;
            case Bullets bullets:
                html.Append($"<ul>\n{string.Concat(bullets.Items.Select(item => $"<li>{Inline(item)}</li>\n"))}</ul>\n");
                break;
            case Table table:
                Write(html, table);
                break;
            case Code code:
                html.Append($"<pre><code>{Encode(code.Text)}</code></pre>\n");
                break;
            case Figure figure:
                html.Append($"<figure>\n<img alt=\"{Encode(figure.Description.Replace("`", "", StringComparison.Ordinal))}\" src=\"data:image/svg+xml;base64,{Convert.ToBase64String(plotOf(figure.File))}\">\n");
                html.Append($"<figcaption>{Inline(figure.Title)}</figcaption>\n</figure>\n");
                break;
            case Pictures pictures:
                html.Append(string.Concat(pictures.Classes.Select(row =>
                    $"<div class=\"class\"><span>{Inline(row.Name)}</span><img alt=\"Images of this class\" src=\"data:image/jpeg;base64,{Convert.ToBase64String(row.Jpeg)}\"></div>\n")));
                break;
            default:
                throw new InvalidOperationException($"A report cannot write {block.GetType().Name}.");
        }
    }

    private static void Write(StringBuilder html, Table table)
    {
        html.Append("<div class=\"wide\"><table>\n<thead><tr>").Append(string.Concat(table.Columns.Select(column => $"<th scope=\"col\"{Class(column)}>{Inline(column.Title)}</th>"))).Append("</tr></thead>\n<tbody>\n");
        foreach (var row in table.Rows)
        {
            html.Append("<tr>").Append(string.Concat(row.Zip(table.Columns).Select(cell => $"<td{Class(cell.Second)}>{Inline(cell.First)}</td>"))).Append("</tr>\n");
        }

        html.Append("</tbody>\n</table></div>\n");
    }

    /// <summary>Control characters have no place in HTML, not even as references.</summary>
    private static string Encode(string text) => Encoder.Encode(string.Concat(text.Select(c => char.IsControl(c) && c is not '\n' ? ' ' : c)));

    private static string Class(Column column) => column.IsNumber ? " class=\"number\"" : "";

    private static string Inline(string text)
        => string.Concat(RichText.Parse(text).Select(part => part.IsCode ? $"<code>{Encode(part.Text)}</code>" : Encode(part.Text)));
}
