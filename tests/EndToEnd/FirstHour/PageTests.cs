using System.Text.RegularExpressions;
using Microsoft.Playwright;
using NeuralCapacitance.Api.Tests.Pages;

namespace NeuralCapacitance.EndToEnd.FirstHour;

/// <summary>docs/first-hour.md in a browser: from a folder of images to the model's file. Each view is kept as a picture.</summary>
[Collection(nameof(Newcomer))]
public sealed class PageTests(Newcomer newcomer)
{
    private static readonly Regex Answered = new("^(?:Fine-tune|.+ cannot be told apart)"), ExampleName = new("^(?:[0-9a-f]{8}|quickstart)$");

    [ChromiumFact]
    public async Task From_a_folder_of_images_to_a_model()
    {
        await using var browser = await Browser.StartAsync();
        var page = await browser.OpenAsync(newcomer.Address);
        await page.SetViewportSizeAsync(1180, 800);

        await LookAtTheExampleAsync(page);
        await BringImagesAsync(page);
        await ComposeAsync(page);
        await FollowAsync(page);
        await ReadTheReportAsync(page, browser);
        await FinalizeAsync(page);
        await CompareAsync(page);
        await LookAtTheWorkersAsync(page);
        browser.Faults.ShouldBeEmpty();
    }

    [ChromiumFact]
    public async Task Every_view_is_kept_in_the_dark_and_on_a_telephone()
    {
        await using var browser = await Browser.StartAsync();
        var page = await browser.OpenAsync(newcomer.Address);
        foreach (var (name, fragment, sign) in new (string, string, string)[]
        {
            ("jobs", "#/", "Compare"), ("job", $"#/jobs/{newcomer.Example}", "How is this computed?"), ("new-job", "#/new", "Small, for a CPU"),
            ("data-sets", "#/datasets", "Drop a folder"), ("workers", "#/workers", "alive"), ("keys", "#/keys", "Make"), ("sign-in", "#/sign-in", "Whoever administers"),
        })
        {
            await page.GotoAsync(new Uri(newcomer.Address, fragment).ToString());
            await page.GetByText(sign).First.WaitForAsync();
            await page.EmulateMediaAsync(new() { ColorScheme = ColorScheme.Dark });
            await page.SetViewportSizeAsync(1180, 800);
            await SettledAsync(page);
            await page.KeepAsync($"{name}-dark");
            await page.SetViewportSizeAsync(360, 720);
            await SettledAsync(page);
            await page.KeepAsync($"{name}-narrow");
            await page.ShouldFitAsync(360);
            await page.EmulateMediaAsync(new() { ColorScheme = ColorScheme.Light });
        }

        browser.Faults.ShouldBeEmpty();
    }

    /// <summary>The job that ./run has run: its answer, the ranking, the curves.</summary>
    private async Task LookAtTheExampleAsync(IPage page)
    {
        await Assertions.Expect(page.GetByRole(AriaRole.Link, new() { NameRegex = ExampleName })).ToBeVisibleAsync();
        await page.KeepAsync("1-jobs");
        await page.GotoAsync(new Uri(newcomer.Address, $"#/jobs/{newcomer.Example}").ToString());
        await Assertions.Expect(Region(page, "Answer").Locator(".sentence")).ToHaveTextAsync(Answered);
        await Assertions.Expect(Region(page, "Ranking").Locator("tbody tr")).Not.ToHaveCountAsync(0);
        await Assertions.Expect(page.Locator("canvas")).Not.ToHaveCountAsync(0);
        await page.ShouldBeAccessibleAsync();
        await page.KeepAsync("2-answer");
    }

    private async Task BringImagesAsync(IPage page)
    {
        await page.GetByRole(AriaRole.Link, new() { Name = "Data sets" }).ClickAsync();
        await page.DropFilesAsync(page.GetByText("Drop a folder or a zip file"), newcomer.Images);
        await Assertions.Expect(page.GetByLabel("Name", new() { Exact = true })).ToHaveValueAsync("fruit-of-2026");
        await page.GetByRole(AriaRole.Button, new() { Name = "Upload" }).ClickAsync();
        var dataset = Region(page, "fruit-of-2026");
        await Assertions.Expect(dataset).ToContainTextAsync("3 classes");
        await dataset.GetByText("Look at the images").ClickAsync();
        await Assertions.Expect(dataset.GetByRole(AriaRole.Img)).ToHaveJSPropertyAsync("complete", true);
        await Assertions.Expect(dataset).ToContainTextAsync("pixels (least");
        await page.ShouldBeAccessibleAsync();
        await page.KeepAsync("3-data-set");
        await dataset.GetByRole(AriaRole.Link, new() { Name = "New job with fruit-of-2026" }).ClickAsync();
    }

    private static async Task ComposeAsync(IPage page)
    {
        await Assertions.Expect(page.GetByLabel("Data set", new() { Exact = true })).Not.ToHaveValueAsync("");
        await page.GetByRole(AriaRole.Button, new() { Name = "None", Exact = true }).ClickAsync();
        var search = Region(page, "Candidates").GetByLabel("Search");
        foreach (var name in new[] { "cnn-small", "resnet8", "vgg-small" })
        {
            await search.FillAsync(name);
            await page.GetByRole(AriaRole.Checkbox, new() { NameRegex = new($"^{name} ") }).CheckAsync();
        }

        await search.FillAsync("");
        await page.GetByLabel("Epochs", new() { Exact = true }).FillAsync("6");
        await page.GetByLabel("Observe").FillAsync("3");
        await page.GetByLabel("Batch size").FillAsync("16");
        await page.GetByRole(AriaRole.Button, new() { Name = "What would it cost?" }).ClickAsync();
        var cost = Region(page, "What it would cost");
        await Assertions.Expect(cost.Locator("tbody tr")).ToHaveCountAsync(3);
        await Assertions.Expect(cost.Locator("tfoot")).ToContainTextAsync("MiB");
        await page.ShouldBeAccessibleAsync();
        await page.KeepAsync("4-new-job");
        await page.KeepAsync("4-cost", cost);
        await page.GetByRole(AriaRole.Button, new() { Name = "Submit job" }).ClickAsync();
    }

    private static async Task FollowAsync(IPage page)
    {
        await page.GetByRole(AriaRole.Heading, new() { Name = "fruit-of-2026" }).WaitForAsync();
        await page.Locator("h1 + .badge.succeeded").WaitForAsync(new() { Timeout = 300_000 });
        await Assertions.Expect(Region(page, "Answer").Locator(".sentence")).ToHaveTextAsync(Answered);
        await Assertions.Expect(Region(page, "Ranking").Locator("tbody tr")).ToHaveCountAsync(3);
        await SettledAsync(page);
        await page.KeepAsync("5-job");
    }

    private async Task ReadTheReportAsync(IPage page, Browser browser)
    {
        var link = await Region(page, "Answer").GetByRole(AriaRole.Link, new() { Name = "Report" }).First.GetAttributeAsync("href");
        var report = await browser.OpenAsync(new Uri(newcomer.Address, link));
        await report.SetViewportSizeAsync(1000, 800);
        await Assertions.Expect(report.GetByRole(AriaRole.Heading).First).ToContainTextAsync("fruit-of-2026");
        await report.KeepAsync("6-report");
        await report.CloseAsync();
    }

    private static async Task FinalizeAsync(IPage page)
    {
        var panel = Region(page, "Finalization");
        await panel.GetByLabel("Train").SelectOptionAsync("cnn-small");
        await panel.GetByRole(AriaRole.Button, new() { Name = "Finalize" }).ClickAsync();
        var link = panel.GetByRole(AriaRole.Link, new() { NameRegex = new("^Download cnn-small-") });
        await link.WaitForAsync(new() { Timeout = 300_000 });
        await panel.GetByText("Load it with PyTorch").ClickAsync();
        await page.KeepAsync("7-model", panel);
        var download = await page.RunAndWaitForDownloadAsync(() => link.ClickAsync());
        (await File.ReadAllBytesAsync(await download.PathAsync())).Length.ShouldBeGreaterThan(10_000);
    }

    private static async Task CompareAsync(IPage page)
    {
        await page.GetByRole(AriaRole.Link, new() { Name = "Jobs" }).ClickAsync();
        var boxes = page.GetByRole(AriaRole.Row).GetByRole(AriaRole.Checkbox);
        await Assertions.Expect(boxes).Not.ToHaveCountAsync(0);
        for (var i = 0; i < 2; i++) await boxes.Nth(i).CheckAsync();
        await page.GetByRole(AriaRole.Link, new() { NameRegex = new("^Compare") }).ClickAsync();
        await page.GetByRole(AriaRole.Heading, new() { NameRegex = new("^Compare") }).WaitForAsync();
        await SettledAsync(page);
        await page.KeepAsync("8-compare");
    }

    private static async Task LookAtTheWorkersAsync(IPage page)
    {
        await page.GetByRole(AriaRole.Link, new() { Name = "Workers" }).ClickAsync();
        await page.GetByText("alive").First.WaitForAsync();
        await page.ShouldBeAccessibleAsync();
        await page.KeepAsync("9-workers");
    }

    /// <summary>Two frames after the last change of size or colour, all is drawn.</summary>
    private static Task SettledAsync(IPage page)
        => page.EvaluateAsync("() => new Promise(resolve => requestAnimationFrame(() => requestAnimationFrame(resolve)))");

    private static ILocator Region(IPage page, string name) => page.GetByRole(AriaRole.Region, new() { Name = name, Exact = true });
}
