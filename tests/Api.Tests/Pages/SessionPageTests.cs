using System.Net;
using System.Net.Http.Json;
using Microsoft.Playwright;
using NeuralCapacitance.Api.Jobs;
using NeuralCapacitance.Api.Tests.Access;
using NeuralCapacitance.Domain.Access;
using NeuralCapacitance.Infrastructure.Access;

namespace NeuralCapacitance.Api.Tests.Pages;

/// <summary>The page of a service that knows keys.</summary>
public sealed class SessionPageTests(LockedService service) : IClassFixture<LockedService>
{
    private static readonly string[] Everybodys = ["Jobs", "New job", "Data sets", "Workers", "API"];

    private ServiceFixture Trials => service.Service;

    [ChromiumFact]
    public async Task One_signs_in_submits_sees_events_arrive_and_signs_out()
    {
        await using var browser = await Browser.StartAsync();
        var page = await browser.OpenAsync(Trials.Address);
        await SignInAsync(page, await service.KeyAsync("annotator", Role.Submit));

        await Assertions.Expect(page.Locator("#caller")).ToContainTextAsync("annotator, submit");
        await Assertions.Expect(page.Locator("header nav a:visible")).ToHaveTextAsync(Everybodys);
        (await page.EvaluateAsync<string>("document.cookie")).ShouldBe("", "no script can read the session");
        (await page.EvaluateAsync<int>("localStorage.length + sessionStorage.length")).ShouldBe(0, "the key is kept nowhere");
        await page.GetByRole(AriaRole.Link, new() { Name = "New job" }).First.ClickAsync();
        await page.SubmitSpecAsync(ServiceFixture.Spec(name: "signed in"));
        await page.GetByRole(AriaRole.Heading, new() { Name = "signed in" }).WaitForAsync();
        await page.Locator(".badge.queued").First.WaitForAsync();

        using var answer = await service.SendAsync(HttpMethod.Get, $"/api/v1/jobs/{page.Url[^36..]}", service.Admin);
        var job = (await answer.Content.ReadFromJsonAsync<JobResponse>(ServiceFixture.Json))!;
        var claimed = await Trials.ClaimAsync(job);
        await Trials.ObserveAsync(claimed, 0, 2);
        await page.GetByText("2 of 12 epochs, 0 of 2 trials").WaitForAsync();
        await Assertions.Expect(page.GetByRole(AriaRole.Region, new() { Name = "Curves" }).Locator("canvas")).ToHaveCountAsync(2);
        await Trials.Trials.FailAsync(claimed.Lease, new("internal", "played to its end"), CancellationToken.None);

        await page.GetByRole(AriaRole.Button, new() { Name = "Sign out" }).ClickAsync();
        await page.GetByRole(AriaRole.Heading, new() { Name = "Sign in" }).WaitForAsync();
        await Assertions.Expect(page.Locator("#caller")).ToBeEmptyAsync();
        (await page.Context.CookiesAsync()).ShouldBeEmpty();
        browser.Faults.ShouldBeEmpty();
    }

    [ChromiumFact]
    public async Task What_the_page_still_asks_for_is_not_refused_when_one_signs_out()
    {
        using var answer = await service.SendAsync(HttpMethod.Post, "/api/v1/jobs", service.Admin, ServiceFixture.Spec(name: "left alone"));
        var job = (await answer.Content.ReadFromJsonAsync<JobResponse>(ServiceFixture.Json))!;
        TaskCompletionSource asked = new(), hasLeft = new(), ended = new();
        await using var browser = await Browser.StartAsync();
        var page = await browser.OpenAsync(new(Trials.Address, $"#/jobs/{job.Id}"));
        // The ranking is asked for while the page is in use, and reaches the service when the session is over.
        await page.RouteAsync("**/ranking*", async route =>
        {
            asked.TrySetResult();
            await hasLeft.Task;
            await route.ContinueAsync();
        });
        void End(IRequest request)
        {
            if (request.Url.Contains("/ranking", StringComparison.Ordinal)) ended.TrySetResult();
        }

        page.RequestFinished += (_, request) => End(request);
        page.RequestFailed += (_, request) => End(request);
        await SignInAsync(page, service.Admin);
        await asked.Task;
        await page.RouteAsync("**/session", async route =>
        {
            var left = await route.FetchAsync();
            hasLeft.TrySetResult();
            await ended.Task;
            await route.FulfillAsync(new() { Response = left });
        });

        await page.GetByRole(AriaRole.Button, new() { Name = "Sign out" }).ClickAsync();
        await page.GetByRole(AriaRole.Heading, new() { Name = "Sign in" }).WaitForAsync();

        browser.Faults.ShouldBeEmpty();
        (await service.SendAsync(HttpMethod.Post, job.Links.Cancel, service.Admin)).Dispose();
    }

    [ChromiumFact]
    public async Task A_wrong_key_is_explained_and_a_right_one_leads_to_where_one_wanted()
    {
        await using var browser = await Browser.StartAsync();
        var page = await browser.OpenAsync(new(Trials.Address, "#/datasets"));
        await SignInAsync(page, "nck_AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA");
        await Assertions.Expect(page.GetByRole(AriaRole.Alert)).ToContainTextAsync("The key is not known here");

        await SignInAsync(page, await service.KeyAsync("onlooker", Role.Read));

        await page.GetByRole(AriaRole.Heading, new() { Name = "Data sets" }).WaitForAsync();
        await Assertions.Expect(page.GetByRole(AriaRole.Button, new() { Name = "Upload" })).ToBeDisabledAsync();
        await Assertions.Expect(page.Locator("main")).ToContainTextAsync("This takes the role submit; onlooker has the role read.");
        await page.GetByRole(AriaRole.Link, new() { Name = "New job" }).First.ClickAsync();
        await Assertions.Expect(page.GetByRole(AriaRole.Button, new() { Name = "Submit job" })).ToBeDisabledAsync();
    }

    [ChromiumFact]
    public async Task A_session_that_ends_while_the_page_is_open_leads_to_the_sign_in()
    {
        await using var browser = await Browser.StartAsync();
        var page = await browser.OpenAsync(Trials.Address);
        await SignInAsync(page, await service.KeyAsync("leaver", Role.Read));
        await page.GetByRole(AriaRole.Heading, new() { Name = "Jobs" }).WaitForAsync();

        await service.Keys.RevokeAsync("leaver", Actor.Service, default);

        await page.GetByRole(AriaRole.Heading, new() { Name = "Sign in" }).WaitForAsync();
    }

    [ChromiumFact]
    public async Task Who_administers_makes_and_revokes_a_key_in_the_page()
    {
        await using var browser = await Browser.StartAsync();
        var page = await browser.OpenAsync(new(Trials.Address, "#/keys"));
        await page.GetByRole(AriaRole.Heading, new() { Name = "Sign in" }).WaitForAsync();
        await page.ShouldBeReadableAsync(ColorScheme.Light);
        await SignInAsync(page, service.Admin);
        await page.GetByLabel("Name", new() { Exact = true }).FillAsync("pipeline");
        await page.GetByLabel("Role").SelectOptionAsync("submit");
        await page.GetByRole(AriaRole.Button, new() { Name = "Make" }).ClickAsync();

        var secret = await page.Locator(".secret").InnerTextAsync();
        (await service.SendAsync(HttpMethod.Get, "/api/v1/jobs", secret)).StatusCode.ShouldBe(HttpStatusCode.OK);
        page.Dialog += (_, dialog) => _ = dialog.AcceptAsync();
        await page.GetByRole(AriaRole.Button, new() { Name = "Rotate pipeline" }).ClickAsync();
        await Assertions.Expect(page.Locator(".secret")).Not.ToHaveTextAsync(secret);
        await page.GetByRole(AriaRole.Button, new() { Name = "Revoke pipeline" }).ClickAsync();
        await Assertions.Expect(page.GetByRole(AriaRole.Row, new() { NameRegex = new("^pipeline submit revoked") })).ToHaveCountAsync(1);
        await page.ShouldBeReadableAsync(ColorScheme.Light);
        (await service.SendAsync(HttpMethod.Get, "/api/v1/jobs", secret)).StatusCode.ShouldBe(HttpStatusCode.Unauthorized);
        browser.Faults.ShouldBeEmpty();
    }

    [ChromiumFact]
    public async Task Where_everybody_is_let_in_who_may_do_more_signs_in()
    {
        var open = new LockedService(("Auth:AllowAnonymous", "true"));
        await open.InitializeAsync();
        try
        {
            await using var browser = await Browser.StartAsync();
            var page = await browser.OpenAsync(open.Service.Address);
            await Assertions.Expect(page.Locator("#caller")).ToContainTextAsync("anonymous, operate");
            await page.Locator("#caller").GetByRole(AriaRole.Link, new() { Name = "Sign in" }).ClickAsync();
            await SignInAsync(page, open.Admin);

            await Assertions.Expect(page.Locator("#caller")).ToContainTextAsync("root, admin");
            await page.GetByRole(AriaRole.Heading, new() { Name = "Jobs" }).WaitForAsync();
            browser.Faults.ShouldBeEmpty();
        }
        finally
        {
            await open.DisposeAsync();
        }
    }

    private static async Task SignInAsync(IPage page, string secret)
    {
        await page.GetByLabel("Key", new() { Exact = true }).FillAsync(secret);
        await page.GetByRole(AriaRole.Button, new() { Name = "Sign in" }).ClickAsync();
    }
}
