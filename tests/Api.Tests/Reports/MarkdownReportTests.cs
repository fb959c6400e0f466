using System.Text.Json;
using Markdig;
using Markdig.Extensions.Tables;
using Markdig.Syntax;
using Markdig.Syntax.Inlines;
using NeuralCapacitance.Api.Jobs;
using NeuralCapacitance.Api.Reports;
using NeuralCapacitance.Api.Reports.Plots;
using NeuralCapacitance.Domain.Jobs;
using Table = NeuralCapacitance.Api.Reports.Table;

namespace NeuralCapacitance.Api.Tests.Reports;

[Collection(ServiceCollectionDefinition.Name)]
public sealed class MarkdownReportTests(ServiceFixture service)
{
    private static readonly MarkdownPipeline GitHub = new MarkdownPipelineBuilder().UsePipeTables().UseAutoLinks().UseEmphasisExtras().UseTaskLists().Build();

    [Fact]
    public async Task It_is_read_as_it_was_meant_whatever_candidates_are_called()
    {
        var job = await PlayHostileAsync();

        var document = Markdown.Parse(await service.Client.GetStringAsync($"{job.Links.Self}/report.md"), GitHub);

        document.Descendants<HtmlBlock>().ShouldBeEmpty();
        document.Descendants<HtmlInline>().ShouldBeEmpty();
        document.Descendants<EmphasisInline>().ShouldBeEmpty();
        document.Descendants<AutolinkInline>().ShouldBeEmpty();
        document.Descendants<LinkInline>().ShouldAllBe(link => link.IsImage && link.Url!.StartsWith(service.Address.ToString(), StringComparison.Ordinal) && link.Url.EndsWith(".svg", StringComparison.Ordinal));
        document.Descendants<LinkInline>().Count().ShouldBe(4);
        var tables = document.Descendants<Markdig.Extensions.Tables.Table>().ToList();
        tables.Count.ShouldBeGreaterThanOrEqualTo(4);
        tables.ShouldAllBe(table => table.OfType<TableRow>().All(row => row.Count == table.OfType<TableRow>().First().Count), "no bar in a name makes a cell");
        document.Descendants<CodeInline>().ShouldContain(code => code.Content.StartsWith("<img src=x onerror=alert(1)>", StringComparison.Ordinal));
        document.Descendants<HeadingBlock>().First().Level.ShouldBe(1);
    }

    [Fact]
    public async Task Its_settings_are_those_of_the_job()
    {
        var job = await PlayHostileAsync();

        var code = Markdown.Parse(await service.Client.GetStringAsync($"{job.Links.Self}/report.md"), GitHub).Descendants<FencedCodeBlock>().ShouldHaveSingleItem();

        code.Info.ShouldBe("json");
        var spec = JobSpecJson.Parse(code.Lines.ToString());
        JsonSerializer.Serialize(spec, JobSpecJson.Options).ShouldBe(JsonSerializer.Serialize(job.Spec, JobSpecJson.Options));
    }

    [Theory]
    [InlineData("# no heading")]
    [InlineData("- no list")]
    [InlineData("1. no list")]
    [InlineData("2) no list")]
    [InlineData("a | b\n--- | ---")]
    [InlineData("<b>bold</b> & &amp; https://example.org www.example.org [a](b) ![c](d)")]
    [InlineData("*a* _b_ ~c~ **d** \\* `odd")]
    [InlineData("> no quotation\n\n    no code\n***\n```")]
    public void Plain_text_stays_plain(string text)
    {
        var document = Markdown.Parse(MarkdownReport.Write([new Paragraph(text)], _ => ""), GitHub);

        document.ShouldHaveSingleItem().ShouldBeOfType<ParagraphBlock>().Inline!.ShouldAllBe(inline => inline is LiteralInline);
        string.Concat(document.Descendants<LiteralInline>().Select(l => l.Content.ToString())).ShouldBe(text.Replace('\n', ' '));
    }

    [Fact]
    public void Every_kind_of_block_has_its_form()
    {
        var markdown = MarkdownReport.Write(
            [
                new Heading(2, "Curves of `a`"), new Paragraph("Take `a`.", IsLead: true), new Bullets(["one", "two"]),
                new Table([new Column("Name"), new Column("Number", IsNumber: true)], [["`a|b`", "1"]]),
                new Code("json", "```\n{}"), new Figure(new PlotFile(PlotKind.Beta, PlotFormat.Svg), "Title", "Alt"),
            ],
            file => $"/plots/{file.Name}");

        markdown.ReplaceLineEndings("\n").ShouldBe("""
            ## Curves of `a`

            > Take `a`.

            - one
            - two

            | Name | Number |
            | --- | ---: |
            | `a\|b` | 1 |

            ````json
            ```
            {}
            ````

            ![Alt](/plots/beta.svg)

            Title

            """.ReplaceLineEndings("\n"));
    }

    private async Task<JobResponse> PlayHostileAsync()
    {
        var job = await service.SubmitAsync(ReportEndpointsTests.HostileSpec());
        for (var trial = 0; trial < job.Progress.Trials; trial++)
        {
            var claimed = await service.ClaimAsync(job);
            await service.ObserveAsync(claimed, 0, 6);
            await service.Trials.SucceedAsync(claimed.Lease, weightsPath: null, CancellationToken.None);
        }

        return await service.GetAsync<JobResponse>(job.Links.Self);
    }
}
