using System.Text.Json;
using Microsoft.Playwright;
using Xunit.Abstractions;

namespace NeuralCapacitance.Api.Tests.Pages;

/// <summary>Twenty candidates, twenty repeats, two hundred epochs, through the page's own modules.</summary>
[Collection(PagesCollectionDefinition.Name)]
public sealed class LargeChartsTests(ServiceFixture service, ITestOutputHelper output)
{
    /// <summary>Feeds the panel, then redraws it for one more observation at a time, and for one candidate highlighted after the other.</summary>
    private const string Play = """
        async () => {
          const load = path => import(new URL(path, document.baseURI));
          const [{ curvesPanel }, { shownCandidates }, { observedCurves }] = await Promise.all(['js/job/curves.js', 'js/job/candidates.js', 'js/job/observed.js'].map(load));
          const names = Array.from({ length: 20 }, (_, i) => `candidate-${i}`);
          const candidates = shownCandidates({ spec: { candidates: names.map(name => ({ name })) } });
          const observed = observedCurves(names);
          const panel = curvesPanel(candidates, observed, new AbortController().signal);
          document.getElementById('main').replaceChildren(panel.element);
          const observe = (i, repeat, epoch) => observed.add({
            candidate: names[i], trialId: `${i}/${repeat}`, epoch, betaEff: (4 + i / 10) * Math.exp(-0.02 * epoch) + repeat / 200, validationAccuracy: 0.2 + (0.7 - i / 100) * (1 - Math.exp(-0.05 * epoch)) + repeat / 1000,
          });
          const timed = action => { const start = performance.now(); action(); return performance.now() - start; };
          const summary = values => { values.sort((a, b) => a - b); return `${values[values.length >> 1].toFixed(1)} ms (least ${values[0].toFixed(1)})`; };
          const feed = timed(() => { for (let epoch = 0; epoch <= 200; epoch++) for (let i = 0; i < 20; i++) for (let repeat = 0; repeat < 20; repeat++) observe(i, repeat, epoch); });
          panel.update(200);
          const charts = [...document.querySelectorAll('.canvas')];
          const drawn = chart => globalThis.echarts?.getInstanceByDom(chart)?.getOption().series.length === 21;
          while (!charts.every(drawn)) await new Promise(requestAnimationFrame);
          const rounds = Array.from({ length: 21 }, (_, round) => round);
          const redraw = summary(rounds.map(round => { observe(round % 20, round % 20, 200); return timed(panel.draw); }));
          const highlight = summary(rounds.map(round => { candidates.highlight(names[round % 20]); return timed(panel.draw); }));
          candidates.highlight(null);
          return { feed, redraw, highlight, series: charts.map(chart => echarts.getInstanceByDom(chart).getOption().series.map(({ data }) => data.length)), row: document.querySelector('.values li').textContent };
        }
        """;

    [ChromiumFact]
    public async Task Eighty_thousand_observations_are_twenty_lines()
    {
        await using var browser = await Browser.StartAsync();
        var page = await browser.OpenAsync(new(service.Address, "#/datasets"));
        await page.GetByRole(AriaRole.Heading, new() { Name = "Data sets" }).First.WaitForAsync();

        var played = await page.EvaluateAsync<JsonElement>(Play);

        output.WriteLine($"80 400 observations taken in {played.GetProperty("feed").GetDouble():0} ms; both charts redrawn in {played.GetProperty("redraw").GetString()}, "
            + $"with a candidate highlighted in {played.GetProperty("highlight").GetString()}; load {File.ReadAllText("/proc/loadavg").Split(' ')[0]}");
        var series = played.GetProperty("series").EnumerateArray().Select(chart => chart.EnumerateArray().Select(data => data.GetInt32()).ToList()).ToList();
        series[0].ShouldBe([20, .. Enumerable.Repeat(201, 20)], "a shape for each band, and the lines");
        series[1].ShouldBe([20, .. Enumerable.Repeat(200, 20)]);
        played.GetProperty("row").GetString()!.ShouldContain("90.9 %");
        browser.Faults.ShouldBeEmpty();
    }
}
