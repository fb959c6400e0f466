using System.Net;
using System.Net.Http.Json;
using System.Text;
using System.Text.RegularExpressions;
using Microsoft.Playwright;
using NeuralCapacitance.Api.Jobs;
using NeuralCapacitance.Api.Sessions;
using NeuralCapacitance.Api.Tests.Pages;
using NeuralCapacitance.Domain.Jobs;

namespace NeuralCapacitance.Api.Tests.Dashboard;

public sealed partial class DashboardTests(PlayedWorker service) : IClassFixture<PlayedWorker>
{
    [Theory]
    [InlineData("X-Forwarded-For", "10.0.0.7")]
    public async Task Dashboard_is_shown_to_nobody_behind_a_proxy(string header, string value)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, "/hangfire");
        request.Headers.TryAddWithoutValidation(header, value);
        using var answer = await service.Client.SendAsync(request);

        answer.StatusCode.ShouldBe(HttpStatusCode.Forbidden);
        (await answer.Content.ReadAsStringAsync()).ShouldContain("ssh -L");
        using var access = new HttpRequestMessage(HttpMethod.Get, "/api/v1/session");
        access.Headers.TryAddWithoutValidation(header, value);
        using var said = await service.Client.SendAsync(access);
        (await said.Content.ReadFromJsonAsync<SessionResponse>(ServiceFixture.Json))!.Dashboard.ShouldBeFalse();
    }

    [Fact]
    public async Task Dashboard_changes_nothing()
    {
        await FinishedJobAsync();
        var page = await service.Client.GetStringAsync("/hangfire/jobs/succeeded");
        var job = JobLink().Match(page).Groups["id"].Value;
        job.ShouldNotBeEmpty();

        using var answer = await service.Client.PostAsync($"/hangfire/jobs/actions/requeue/{job}", content: null);

        answer.StatusCode.ShouldBe(HttpStatusCode.Unauthorized);
        (await service.Client.GetStringAsync($"/hangfire/jobs/details/{job}")).ShouldNotContain("Requeue");
    }

    [ChromiumFact]
    public async Task Jobs_say_in_the_browser_what_they_are_and_how_they_went()
    {
        var job = await FinishedJobAsync();
        var label = $"seed 0 — flowers (job {job.Id.ToString()[..8]}…)";
        await using var browser = await Browser.StartAsync();
        var page = await browser.OpenAsync(service.Client.BaseAddress!);

        await page.GetByRole(AriaRole.Link, new() { Name = "Queue" }).ClickAsync();
        await page.GetByRole(AriaRole.Link, new() { NameRegex = new("^Jobs") }).First.ClickAsync();
        await page.GetByRole(AriaRole.Link, new() { NameRegex = new("^Succeeded") }).ClickAsync();
        await page.GetByRole(AriaRole.Link, new() { Name = $"resnet8, {label}" }).ClickAsync();
        var console = page.Locator(".trial-console");
        await Assertions.Expect(console).ToContainTextAsync($"of job {job.Id}");
        await Assertions.Expect(console).ToContainTextAsync("succeeded, attempt 1, epoch 6 of 6, on cpu");
        await Assertions.Expect(console).ToContainTextAsync($"attempt 1: {Environment.MachineName}:{Environment.ProcessId}, cpu");
        await Assertions.Expect(console).ToContainTextAsync(new Regex(@"\s1\s+6\s+0\.125\s+56\.0 %"));
        await Assertions.Expect(page.GetByText("Requeue")).ToHaveCountAsync(0);

        await page.GetByRole(AriaRole.Link, new() { NameRegex = new("^Failed") }).ClickAsync();
        await Assertions.Expect(page.Locator("table")).ToContainTextAsync("storage: the disk is full");
        await page.GetByRole(AriaRole.Link, new() { Name = $"cnn-small, {label}" }).ClickAsync();
        await Assertions.Expect(console).ToContainTextAsync("failed (storage): the disk is full; make room and submit the job again");
        await page.GetByRole(AriaRole.Link, new() { Name = $"Job {job.Id}" }).ClickAsync();
        await page.GetByRole(AriaRole.Heading, new() { Name = "flowers" }).WaitForAsync();
        browser.Faults.ShouldBeEmpty();
    }

    [GeneratedRegex("jobs/details/(?<id>[0-9]+)", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex JobLink();

    /// <summary>Of two trials; one has failed. Hangfire has finished with both.</summary>
    private async Task<JobResponse> FinishedJobAsync()
    {
        const string spec = """
            {
              "name": "flowers", "dataset": { "name": "synthetic", "synthetic": { "classes": 4, "trainImages": 400, "testImages": 100 } },
              "candidates": ["resnet8", "cnn-small"], "training": { "epochs": 6, "validation": 0.25, "seed": 0 }, "selection": { "observe": 5, "mode": "full" }
            }
            """;
        using var content = new StringContent(spec, Encoding.UTF8, "application/json");
        using var answer = await service.Client.PostAsync("/api/v1/jobs", content);
        answer.StatusCode.ShouldBe(HttpStatusCode.Accepted, await answer.Content.ReadAsStringAsync());
        var job = (await answer.Content.ReadFromJsonAsync<JobResponse>(ServiceFixture.Json))!;
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(60));
        while (!job.State.IsFinal || !(await service.Client.GetStringAsync("/hangfire/jobs/failed")).Contains($"cnn-small, seed 0 — flowers (job {job.Id.ToString()[..8]}", StringComparison.Ordinal)
            || !(await service.Client.GetStringAsync("/hangfire/jobs/succeeded")).Contains($"resnet8, seed 0 — flowers (job {job.Id.ToString()[..8]}", StringComparison.Ordinal))
        {
            await Task.Delay(50, patience.Token);
            job = (await service.Client.GetFromJsonAsync<JobResponse>(job.Links.Self, ServiceFixture.Json))!;
        }
        return job;
    }
}
