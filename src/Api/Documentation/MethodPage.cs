using Markdig;
using Markdig.Extensions.Tables;
using Markdig.Renderers.Html;
using Markdig.Syntax;
using Markdig.Syntax.Inlines;

namespace NeuralCapacitance.Api.Documentation;

/// <summary><c>docs/method.md</c> as a page: the job view links to it, wherever the service runs.</summary>
internal static class MethodPage
{
    private static readonly Lazy<string> Html = new(() => Write(Read()));

    public static void MapMethod(this IEndpointRouteBuilder routes)
        => routes.MapGet("/docs/method", () => TypedResults.Content(Html.Value, "text/html; charset=utf-8")).AllowAnonymous().ExcludeFromDescription();

    private static string Read()
    {
        using var stream = typeof(MethodPage).Assembly.GetManifestResourceStream("method.md")
            ?? throw new InvalidOperationException("The assembly was built without docs/method.md.");
        using var reader = new StreamReader(stream);
        return reader.ReadToEnd();
    }

    private static string Write(string markdown)
    {
        var pipeline = new MarkdownPipelineBuilder().UsePipeTables().UseAutoIdentifiers().DisableHtml().Build();
        var document = Markdown.Parse(markdown, pipeline);
        foreach (var table in document.Descendants<Table>())
        {
            // An alignment would be a style in an element, which the page's policy forbids.
            foreach (var column in table.ColumnDefinitions) column.Alignment = null;
            // A wide one scrolls, by keyboard too.
            table.GetAttributes().AddProperty("tabindex", "0");
        }

        // Other files of the repository are not served: what names them stays as text.
        foreach (var link in document.Descendants<LinkInline>().Where(link => link.Url is { } url && !url.StartsWith('#') && !url.StartsWith("https://", StringComparison.Ordinal)).ToList())
        {
            link.ReplaceBy(new ContainerInline(), copyChildren: true);
        }

        return $"""
            <!DOCTYPE html>
            <html lang="en">
            <head>
              <meta charset="utf-8">
              <meta name="viewport" content="width=device-width, initial-scale=1">
              <meta name="color-scheme" content="light dark">
              <title>Method · Neural capacitance</title>
              <link rel="icon" href="../icon.svg" type="image/svg+xml">
              <link rel="stylesheet" href="../app.css">
            </head>
            <body>
              <header class="top"><a class="brand" href="../"><img src="../icon.svg" alt="" width="26" height="26"> Neural capacitance</a></header>
              <main><article class="panel prose">
            {document.ToHtml(pipeline)}
              </article></main>
            </body>
            </html>

            """;
    }
}
