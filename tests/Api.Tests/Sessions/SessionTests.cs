using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using NeuralCapacitance.Api.Sessions;
using NeuralCapacitance.Api.Tests.Access;
using NeuralCapacitance.Domain.Access;
using NeuralCapacitance.EndToEnd.Processes;
using NeuralCapacitance.Infrastructure.Access;

namespace NeuralCapacitance.Api.Tests.Sessions;

public sealed class SessionTests(LockedService service) : IClassFixture<LockedService>
{
    private const string Address = "/api/v1/session";

    [Fact]
    public async Task Who_signs_in_gets_a_cookie_that_scripts_and_other_sites_cannot_use()
    {
        using var answer = await SignInAsync(await service.KeyAsync("visitor", Role.Submit));

        answer.StatusCode.ShouldBe(HttpStatusCode.OK);
        answer.Headers.CacheControl!.NoStore.ShouldBeTrue();
        var cookie = answer.Headers.GetValues("Set-Cookie").ShouldHaveSingleItem();
        cookie.ShouldContain("httponly");
        cookie.ShouldContain("samesite=strict");
        cookie.ShouldNotContain("secure", Case.Insensitive, "over HTTP the browser would not keep it");
        cookie.ShouldNotContain("expires", Case.Insensitive, "it ends with the browser");
        (await WhoAsync(CookieOf(answer))).ShouldBe(new SessionResponse("key:visitor", "visitor", Role.Submit, IsSignedIn: true, Isolation.Team, Dashboard: false));
        (await StatusAsync(CookieOf(answer))).ShouldBe(HttpStatusCode.OK);
    }

    [Fact]
    public async Task Nobody_is_told_that_one_is_nobody_and_where_to_sign_in()
    {
        (await WhoAsync(cookie: null)).ShouldBe(new SessionResponse(null, null, null, IsSignedIn: false, Isolation.Team, Dashboard: false));
        (await StatusAsync("neural-capacitance-session=forged")).ShouldBe(HttpStatusCode.Unauthorized);
        (await WhoAsync("neural-capacitance-session=forged")).Role.ShouldBeNull();
    }

    [Fact]
    public async Task Who_sends_a_key_is_not_signed_in() => (await WhoAsync(cookie: null, service.Admin)).ShouldBe(new("key:root", "root", Role.Admin, IsSignedIn: false, Isolation.Team, Dashboard: true));

    [Theory]
    [InlineData("""{ "key": "nck_AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA" }""", HttpStatusCode.Unauthorized, "authentication-required")]
    [InlineData("{}", HttpStatusCode.BadRequest, "invalid-key")]
    [InlineData("""{ "key": 1 }""", HttpStatusCode.BadRequest, "invalid-key")]
    [InlineData("nck_", HttpStatusCode.BadRequest, "malformed-json")]
    public async Task A_wrong_key_begins_no_session(string json, HttpStatusCode status, string slug)
    {
        using var answer = await service.SendAsync(HttpMethod.Post, Address, json: json);

        await answer.ShouldBeProblemAsync(status, slug);
        answer.Headers.Contains("Set-Cookie").ShouldBeFalse();
    }

    [Theory]
    [InlineData("revoked")]
    [InlineData("rotated")]
    [InlineData("expired")]
    public async Task A_session_ends_with_its_key(string how)
    {
        var name = $"ends-{how}";
        var secret = await service.KeyAsync(name, Role.Read, how == "expired" ? TimeProvider.System.GetUtcNow().AddSeconds(8) : null);
        var cookie = CookieOf(await SignInAsync(secret));
        (await StatusAsync(cookie)).ShouldBe(HttpStatusCode.OK);

        if (how == "revoked") await service.Keys.RevokeAsync(name, Actor.Service, default);
        if (how == "rotated") await service.Keys.RotateAsync(name, TimeSpan.Zero, Actor.Service, default);

        await Eventually.Async("the session to end", () => StatusAsync(cookie), status => status is HttpStatusCode.Unauthorized);
        using var refused = await service.SendAsync(HttpMethod.Get, "/api/v1/jobs", cookie: cookie);
        (await refused.ShouldBeProblemAsync(HttpStatusCode.Unauthorized, "authentication-required")).GetProperty("detail").GetString()!.ShouldContain("session has ended");
        refused.Headers.GetValues("Set-Cookie").ShouldHaveSingleItem().ShouldContain("1970", Case.Sensitive, "the browser is told to forget it");
    }

    [Fact]
    public async Task A_session_goes_on_while_a_rotated_keys_old_secret_is_taken()
    {
        var cookie = CookieOf(await SignInAsync(await service.KeyAsync("overlaps", Role.Read)));

        using var rotated = await service.SendAsync(HttpMethod.Post, "/api/v1/keys/overlaps/rotate", service.Admin, """{ "overlap": "1h" }""");

        rotated.StatusCode.ShouldBe(HttpStatusCode.OK);
        (await StatusAsync(cookie)).ShouldBe(HttpStatusCode.OK);
    }

    [Fact]
    public async Task Signing_out_takes_the_cookie_back()
    {
        var cookie = CookieOf(await SignInAsync(await service.KeyAsync("leaves", Role.Read)));

        using var answer = await service.SendAsync(HttpMethod.Delete, Address, cookie: cookie);

        answer.StatusCode.ShouldBe(HttpStatusCode.NoContent);
        answer.Headers.GetValues("Set-Cookie").ShouldHaveSingleItem().ShouldStartWith("neural-capacitance-session=;");
        (await service.SendAsync(HttpMethod.Delete, Address)).StatusCode.ShouldBe(HttpStatusCode.NoContent);
    }

    [Theory]
    [InlineData("Sec-Fetch-Site", "cross-site")]
    [InlineData("Sec-Fetch-Site", "same-site")]
    [InlineData("Origin", "https://elsewhere.example")]
    public async Task No_other_site_changes_anything_by_the_cookie(string header, string value)
    {
        var cookie = CookieOf(await SignInAsync(service.Admin));

        foreach (var (method, path, json) in new[] { (HttpMethod.Post, "/api/v1/jobs", ServiceFixture.Spec()), (HttpMethod.Delete, "/api/v1/keys/root", null), (HttpMethod.Post, Address, "{}"), (HttpMethod.Delete, Address, null) })
        {
            using var answer = await service.SendAsync(method, path, json: json, cookie: cookie, headers: (header, value));
            await answer.ShouldBeProblemAsync(HttpStatusCode.Forbidden, "cross-site-request");
        }
    }

    [Fact]
    public async Task A_role_is_asked_of_a_session_too()
    {
        var cookie = CookieOf(await SignInAsync(await service.KeyAsync("looks", Role.Read)));

        using var answer = await service.SendAsync(HttpMethod.Post, "/api/v1/jobs", json: ServiceFixture.Spec(), cookie: cookie);

        (await answer.ShouldBeProblemAsync(HttpStatusCode.Forbidden, "not-permitted")).GetProperty("detail").GetString()!.ShouldBe("`looks` has the role `read`; POST /api/v1/jobs takes `submit`.");
    }

    [Theory]
    [InlineData(Role.Submit, HttpStatusCode.Forbidden)]
    [InlineData(Role.Operate, HttpStatusCode.OK)]
    [InlineData(Role.Admin, HttpStatusCode.OK)]
    public async Task The_dashboard_is_shown_to_who_may_operate_from_wherever(Role role, HttpStatusCode expected)
    {
        var secret = await service.KeyAsync($"dashboard-{role}", role);
        var cookie = CookieOf(await SignInAsync(secret));

        (await service.SendAsync(HttpMethod.Get, "/hangfire", cookie: cookie)).StatusCode.ShouldBe(expected);
        (await service.SendAsync(HttpMethod.Get, "/hangfire", secret, headers: ("X-Forwarded-For", "10.0.0.7"))).StatusCode.ShouldBe(expected);
        (await WhoAsync(cookie)).Dashboard.ShouldBe(expected is HttpStatusCode.OK);
    }

    [Fact]
    public async Task The_dashboard_is_shown_to_nobody_without_a_key_once_there_are_some()
    {
        using var answer = await service.SendAsync(HttpMethod.Get, "/hangfire");

        answer.StatusCode.ShouldBe(HttpStatusCode.Unauthorized);
        (await answer.Content.ReadAsStringAsync()).ShouldContain("operate");
    }

    [Fact]
    public async Task Events_arrive_by_the_cookie()
    {
        var cookie = CookieOf(await SignInAsync(await service.KeyAsync("follows", Role.Submit)));
        using var submitted = await service.SendAsync(HttpMethod.Post, "/api/v1/jobs", json: ServiceFixture.Spec(), cookie: cookie);
        var job = (await submitted.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("links").GetProperty("events").GetString()!;

        using var events = await service.SendAsync(HttpMethod.Get, job, cookie: cookie);

        events.StatusCode.ShouldBe(HttpStatusCode.OK);
        using var reader = new StreamReader(await events.Content.ReadAsStreamAsync());
        (await reader.ReadLineAsync()).ShouldNotBeNull().ShouldNotBeEmpty();
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Events_end_with_the_key_that_they_were_asked_for_with(bool byCookie)
    {
        var name = $"loses-{byCookie}";
        var secret = await service.KeyAsync(name, Role.Submit);
        var cookie = byCookie ? CookieOf(await SignInAsync(secret)) : null;
        using var submitted = await service.SendAsync(HttpMethod.Post, "/api/v1/jobs", secret, ServiceFixture.Spec());
        var address = (await submitted.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("links").GetProperty("events").GetString()!;
        using var events = await service.SendAsync(HttpMethod.Get, address, byCookie ? null : secret, cookie: cookie);
        using var reader = new StreamReader(await events.Content.ReadAsStreamAsync());
        (await reader.ReadLineAsync()).ShouldNotBeNull();

        await service.Keys.RevokeAsync(name, Actor.Service, default);

        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(120));
        await Should.ThrowAsync<IOException>(async () =>
        {
            while (await reader.ReadLineAsync(patience.Token) is not null) { }
        });
    }

    private Task<HttpResponseMessage> SignInAsync(string secret) => service.SendAsync(HttpMethod.Post, Address, json: $$"""{ "key": "{{secret}}" }""");

    private static string CookieOf(HttpResponseMessage answer) => answer.Headers.GetValues("Set-Cookie").Single().Split(';')[0];

    private async Task<HttpStatusCode> StatusAsync(string cookie) => (await service.SendAsync(HttpMethod.Get, "/api/v1/jobs", cookie: cookie)).StatusCode;

    private async Task<SessionResponse> WhoAsync(string? cookie, string? secret = null)
    {
        using var answer = await service.SendAsync(HttpMethod.Get, Address, secret, cookie: cookie);
        answer.StatusCode.ShouldBe(HttpStatusCode.OK);
        return (await answer.Content.ReadFromJsonAsync<SessionResponse>(ServiceFixture.Json))!;
    }
}
