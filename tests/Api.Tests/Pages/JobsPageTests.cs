using System.Text.RegularExpressions;
using Microsoft.Playwright;
using NeuralCapacitance.Api.Jobs;

namespace NeuralCapacitance.Api.Tests.Pages;

/// <summary>The list of jobs.</summary>
[Collection(PagesCollectionDefinition.Name)]
public sealed class JobsPageTests(ServiceFixture service) : InBrowser
{
    private const int PageSize = 20;

    /// <summary>In the label of every job of a test: others leave theirs behind.</summary>
    private readonly string _mark = Guid.NewGuid().ToString("N")[..8];

    [ChromiumFact]
    public async Task A_search_narrows_the_list_and_stands_in_the_address()
    {
        await SubmitAsync("nightly");
        await SubmitAsync("weekly");
        var page = await OpenAsync("#/");

        await page.GetByLabel("Label", new() { Exact = true }).FillAsync($"{_mark} NIGHT");

        await Assertions.Expect(Rows(page)).ToHaveTextAsync([new Regex($"{_mark} nightly")]);
        await Assertions.Expect(page).ToHaveURLAsync(new Regex($"#/\\?name={_mark}\\+NIGHT$"));
        await Assertions.Expect(page.GetByRole(AriaRole.Status)).ToHaveTextAsync("1 job that fits");
        await Assertions.Expect(page.GetByLabel("Label", new() { Exact = true })).ToBeFocusedAsync();
        await page.GetByLabel("Label", new() { Exact = true }).FillAsync($"{_mark} week");
        await Assertions.Expect(Rows(page)).ToHaveTextAsync([new Regex($"{_mark} weekly")]);

        await page.GoBackAsync();
        await Assertions.Expect(page).ToHaveURLAsync(new Regex("#/$"));
        await Assertions.Expect(page.GetByLabel("Label", new() { Exact = true })).ToHaveValueAsync("");
        await page.GoForwardAsync();
        await Assertions.Expect(page.GetByLabel("Label", new() { Exact = true })).ToHaveValueAsync($"{_mark} week");
        await Assertions.Expect(Rows(page)).ToHaveTextAsync([new Regex($"{_mark} weekly")]);
        Browser.Faults.ShouldBeEmpty();
    }

    [ChromiumFact]
    public async Task A_shared_address_brings_its_filter_and_filters_add_up()
    {
        await SubmitAsync("waits");
        await CancelAsync(await SubmitAsync("ended"));
        var page = await OpenAsync($"#/?state=cancelled&name={_mark}&dataset=synthetic");

        await Assertions.Expect(Rows(page)).ToHaveTextAsync([new Regex("ended")]);
        await Assertions.Expect(page.GetByRole(AriaRole.Checkbox, new() { Name = "cancelled" })).ToBeCheckedAsync();
        await Assertions.Expect(page.GetByLabel("Data set")).ToHaveValueAsync("synthetic");
        await page.GetByRole(AriaRole.Checkbox, new() { Name = "queued" }).CheckAsync();
        await Assertions.Expect(Rows(page)).ToHaveTextAsync([new Regex("ended"), new Regex("waits")]);
        await Assertions.Expect(page).ToHaveURLAsync(new Regex("state=queued,cancelled&"));

        await page.GetByLabel("Data set").FillAsync("image-folder");
        await page.Keyboard.PressAsync("Enter");
        await Assertions.Expect(page.Locator(".empty")).ToContainTextAsync($"No job fits: label with “{_mark}”, state queued or cancelled, data set image-folder.");
        await page.GetByRole(AriaRole.Button, new() { Name = "Show all jobs" }).ClickAsync();
        await Assertions.Expect(page).ToHaveURLAsync(new Regex("#/$"));
        await Assertions.Expect(page.GetByLabel("Label", new() { Exact = true })).ToBeFocusedAsync();
        await Assertions.Expect(Rows(page).First).ToContainTextAsync("ended");
        Browser.Faults.ShouldBeEmpty();
    }

    [ChromiumFact]
    public async Task An_address_that_asks_for_no_state_is_explained_and_can_be_left()
    {
        await SubmitAsync("there");
        var page = await OpenAsync("#/?state=asleep");

        await Assertions.Expect(page.GetByRole(AriaRole.Alert)).ToContainTextAsync("Accepted: queued, running");
        await page.GetByRole(AriaRole.Button, new() { Name = "Clear the filter" }).ClickAsync();

        await Assertions.Expect(Rows(page).First).ToContainTextAsync("there");
    }

    [ChromiumFact]
    public async Task Pages_go_to_older_jobs_and_back_under_the_filter()
    {
        for (var i = 0; i <= PageSize; i++) await SubmitAsync($"n{i}.");
        var page = await OpenAsync($"#/?name={_mark}");
        await Assertions.Expect(Rows(page)).ToHaveCountAsync(PageSize);
        await Assertions.Expect(page.GetByText($"The newest {PageSize} jobs that fit")).ToBeVisibleAsync();

        var older = page.GetByRole(AriaRole.Link, new() { Name = "Older jobs" });
        await older.FocusAsync();
        await page.Keyboard.PressAsync("Enter");
        await Assertions.Expect(Rows(page)).ToHaveTextAsync([new Regex("n0\\.")]);
        await Assertions.Expect(page).ToHaveURLAsync(new Regex($"\\?name={_mark}&cursor="));
        await Assertions.Expect(older).ToBeHiddenAsync();
        await page.ReloadAsync();
        await Assertions.Expect(Rows(page)).ToHaveTextAsync([new Regex("n0\\.")]);

        await page.GetByRole(AriaRole.Link, new() { Name = "Newest jobs" }).ClickAsync();
        await Assertions.Expect(Rows(page)).ToHaveCountAsync(PageSize);
        await Assertions.Expect(page).ToHaveURLAsync(new Regex($"#/\\?name={_mark}$"));
        await page.GoBackAsync();
        await Assertions.Expect(Rows(page)).ToHaveTextAsync([new Regex("n0\\.")]);
        Browser.Faults.ShouldBeEmpty();
    }

    [ChromiumFact]
    public async Task What_happens_to_jobs_shows_without_moving_them_or_the_focus()
    {
        var ends = await SubmitAsync("ends");
        await SubmitAsync("stays");
        var page = await OpenAsync($"#/?name={_mark}&state=queued");
        var link = Rows(page).Filter(new() { HasText = "ends" }).GetByRole(AriaRole.Link).First;
        await link.FocusAsync();

        await CancelAsync(ends);
        await SubmitAsync("comes");

        await Assertions.Expect(page.GetByText("1 more, 1 no longer here", new() { Exact = true })).ToBeVisibleAsync();
        await Assertions.Expect(page.GetByRole(AriaRole.Status)).ToHaveTextAsync("The list has changed: 1 more, 1 no longer here.");
        await Assertions.Expect(Rows(page)).ToHaveTextAsync([new Regex("stays.*queued"), new Regex("ends.*cancelled")]);
        await Assertions.Expect(link).ToBeFocusedAsync();

        await page.GetByRole(AriaRole.Button, new() { Name = "Update the list" }).ClickAsync();
        await Assertions.Expect(Rows(page)).ToHaveTextAsync([new Regex("comes"), new Regex("stays")]);
        await Assertions.Expect(page.GetByText("2 jobs that fit")).ToBeFocusedAsync();
        await Assertions.Expect(page.GetByRole(AriaRole.Button, new() { Name = "Update the list" })).ToBeHiddenAsync();
        Browser.Faults.ShouldBeEmpty();
    }

    [ChromiumFact]
    public async Task A_list_that_was_empty_fills_by_itself()
    {
        var page = await OpenAsync($"#/?name={_mark}");
        await Assertions.Expect(page.Locator(".empty")).ToContainTextAsync("No job fits");

        await SubmitAsync("first");

        await Assertions.Expect(Rows(page)).ToHaveTextAsync([new Regex("first")]);
        Browser.Faults.ShouldBeEmpty();
    }

    [ChromiumFact]
    public async Task A_job_can_be_run_again_with_changes_from_the_list_and_from_its_own_page()
    {
        var job = await SubmitAsync("again");
        var page = await OpenAsync($"#/?name={_mark}");

        await Assertions.Expect(page.GetByRole(AriaRole.Link, new() { Name = $"Run again with … {_mark} again" })).ToHaveAttributeAsync("href", $"#/new?from={job.Id}");
        await page.GetByRole(AriaRole.Link, new() { Name = $"{_mark} again", Exact = true }).ClickAsync();

        await Assertions.Expect(page.GetByRole(AriaRole.Link, new() { Name = "Run again with …" })).ToHaveAttributeAsync("href", $"#/new?from={job.Id}");
        Browser.Faults.ShouldBeEmpty();
    }

    [ChromiumFact]
    public async Task Two_to_four_jobs_are_selected_by_keyboard_to_be_compared_also_over_pages()
    {
        var jobs = new List<JobResponse>();
        for (var i = 0; i < 5; i++) jobs.Add(await SubmitAsync($"n{i}"));
        var page = await OpenAsync($"#/?name={_mark}");
        var selection = page.GetByRole(AriaRole.Region, new() { Name = "Jobs to compare" });
        var compare = selection.GetByRole(AriaRole.Link, new() { Name = "Compare" });
        await Assertions.Expect(selection).ToBeHiddenAsync();

        await Box(page, 0).FocusAsync();
        await page.Keyboard.PressAsync("Space");
        await Assertions.Expect(selection).ToContainTextAsync("1 selected: select another one to compare them.");
        await Assertions.Expect(compare).ToBeHiddenAsync();
        await page.GetByLabel("Label", new() { Exact = true }).FillAsync($"{_mark} n1");
        await Assertions.Expect(Rows(page)).ToHaveCountAsync(1);
        await Box(page, 1).CheckAsync();
        await Assertions.Expect(compare).ToHaveAttributeAsync("href", $"#/compare?jobs={jobs[0].Id},{jobs[1].Id}");
        await page.GetByLabel("Label", new() { Exact = true }).FillAsync(_mark);
        await Assertions.Expect(Box(page, 0)).ToBeCheckedAsync();
        for (var i = 2; i < 5; i++) await Box(page, i).CheckAsync();
        await Assertions.Expect(selection).ToContainTextAsync("5 selected: at most 4 can be compared.");
        await Assertions.Expect(compare).ToBeHiddenAsync();

        await selection.GetByRole(AriaRole.Button, new() { Name = $"Deselect {_mark} n0" }).ClickAsync();
        await Assertions.Expect(Box(page, 0)).Not.ToBeCheckedAsync();
        await Assertions.Expect(selection.GetByRole(AriaRole.Button, new() { Name = $"Deselect {_mark} n1" })).ToBeFocusedAsync();
        await Assertions.Expect(compare).ToBeVisibleAsync();
        await selection.GetByRole(AriaRole.Button, new() { Name = "Select none" }).ClickAsync();
        await Assertions.Expect(selection).ToBeHiddenAsync();
        await Assertions.Expect(Box(page, 1)).ToBeFocusedAsync();
        Browser.Faults.ShouldBeEmpty();

        ILocator Box(IPage on, int number) => on.GetByRole(AriaRole.Checkbox, new() { Name = $"Select {_mark} n{number} to compare" });
    }

    [ChromiumFact]
    public async Task The_list_has_no_serious_fault_of_accessibility_and_fits_a_telephone()
    {
        await SubmitAsync("a rather long label that somebody wrote who wanted to say all of it");
        await CancelAsync(await SubmitAsync("b"));
        var page = await OpenAsync($"#/?name={_mark}");
        await Rows(page).First.GetByRole(AriaRole.Checkbox).CheckAsync();
        await page.ShouldBeReadableAsync(ColorScheme.Light, ColorScheme.Dark);

        Browser.Faults.ShouldBeEmpty();
    }

    private static ILocator Rows(IPage page) => page.GetByRole(AriaRole.Table, new() { Name = "Jobs, newest first" }).Locator("tbody tr");

    private Task<JobResponse> SubmitAsync(string label) => service.SubmitAsync(ServiceFixture.Spec(name: $"{_mark} {label}"));

    private async Task CancelAsync(JobResponse job) => (await service.PostAsync(job.Links.Cancel, "")).Dispose();

    private Task<IPage> OpenAsync(string fragment) => Browser.OpenAsync(new($"{service.Address}{fragment}"));
}
