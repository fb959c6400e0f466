using Microsoft.Playwright;
using NeuralCapacitance.Domain.Jobs;

namespace NeuralCapacitance.Api.Tests.Pages;

[Collection(PagesCollectionDefinition.Name)]
public sealed class PageTests(ServiceFixture service) : InBrowser
{
    [ChromiumFact]
    public async Task A_job_submitted_in_the_page_is_followed_to_its_ranking()
    {
        var page = await OpenAsync("");
        await page.GetByRole(AriaRole.Link, new() { Name = "New job" }).First.ClickAsync();
        await page.SubmitSpecAsync(ServiceFixture.Spec(priority: 100, name: "from the page"));
        await page.GetByRole(AriaRole.Heading, new() { Name = "from the page" }).WaitForAsync();
        await page.Locator(".badge.queued").First.WaitForAsync();
        var job = (await service.GetAsync<Api.Jobs.JobResponse>($"/api/v1/jobs/{page.Url[^36..]}"));

        for (var trial = 0; trial < 2; trial++)
        {
            var claimed = await service.ClaimAsync(job);
            await service.ObserveAsync(claimed, 0, 6);
            await service.Trials.SucceedAsync(claimed.Lease, weightsPath: null, CancellationToken.None);
        }

        await page.Locator("h1 + .badge.succeeded").WaitForAsync();
        var first = page.GetByRole(AriaRole.Region, new() { Name = "Ranking" }).Locator("tbody tr").First;
        await Assertions.Expect(first).ToContainTextAsync("resnet8");
        await Assertions.Expect(first).ToContainTextAsync("%");
        await Assertions.Expect(page.Locator(".chart canvas")).ToHaveCountAsync(3);
        await page.GetByText("Compare predictors").ClickAsync();
        await page.GetByRole(AriaRole.Checkbox, new() { Name = "best-seen" }).CheckAsync();
        var compared = page.GetByRole(AriaRole.Table, new() { Name = "Ranks by predictor" });
        await Assertions.Expect(compared.Locator("th")).ToHaveTextAsync(["Candidate", "neural-capacitance", "last-seen", "best-seen"]);
        await Assertions.Expect(compared.Locator("tbody tr").First).ToHaveTextAsync("resnet8111");
        await Assertions.Expect(compared.Locator("tbody tr").Last).ToContainTextAsync("Spearman’s ρ1.0001.0001.000");
        (await page.Locator("main").InnerTextAsync()).ShouldNotContain("null", Case.Sensitive);
        Browser.Faults.ShouldBeEmpty();
    }

    [ChromiumFact]
    public async Task A_finished_job_is_finalized_in_the_page_and_its_model_downloaded()
    {
        var job = await service.PlayedJobAsync(name: "to finalize");
        var page = await OpenAsync($"#/jobs/{job.Id}");
        var panel = page.GetByRole(AriaRole.Region, new() { Name = "Finalization" });
        await panel.GetByLabel("Train").SelectOptionAsync("cnn, \"small\"");
        await panel.GetByLabel("under a").SelectOptionAsync("trainable-probe");
        await panel.GetByRole(AriaRole.Button, new() { Name = "Finalize" }).ClickAsync();
        await panel.Locator(".badge.queued").WaitForAsync();
        var made = (await service.GetAsync<Api.Jobs.JobResponse>(job.Links.Self)).Finalization.ShouldNotBeNull();

        await service.TrainAsync(await service.GetAsync<Api.Jobs.JobResponse>(made.Href), [1, 2, 3]);

        var link = panel.GetByRole(AriaRole.Link, new() { NameRegex = new("^Download cnn---small--trainable-probe-") });
        await Assertions.Expect(panel).ToContainTextAsync("039058c6f2c0cb492c533b0a4d14ef77cc0f78abccced5287d84a1a2011cfb81");
        await Assertions.Expect(panel.Locator("pre")).ToContainTextAsync("read_safetensors");
        var download = await page.RunAndWaitForDownloadAsync(() => link.ClickAsync());
        (await File.ReadAllBytesAsync(await download.PathAsync())).ShouldBe([1, 2, 3]);
        Browser.Faults.ShouldBeEmpty();
    }

    [ChromiumFact]
    public async Task Swagger_UI_works_under_the_pages_policy()
    {
        var page = await OpenAsync("swagger");
        await page.GetByText("/api/v1/jobs/example").ClickAsync();
        await page.GetByRole(AriaRole.Button, new() { Name = "Execute" }).ClickAsync();
        await Assertions.Expect(page.Locator(".live-responses-table tbody .response-col_status")).ToContainTextAsync("200");
        Browser.Faults.ShouldBeEmpty();
    }

    [ChromiumFact]
    public async Task A_text_that_was_typed_before_the_example_came_stays()
    {
        var page = await OpenAsync("#/datasets");
        var typed = new TaskCompletionSource();
        await page.RouteAsync("**/jobs/example", async route =>
        {
            await typed.Task;
            await route.ContinueAsync();
        });
        await page.GetByRole(AriaRole.Link, new() { Name = "New job" }).First.ClickAsync();
        await page.GetByLabel("Job spec (JSON)").FillAsync(ServiceFixture.Spec(name: "typed early"));

        typed.SetResult();
        await page.GetByRole(AriaRole.Checkbox, new() { NameRegex = new("^resnet14 ") }).WaitForAsync();

        (await page.GetByLabel("Job spec (JSON)").InputValueAsync()).ShouldContain("typed early");
    }

    [ChromiumFact]
    public async Task Faults_of_a_spec_are_shown_beside_the_form()
    {
        var page = await OpenAsync("#/new");
        await page.SubmitSpecAsync("""{ "dataset": { "name": "synthetic" }, "candidates": ["resnet8", "resnet9000"], "training": { "epochs": 0 } }""");

        var alert = page.GetByRole(AriaRole.Alert);
        await Assertions.Expect(alert).ToContainTextAsync("candidates[1]");
        await Assertions.Expect(alert).ToContainTextAsync("training.epochs");
        await Assertions.Expect(alert).ToContainTextAsync("Accepted:");
        await Assertions.Expect(alert).ToBeFocusedAsync();
    }

    [ChromiumFact]
    public async Task The_pickers_and_the_text_of_a_spec_stay_the_same()
    {
        var page = await OpenAsync("#/new");
        await page.GetByLabel("Epochs", new() { Exact = true }).FillAsync("9");
        await page.GetByLabel("Epochs", new() { Exact = true }).PressAsync("Tab");
        await page.GetByRole(AriaRole.Checkbox, new() { NameRegex = new("^resnet14 ") }).CheckAsync();

        var spec = await page.GetByLabel("Job spec (JSON)").InputValueAsync();
        spec.ShouldContain("\"epochs\": 9");
        spec.ShouldContain("\"resnet14\"");
        Browser.Faults.ShouldBeEmpty();
    }

    [ChromiumFact]
    public async Task A_running_job_can_be_cancelled_with_the_keyboard()
    {
        var job = await service.SubmitAsync(ServiceFixture.Spec(name: "to cancel"));
        var page = await OpenAsync($"#/jobs/{job.Id}");
        var cancel = page.GetByRole(AriaRole.Button, new() { Name = "Cancel" });

        await cancel.FocusAsync();
        await page.Keyboard.PressAsync("Enter");

        await page.Locator("h1 + .badge.cancelled").WaitForAsync();
        (await service.GetAsync<Api.Jobs.JobResponse>(job.Links.Self)).State.ShouldBe(JobState.Cancelled);
        Browser.Faults.ShouldBeEmpty();
    }

    [ChromiumFact]
    public async Task The_focus_stays_on_a_button_while_the_job_goes_on()
    {
        var job = await service.SubmitAsync(ServiceFixture.Spec(priority: 100, name: "to watch"));
        var page = await OpenAsync($"#/jobs/{job.Id}");
        var cancel = page.GetByRole(AriaRole.Button, new() { Name = "Cancel" });
        await cancel.FocusAsync();

        var claimed = await service.ClaimAsync(job);
        await service.ObserveAsync(claimed, 0, 2);

        await page.Locator("h1 + .badge.running").WaitForAsync();
        await page.GetByText("2 of 12 epochs, 0 of 2 trials").WaitForAsync();
        await Assertions.Expect(cancel).ToBeFocusedAsync();
        await service.Trials.FailAsync(claimed.Lease, new("internal", "played to its end"), CancellationToken.None);
        (await service.PostAsync(job.Links.Cancel, "")).Dispose();
        Browser.Faults.ShouldBeEmpty();
    }

    private Task<IPage> OpenAsync(string fragment) => Browser.OpenAsync(new($"{service.Address}{fragment}"));
}
