using Microsoft.Playwright;
using NeuralCapacitance.Api.Jobs;
using NeuralCapacitance.Domain.Answers;
using NeuralCapacitance.Domain.Jobs;
using NeuralCapacitance.Domain.Trials;

namespace NeuralCapacitance.Api.Tests.Pages;

/// <summary>What a job comes to, at the head of its page.</summary>
[Collection(PagesCollectionDefinition.Name)]
public sealed class AnswerPageTests(ServiceFixture service) : InBrowser
{
    [ChromiumFact]
    public async Task An_answer_is_the_first_line_and_leads_to_its_finalization_and_report()
    {
        var job = await service.PlayAsync("clear", PlayedCurves.Clear);
        var (page, answer) = await OpenAsync(job);

        await Assertions.Expect(answer.Locator(".sentence")).ToContainTextAsync("Fine-tune better: ");
        await Assertions.Expect(answer.Locator(".sentence code")).ToHaveTextAsync("better");
        await Assertions.Expect(page.Locator("main section").First).ToHaveAttributeAsync("aria-label", "Answer");
        await answer.GetByRole(AriaRole.Button, new() { Name = "Finalize better" }).ClickAsync();
        var choice = page.GetByRole(AriaRole.Region, new() { Name = "Finalization" }).GetByLabel("Train");
        await Assertions.Expect(choice).ToBeFocusedAsync();
        await Assertions.Expect(choice).ToHaveValueAsync("better");
        foreach (var link in await answer.GetByRole(AriaRole.Link).AllAsync())
        {
            using var found = await service.Client.GetAsync(await link.GetAttributeAsync("href"));
            found.IsSuccessStatusCode.ShouldBeTrue(found.RequestMessage!.RequestUri!.ToString());
        }

        await page.ShouldBeReadableAsync(ColorScheme.Light);
        Browser.Faults.ShouldBeEmpty();
    }

    [ChromiumFact]
    public async Task In_a_tie_a_button_makes_the_job_that_observes_further()
    {
        var job = await service.PlayAsync("close", PlayedCurves.Tie);
        var further = job.Answer.ShouldNotBeNull().Further.ShouldNotBeNull(job.Answer.Sentence);
        var (page, answer) = await OpenAsync(job);

        await Assertions.Expect(answer.Locator(".sentence")).ToContainTextAsync("cannot be told apart");
        await Assertions.Expect(answer).ToContainTextAsync("the same seeds repeat the first 5 epochs, which are trained again");
        await Assertions.Expect(answer).ToContainTextAsync($"as the job “{further.Name}” of 4 candidates, the next of the ranking with them");
        await page.ShouldBeReadableAsync(ColorScheme.Light);
        await ObserveButton(answer).ClickAsync();

        await page.GetByRole(AriaRole.Heading, new() { Name = $"close, to epoch {5 + job.Answer.MoreEpochs}" }).WaitForAsync();
        var made = await service.GetAsync<JobResponse>($"/api/v1/jobs/{page.Url[^36..]}");
        made.Id.ShouldNotBe(job.Id);
        made.Spec.Candidates.Select(candidate => candidate.Name).ShouldBe(["a", "b", "next", "third"]);
        made.Spec.Selection.ShouldBe(job.Spec.Selection with { Observe = 5 + job.Answer.MoreEpochs!.Value });
        made.Spec.Selection.Observe.ShouldBe(further.Observe);
        made.Spec.Training.ShouldBe(job.Spec.Training, "the same seeds, and the same images");
        await Assertions.Expect(page.GetByRole(AriaRole.Region, new() { Name = "Answer" })).ToContainTextAsync("No answer yet: no worker has taken the job.");
        (await service.PostAsync(made.Links.Cancel, "")).Dispose();
        Browser.Faults.ShouldBeEmpty();
    }

    [ChromiumFact]
    public async Task A_further_job_that_is_refused_is_explained()
    {
        var job = await service.PlayAsync("close and refused", PlayedCurves.Tie);
        var (page, answer) = await OpenAsync(job);
        await page.RouteAsync("**/api/v1/jobs", route => route.FulfillAsync(new()
        {
            Status = 429, ContentType = "application/problem+json", Body = """{ "title": "Too many jobs", "detail": "At most 3 active jobs of an owner." }""",
        }));

        await ObserveButton(answer).ClickAsync();

        var alert = answer.GetByRole(AriaRole.Alert);
        await Assertions.Expect(alert).ToContainTextAsync("At most 3 active jobs of an owner.");
        await Assertions.Expect(alert).ToBeFocusedAsync();
        await Assertions.Expect(ObserveButton(answer)).ToBeEnabledAsync();
    }

    [ChromiumFact]
    public async Task Who_may_not_submit_is_told_why_the_button_is_off()
    {
        var job = await service.PlayAsync("close and read", PlayedCurves.Tie);
        var page = await Browser.OpenAsync(service.Address);
        await page.RouteAsync("**/api/v1/session", route => route.FulfillAsync(new()
        {
            ContentType = "application/json", Body = """{ "owner": "key:onlooker", "name": "onlooker", "role": "read", "isSignedIn": true, "dashboard": false }""",
        }));
        await page.GotoAsync($"{service.Address}#/jobs/{job.Id}");
        await page.ReloadAsync();

        var answer = page.GetByRole(AriaRole.Region, new() { Name = "Answer" });
        await Assertions.Expect(ObserveButton(answer)).ToBeDisabledAsync();
        await Assertions.Expect(answer).ToContainTextAsync("This takes the role submit; onlooker has the role read.");
    }

    [ChromiumFact]
    public async Task What_is_known_of_a_running_job_is_no_answer_until_it_ends_and_that_is_announced()
    {
        var job = await service.SubmitAsync(PlayedCurves.Spec("to come", PlayedCurves.Clear.Select(curve => curve.Candidate)));
        var (page, answer) = await OpenAsync(job);
        await Assertions.Expect(answer).ToContainTextAsync("No answer yet: no worker has taken the job.");
        await Assertions.Expect(page.GetByRole(AriaRole.Region, new() { Name = "Ranking" })).ToContainTextAsync("Nothing to rank yet.");

        await service.PlayNextAsync(job, PlayedCurves.Clear);
        await Assertions.Expect(answer).ToContainTextAsync("No answer yet: 5 of 10 epochs are trained; so far worse ");
        await Assertions.Expect(answer.GetByRole(AriaRole.Button)).ToHaveCountAsync(0);
        await service.PlayNextAsync(job, PlayedCurves.Clear);

        await Assertions.Expect(answer.Locator(".sentence")).ToContainTextAsync("Fine-tune better: ");
        await Assertions.Expect(page.GetByRole(AriaRole.Status).First).ToContainTextAsync("Fine-tune better: ");
        await Assertions.Expect(page.Locator(".facts")).ToContainTextAsync("10 of 10 epochs, 2 of 2 trials");
        Browser.Faults.ShouldBeEmpty();
    }

    [ChromiumFact]
    public async Task A_job_without_an_answer_says_why()
    {
        var failed = await service.SubmitAsync(PlayedCurves.Spec("to fail", ["a", "b"]));
        for (var trial = 0; trial < 2; trial++)
        {
            await service.Trials.FailAsync((await service.ClaimAsync(failed)).Lease, new Failure("diverged", "The loss of epoch 1 is not finite; lower the learning rate."), CancellationToken.None);
        }

        var (page, answer) = await OpenAsync(failed);
        await Assertions.Expect(answer.Locator(".sentence")).ToHaveTextAsync("No answer: all 2 candidates failed. a failed: The loss of epoch 1 is not finite; lower the learning rate.");
        await Assertions.Expect(answer.GetByRole(AriaRole.Button)).ToHaveCountAsync(0);
        await page.ShouldBeReadableAsync(ColorScheme.Light);

        var cancelled = await service.SubmitAsync(PlayedCurves.Spec("to give up", ["a", "b"]));
        (await service.PostAsync(cancelled.Links.Cancel, "")).Dispose();
        (page, answer) = await OpenAsync(cancelled);
        await Assertions.Expect(answer.Locator(".sentence")).ToHaveTextAsync("No answer: the job was cancelled before its first epoch.");
        Browser.Faults.ShouldBeEmpty();
    }

    [ChromiumFact]
    public async Task Columns_of_other_epochs_and_images_say_so()
    {
        var (page, _) = await OpenAsync(await service.PlayedJobAsync(name: "trained to the end"));
        var ranking = page.GetByRole(AriaRole.Region, new() { Name = "Ranking" });

        await Assertions.Expect(ranking.Locator("thead tr").First.Locator("th")).ToHaveTextAsync(["From epochs 1 to 5", "Other epochs and images"]);
        await Assertions.Expect(ranking.Locator("thead tr").Last.Locator("th")).ToHaveTextAsync(
            ["Rank", "Candidate", "Predicted finalaccuracy", "90 % interval", "Seenvalidation, epoch 5", "P(best)", "Seen lastvalidation, epoch 6", "Finalvalidation, the last epoch", "Time"]);
        await Assertions.Expect(ranking.Locator("tbody tr")).ToHaveCountAsync(2);

        (page, _) = await OpenAsync(await service.PlayAsync("no later epoch", PlayedCurves.Clear));
        await Assertions.Expect(page.GetByRole(AriaRole.Region, new() { Name = "Ranking" }).Locator("thead tr").First.Locator("th")).ToHaveTextAsync(["From epochs 1 to 5"]);
    }

    [ChromiumFact]
    public async Task How_it_is_computed_is_folded_and_leads_to_the_method()
    {
        var (page, _) = await OpenAsync(await service.PlayedJobAsync(name: "explained"));
        var ranking = page.GetByRole(AriaRole.Region, new() { Name = "Ranking" });
        var meaning = ranking.GetByText("How well the predicted order agrees with the final one");
        await Assertions.Expect(meaning).ToBeHiddenAsync();

        await ranking.GetByText("How is this computed?").FocusAsync();
        await page.Keyboard.PressAsync("Enter");
        await Assertions.Expect(meaning).ToBeVisibleAsync();
        await page.ShouldBeReadableAsync(ColorScheme.Light);
        await ranking.GetByRole(AriaRole.Link, new() { Name = "The whole method" }).ClickAsync();

        await page.GetByRole(AriaRole.Heading, new() { Name = "Method", Exact = true }).WaitForAsync();
        await Assertions.Expect(page.GetByRole(AriaRole.Table).Last).ToContainTextAsync("smiles");
        foreach (var link in await page.GetByRole(AriaRole.Link).AllAsync())
        {
            (await link.GetAttributeAsync("href")).ShouldNotBeNull().ShouldMatch("^(\\.\\./$|#|https://)", "no link leads to what is not served");
        }

        await page.ShouldBeReadableAsync(ColorScheme.Light);
        Browser.Faults.ShouldBeEmpty();
    }

    private static ILocator ObserveButton(ILocator answer) => answer.GetByRole(AriaRole.Button, new() { NameRegex = new(@"^Observe \d+ more epochs?$") });

    private async Task<(IPage Page, ILocator Answer)> OpenAsync(JobResponse job)
    {
        var page = await Browser.OpenAsync(new($"{service.Address}#/jobs/{job.Id}"));
        return (page, page.GetByRole(AriaRole.Region, new() { Name = "Answer" }));
    }
}
