using System.Text.Json;
using Microsoft.Playwright;
using NeuralCapacitance.Api.Jobs;
using NeuralCapacitance.Api.Races;
using NeuralCapacitance.Api.Reports.Plots;
using NeuralCapacitance.Domain.Trials;
using NeuralCapacitance.Infrastructure.Trials;

namespace NeuralCapacitance.Api.Tests.Pages;

/// <summary>The charts of a job: what is drawn is asked of the library that draws it.</summary>
[Collection(PagesCollectionDefinition.Name)]
public sealed class JobChartsTests(ServiceFixture service) : InBrowser
{
    private const string Second = "cnn, \"small\"";
    private const string Accuracy = "Validation accuracy against";
    private const string Beta = "Neural capacitance";
    private const string Picture = "Accuracy against β_eff";
    private const string Race = "The race";

    [ChromiumFact]
    public async Task A_line_is_the_mean_over_the_repeats_and_a_band_their_range()
    {
        var page = await OpenAsync(await PlayedAsync());
        await DrawnAsync(page, Accuracy, "mean/resnet8");

        var lines = await SeriesAsync(page, Accuracy);
        (await SeriesAsync(page, Beta)).Keys.ShouldBe(["ranges", "mean/resnet8", $"mean/{Second}"]);
        lines.Keys.ShouldBe(["ranges", "mean/resnet8", $"mean/{Second}"]);
        Points(lines["mean/resnet8"]).ShouldBe([.. Enumerable.Range(0, 9).Select(epoch => (epoch, Accurate(0, 0.5, epoch)))], new Near());
        var band = lines["ranges"].GetProperty("data")[0].GetProperty("value").EnumerateArray().Select(value => value.GetDouble()).ToList();
        band[1].ShouldBe(Accurate(0, 0, 0), 1e-9);
        band[2].ShouldBe(Accurate(0, 1, 7), 1e-9);
        (await SeriesAsync(page, Beta))["mean/resnet8"].GetProperty("data").GetArrayLength().ShouldBe(8, "epoch 0 is left out");
        await Assertions.Expect(Row(page, "resnet8")).ToContainTextAsync("56.5 %");
        await Assertions.Expect(Row(page, "resnet8")).ToContainTextAsync("56.0 – 57.0 %");
        Browser.Faults.ShouldBeEmpty();
    }

    [ChromiumFact]
    public async Task Values_are_read_by_keyboard_and_the_epoch_is_that_of_both_charts()
    {
        var page = await OpenAsync(await PlayedAsync());
        await DrawnAsync(page, Accuracy, "mean/resnet8");
        var chart = Chart(page, Accuracy);

        await chart.FocusAsync();
        await page.Keyboard.PressAsync("Home");
        await page.Keyboard.PressAsync("ArrowRight");
        await page.Keyboard.PressAsync("ArrowRight");

        await Assertions.Expect(chart.Locator(".tip")).ToContainTextAsync("Epoch 2");
        await Assertions.Expect(chart.Locator(".tip")).ToContainTextAsync("resnet838.5 % (38.0 – 39.0 %)");
        await Assertions.Expect(Chart(page, Beta).Locator(".tip")).ToContainTextAsync("Epoch 2");
        await Assertions.Expect(Chart(page, Beta).Locator(".tip")).ToContainTextAsync("resnet8");
        await Assertions.Expect(page.GetByRole(AriaRole.Group, new() { Name = "Curves shown" }).GetByRole(AriaRole.Heading)).ToHaveTextAsync("Epoch 2");
        await Assertions.Expect(page.Locator("#status")).ToContainTextAsync("Epoch 2. resnet8: 38.5 % (38.0 – 39.0 %); cnn");

        await page.Keyboard.PressAsync("ArrowDown");
        await Assertions.Expect(page.Locator("#status")).ToHaveTextAsync("Epoch 2. resnet8: 38.5 % (38.0 – 39.0 %).");
        await page.Keyboard.PressAsync("End");
        await Assertions.Expect(chart.Locator(".tip")).ToContainTextAsync("Epoch 8");
        await page.Keyboard.PressAsync("Escape");
        await Assertions.Expect(chart.Locator(".tip")).ToBeHiddenAsync();
        await Assertions.Expect(chart).ToBeFocusedAsync();
        (await OpacityAsync(page, Accuracy, $"mean/{Second}")).ShouldBe(1);
        Browser.Faults.ShouldBeEmpty();
    }

    [ChromiumFact]
    public async Task Values_are_read_at_the_pointer()
    {
        var page = await OpenAsync(await PlayedAsync());
        await DrawnAsync(page, Accuracy, "mean/resnet8");
        var chart = Chart(page, Accuracy);
        var at = await page.EvaluateAsync<double[]>(
            "([label, value]) => echarts.getInstanceByDom(document.querySelector(`[aria-label^='${label}'] .canvas`)).convertToPixel({ xAxisIndex: 0, yAxisIndex: 0 }, [4, value])",
            new object[] { Accuracy, Accurate(1, 0.5, 4) });

        await chart.HoverAsync(new() { Position = new() { X = (float)at[0], Y = (float)at[1] } });

        await Assertions.Expect(chart.Locator(".tip")).ToContainTextAsync("Epoch 4");
        await Assertions.Expect(chart.Locator(".tip")).ToContainTextAsync(Second);
        await Assertions.Expect(Chart(page, Beta).Locator(".tip")).ToContainTextAsync(Second);
        await DimAsync(page, Beta, "mean/resnet8");
        Browser.Faults.ShouldBeEmpty();
    }

    [ChromiumFact]
    public async Task A_candidate_is_highlighted_in_all_charts_and_tables_together_and_hidden_by_its_button()
    {
        var page = await OpenAsync(await PlayedAsync());
        await DrawnAsync(page, Picture, "used/resnet8");
        foreach (var label in new[] { Accuracy, Beta }) await DrawnAsync(page, label, $"mean/{Second}");
        var ranked = page.GetByRole(AriaRole.Region, new() { Name = "Ranking" }).Locator("tbody tr");

        await Row(page, "resnet8").GetByRole(AriaRole.Button).FocusAsync();
        foreach (var label in new[] { Accuracy, Beta }) await DimAsync(page, label, $"mean/{Second}");
        await DimAsync(page, Picture, $"used/{Second}");
        (await OpacityAsync(page, Accuracy, "mean/resnet8")).ShouldBe(1);
        await Assertions.Expect(ranked.Filter(new() { HasText = Second })).ToHaveCSSAsync("opacity", "0.6");
        await Assertions.Expect(ranked.Filter(new() { HasText = "resnet8" })).ToHaveCSSAsync("opacity", "1");

        await ranked.Filter(new() { HasText = Second }).HoverAsync();
        await DimAsync(page, Beta, "mean/resnet8");
        (await OpacityAsync(page, Beta, $"mean/{Second}")).ShouldBe(1);

        await Row(page, Second).GetByRole(AriaRole.Button).ClickAsync();
        await Assertions.Expect(Row(page, Second).GetByRole(AriaRole.Button)).ToHaveAttributeAsync("aria-pressed", "false");
        foreach (var label in new[] { Accuracy, Beta, Picture }) await GoneAsync(page, label, Second);
        Browser.Faults.ShouldBeEmpty();
    }

    [ChromiumFact]
    public async Task Beta_is_logarithmic_without_what_is_not_above_0_and_linear_when_asked()
    {
        var page = await OpenAsync(await PlayedAsync((_, repeat, epoch) => epoch == 3 && repeat == 0 ? 0 : Betas(epoch)));
        await DrawnAsync(page, Beta, "mean/resnet8");

        (await AxisAsync(page)).ShouldBe("log");
        (await SeriesAsync(page, Beta))["mean/resnet8"].GetProperty("data").EnumerateArray().Count(IsGap).ShouldBe(1);
        await Chart(page, Beta).FocusAsync();
        await page.GetByLabel("Log scale").UncheckAsync();
        await page.WaitForFunctionAsync("label => echarts.getInstanceByDom(document.querySelector(`[aria-label^='${label}'] .canvas`)).getOption().yAxis[0].type === 'value'", Beta);
        (await SeriesAsync(page, Beta))["mean/resnet8"].GetProperty("data").EnumerateArray().Count(IsGap).ShouldBe(0);
        await page.GetByLabel("Log scale").CheckAsync();
        await page.WaitForFunctionAsync("label => echarts.getInstanceByDom(document.querySelector(`[aria-label^='${label}'] .canvas`)).getOption().yAxis[0].type === 'log'", Beta);
        Browser.Faults.ShouldBeEmpty();
    }

    [ChromiumFact]
    public async Task The_papers_picture_has_the_numbers_of_the_service_for_the_predictor_that_is_chosen()
    {
        var job = await PlayedAsync();
        var page = await OpenAsync(job);
        await page.GetByLabel("Predictor", new() { Exact = true }).SelectOptionAsync("shared-slope");
        await DrawnAsync(page, Picture, "fit/resnet8");
        var panel = page.GetByRole(AriaRole.Region, new() { Name = Picture });
        await Assertions.Expect(panel).ToContainTextAsync("Lines are those that shared-slope has fitted");

        var told = await service.GetAsync<BetaAccuracyResponse>($"{job.Links.Self}/plots/beta-accuracy.json?predictor=shared-slope");
        var drawn = await SeriesAsync(page, Picture);
        foreach (var candidate in told.Candidates)
        {
            var used = candidate.Points.Where(point => point.IsUsed).Select(point => (point.BetaEff, point.Accuracy)).ToList();
            used.Count.ShouldBe(candidate.Points.Count - 3, "five of eight epochs");
            Pairs(drawn[$"used/{candidate.Candidate}"]).ShouldBe(used);
            Pairs(drawn[$"unused/{candidate.Candidate}"]).Count.ShouldBe(3);
            Pairs(drawn[$"predicted/{candidate.Candidate}"]).Single().Y.ShouldBe(candidate.PredictedAccuracy!.Value);
            Pairs(drawn[$"interval/{candidate.Candidate}"]).Select(point => point.Y).ShouldBe([candidate.IntervalLow!.Value, candidate.IntervalHigh!.Value]);
            Pairs(drawn[$"final/{candidate.Candidate}"]).Single().Y.ShouldBe(candidate.FinalAccuracy!.Value);
            var line = Pairs(drawn[$"fit/{candidate.Candidate}"]);
            line[0].ShouldBe((0, candidate.Intercept!.Value));
            ((line[1].Y - line[0].Y) / line[1].X).ShouldBe(candidate.Slope!.Value, 1e-9);
        }

        await Chart(page, Picture).FocusAsync();
        await page.Keyboard.PressAsync("ArrowDown");
        await page.Keyboard.PressAsync("Home");
        await Assertions.Expect(Chart(page, Picture).Locator(".tip")).ToContainTextAsync("At β_eff = 0, predicted");
        await page.Keyboard.PressAsync("ArrowRight");
        await Assertions.Expect(page.Locator("#status")).ToContainTextAsync("resnet8. Epoch 8, not used; β_eff");

        await page.GetByLabel("Predictor", new() { Exact = true }).SelectOptionAsync("last-seen");
        await Assertions.Expect(panel).ToContainTextAsync("last-seen fits no line");
        await page.GetByLabel("Predictor", new() { Exact = true }).SelectOptionAsync("naswot");
        await Assertions.Expect(panel).ToContainTextAsync("gives scores, which are no accuracies");
        await GoneAsync(page, Picture, "no-such", "fit/resnet8");
        Browser.Faults.ShouldBeEmpty();
    }

    [ChromiumFact]
    public async Task A_race_is_shown_with_who_was_dropped_when_and_why()
    {
        var job = await service.RaceAsync(await service.SubmitAsync(ServiceFixture.Spec(priority: 100, epochs: 20, mode: "race", name: "raced")));
        var decisions = (await service.GetAsync<DecisionPage>($"{job.Links.Self}/decisions")).Items;
        var dropped = decisions.Single(decision => decision.Candidate == Second && decision.Action is Domain.Races.RaceAction.Dropped);
        var page = await OpenAsync(job);
        await DrawnAsync(page, Race, "verdicts");

        var series = await SeriesAsync(page, Race);
        var verdicts = series["verdicts"].GetProperty("data").EnumerateArray().ToList();
        verdicts.Select(verdict => verdict.GetProperty("name").GetString()).ShouldBe(["resnet8", Second]);
        verdicts.Select(verdict => verdict.GetProperty("symbol").GetString()).ShouldBeUnique();
        verdicts[0].GetProperty("label").GetProperty("formatter").GetString()!.ShouldStartWith("has won");
        verdicts[1].GetProperty("label").GetProperty("formatter").GetString()!.ShouldStartWith("dropped");
        verdicts[1].GetProperty("value")[0].GetInt32().ShouldBe(dropped.Round);
        series["kept"].GetProperty("data").GetArrayLength().ShouldBe(decisions.Count(decision => decision.Action is Domain.Races.RaceAction.Kept));

        await Chart(page, Race).FocusAsync();
        await page.Keyboard.PressAsync("ArrowDown");
        await page.Keyboard.PressAsync("ArrowDown");
        await page.Keyboard.PressAsync("End");
        await Assertions.Expect(Chart(page, Race).Locator(".tip")).ToContainTextAsync(dropped.Reason);
        await DimAsync(page, Accuracy, "mean/resnet8");

        var panel = page.GetByRole(AriaRole.Region, new() { Name = "Decisions" });
        await Assertions.Expect(panel.GetByRole(AriaRole.Table)).ToBeHiddenAsync();
        await panel.GetByText("Decisions as a table").ClickAsync();
        await Assertions.Expect(panel.GetByRole(AriaRole.Row)).ToHaveCountAsync(decisions.Count + 1);
        Browser.Faults.ShouldBeEmpty();
    }

    [ChromiumFact]
    public async Task What_is_not_there_leaves_gaps_and_what_has_failed_leaves_the_mean()
    {
        var job = await service.SubmitAsync(Spec());
        var page = await OpenAsync(job);
        await Assertions.Expect(Chart(page, Accuracy)).ToContainTextAsync("Nothing observed yet");
        await Assertions.Expect(page.GetByRole(AriaRole.Region, new() { Name = Picture })).ToBeHiddenAsync();
        await Chart(page, Accuracy).FocusAsync();
        await page.Keyboard.PressAsync("ArrowRight");

        var trials = new List<ClaimedTrial>();
        for (var trial = 0; trial < 4; trial++) trials.Add(await service.ClaimAsync(job));
        var (kept, failing) = (One(trials, 0, 0), One(trials, 0, 1));
        await RecordAsync(kept, 0, 0.25, 3);
        await DrawnAsync(page, Accuracy, "mean/resnet8");
        (await SeriesAsync(page, Accuracy))["mean/resnet8"].GetProperty("data")[0].GetProperty("symbol").GetString().ShouldBe("circle", "one epoch is a point");
        await RecordAsync(kept, 1, double.NaN, double.NaN);
        await RecordAsync(kept, 2, 0.5, 2);
        await RecordAsync(failing, 2, 0.9, 2);
        await Assertions.Expect(Row(page, "resnet8")).ToContainTextAsync("70.0 %");
        Points((await SeriesAsync(page, Accuracy))["mean/resnet8"]).Select(point => point.Epoch).ShouldBe([0, 2]);

        await service.Trials.FailAsync(failing.Lease, new("internal", "played to its end"), CancellationToken.None);
        await Assertions.Expect(Row(page, "resnet8")).ToContainTextAsync("50.0 %");
        foreach (var trial in trials.Where(trial => trial.Trial.CandidateIndex == 1))
        {
            await RecordAsync(trial, 0, 0.3, 3);
            await service.Trials.FailAsync(trial.Lease, new("internal", "played to its end"), CancellationToken.None);
        }

        await Assertions.Expect(Row(page, Second)).ToContainTextAsync("failed");
        await Assertions.Expect(Row(page, Second)).ToContainTextAsync("30.0 %");
        await service.Trials.SucceedAsync(kept.Lease, weightsPath: null, CancellationToken.None);
        Browser.Faults.ShouldBeEmpty();
    }

    [ChromiumFact]
    public async Task The_charts_have_no_serious_fault_of_access_fit_a_phone_and_follow_the_colour_scheme()
    {
        var page = await OpenAsync(await PlayedAsync());
        await DrawnAsync(page, Picture, "used/resnet8");
        await page.EmulateMediaAsync(new() { ColorScheme = ColorScheme.Light });
        var light = await AxisColourAsync(page);
        await page.ShouldBeAccessibleAsync();

        await page.EmulateMediaAsync(new() { ColorScheme = ColorScheme.Dark });
        await page.WaitForFunctionAsync(
            "([label, light]) => echarts.getInstanceByDom(document.querySelector(`[aria-label^='${label}'] .canvas`)).getOption().xAxis[0].axisLabel.color !== light", new[] { Accuracy, light });
        await page.ShouldBeAccessibleAsync();

        await page.SetViewportSizeAsync(360, 740);
        await page.WaitForFunctionAsync("label => echarts.getInstanceByDom(document.querySelector(`[aria-label^='${label}'] .canvas`)).getWidth() < 360", Accuracy);
        await Chart(page, Accuracy).FocusAsync();
        await page.Keyboard.PressAsync("End");
        await Assertions.Expect(Chart(page, Accuracy).Locator(".tip")).ToBeVisibleAsync();
        (await page.EvaluateAsync<string[]>("[...document.querySelectorAll('main, main > .panel')].filter(one => one.scrollWidth > one.clientWidth + 1 || one.getBoundingClientRect().right > 360).map(one => one.ariaLabel ?? one.className)")).ShouldBeEmpty();
        Browser.Faults.ShouldBeEmpty();
    }

    [ChromiumFact]
    public async Task A_library_that_cannot_be_fetched_is_told_and_the_rest_of_the_page_works()
    {
        var job = await PlayedAsync();
        var page = await OpenAsync("#/datasets");
        await page.RouteAsync("**/lib/echarts.js", route => route.AbortAsync());

        await page.GotoAsync($"{service.Address}#/jobs/{job.Id}");

        await Assertions.Expect(Chart(page, Accuracy)).ToContainTextAsync("could not be fetched");
        await Assertions.Expect(Row(page, "resnet8")).ToContainTextAsync("56.5 %");
    }

    private async Task<IPage> OpenAsync(JobResponse job) => await OpenAsync($"#/jobs/{job.Id}");

    private Task<IPage> OpenAsync(string fragment) => Browser.OpenAsync(new($"{service.Address}{fragment}"));

    private static string Spec() => ServiceFixture.Spec(priority: 100, epochs: 8, name: "charted").Replace("\"epochs\":8", "\"epochs\":8,\"repeats\":2", StringComparison.Ordinal);

    /// <summary>Two candidates, two repeats, eight epochs.</summary>
    private async Task<JobResponse> PlayedAsync(Func<int, int, int, double>? beta = null)
    {
        var job = await service.SubmitAsync(Spec());
        for (var trial = 0; trial < 4; trial++)
        {
            var claimed = await service.ClaimAsync(job);
            var (candidate, repeat) = (claimed.Trial.CandidateIndex, claimed.Trial.Repeat);
            for (var epoch = 0; epoch <= 8; epoch++) await RecordAsync(claimed, epoch, Accurate(candidate, repeat, epoch), beta?.Invoke(candidate, repeat, epoch) ?? Betas(epoch));
            await service.Trials.SucceedAsync(claimed.Lease, weightsPath: null, CancellationToken.None);
        }

        return await service.GetAsync<JobResponse>(job.Links.Self);
    }

    /// <summary>One hundredth between the repeats.</summary>
    private static double Accurate(int candidate, double repeat, int epoch) => 0.3 + ((0.04 - (0.01 * candidate)) * epoch) - (epoch == 8 ? 0.06 : 0) + (0.01 * repeat);

    private static double Betas(int epoch) => 4.0 / (1 + epoch);

    private static ClaimedTrial One(List<ClaimedTrial> trials, int candidate, int repeat) => trials.Single(claimed => claimed.Trial.CandidateIndex == candidate && claimed.Trial.Repeat == repeat);

    private Task RecordAsync(ClaimedTrial claimed, int epoch, double accuracy, double beta) => service.Trials.RecordAsync(
        claimed.Lease,
        new Observation { TrialId = claimed.Trial.Id, Epoch = epoch, BetaEff = beta, ValidationAccuracy = accuracy, ValidationLoss = 1, ValidationCount = 100, TrainSeconds = 1, BetaSeconds = 0.1, ValidationSeconds = 0.1 },
        CancellationToken.None);

    private static ILocator Chart(IPage page, string label) => page.Locator($"[aria-label^='{label}'].chart");

    private static ILocator Row(IPage page, string name) => page.GetByRole(AriaRole.Group, new() { Name = "Curves shown" }).GetByRole(AriaRole.Listitem).Filter(new() { HasText = name });

    private static Task DrawnAsync(IPage page, string label, string series) => page.WaitForFunctionAsync(
        "([label, id]) => { const dom = document.querySelector(`[aria-label^='${label}'] .canvas`); return dom && globalThis.echarts?.getInstanceByDom(dom)?.getOption().series.find(one => one?.id === id)?.data.length > 0; }", new[] { label, series });

    private static Task GoneAsync(IPage page, string label, string candidate, string series = "") => page.WaitForFunctionAsync(
        "([label, name, id]) => !echarts.getInstanceByDom(document.querySelector(`[aria-label^='${label}'] .canvas`)).getOption().series.some(one => one && (one.name === name || one.id === id))", new[] { label, candidate, series });

    /// <summary>By id.</summary>
    private static async Task<Dictionary<string, JsonElement>> SeriesAsync(IPage page, string label)
        => (await page.EvaluateAsync<JsonElement>(
            "label => JSON.parse(JSON.stringify(echarts.getInstanceByDom(document.querySelector(`[aria-label^='${label}'] .canvas`)).getOption().series.filter(Boolean)))", label))
            .EnumerateArray().ToDictionary(series => series.GetProperty("id").GetString()!);

    private static async Task<double> OpacityAsync(IPage page, string label, string series) => OpacityOf((await SeriesAsync(page, label))[series]);

    private static double OpacityOf(JsonElement series) => series.GetProperty("itemStyle").GetProperty("opacity").GetDouble();

    private static Task DimAsync(IPage page, string label, string series) => page.WaitForFunctionAsync(
        "([label, id]) => echarts.getInstanceByDom(document.querySelector(`[aria-label^='${label}'] .canvas`)).getOption().series.find(one => one?.id === id)?.itemStyle.opacity < 0.5", new[] { label, series });

    private static Task<string> AxisAsync(IPage page) => page.EvaluateAsync<string>("label => echarts.getInstanceByDom(document.querySelector(`[aria-label^='${label}'] .canvas`)).getOption().yAxis[0].type", Beta);

    private static Task<string> AxisColourAsync(IPage page) => page.EvaluateAsync<string>("label => echarts.getInstanceByDom(document.querySelector(`[aria-label^='${label}'] .canvas`)).getOption().xAxis[0].axisLabel.color", Accuracy);

    private static JsonElement ValueOf(JsonElement item) => item.ValueKind is JsonValueKind.Array ? item : item.GetProperty("value");

    private static bool IsGap(JsonElement item) => ValueOf(item)[1].ValueKind is JsonValueKind.Null;

    private static List<(int Epoch, double Value)> Points(JsonElement series)
        => [.. series.GetProperty("data").EnumerateArray().Where(item => !IsGap(item)).Select(item => (ValueOf(item)[0].GetInt32(), ValueOf(item)[1].GetDouble()))];

    private static List<(double X, double Y)> Pairs(JsonElement series) => [.. series.GetProperty("data").EnumerateArray().Select(item => (item[0].GetDouble(), item[1].GetDouble()))];

    /// <summary>A mean of doubles.</summary>
    private sealed class Near : IEqualityComparer<(int Epoch, double Value)>
    {
        public bool Equals((int Epoch, double Value) x, (int Epoch, double Value) y) => x.Epoch == y.Epoch && Math.Abs(x.Value - y.Value) < 1e-9;

        public int GetHashCode((int Epoch, double Value) obj) => obj.Epoch;
    }
}
