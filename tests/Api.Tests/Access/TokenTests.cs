using System.Net;
using System.Net.Http.Json;
using System.Security.Cryptography;
using Microsoft.IdentityModel.Tokens;
using NeuralCapacitance.Api.Sessions;
using NeuralCapacitance.Domain.Access;
using NeuralCapacitance.EndToEnd.Processes;

namespace NeuralCapacitance.Api.Tests.Access;

/// <summary>A service with an issuer.</summary>
public sealed class TokenSite : IAsyncLifetime
{
    internal LocalIssuer Issuer { get; private set; } = null!;

    internal RsaSecurityKey Rsa { get; private set; } = null!;

    internal ECDsaSecurityKey Ec { get; private set; } = null!;

    internal LockedService Service { get; private set; } = null!;

    public async Task InitializeAsync()
    {
        Issuer = await LocalIssuer.StartAsync();
        (Rsa, Ec) = (Issuer.AddRsa("rsa"), Issuer.AddEc("ec"));
        Service = new(("Auth:Jwt:Authority", Issuer.Address), ("Auth:Jwt:Audience", LocalIssuer.Audience), ("Auth:Jwt:Roles:Data Scientists", "submit"), ("Auth:Jwt:Roles:Ops", "operate"));
        await Service.InitializeAsync();
    }

    public async Task DisposeAsync()
    {
        await Service.DisposeAsync();
        await Issuer.DisposeAsync();
    }
}

public sealed class TokenTests(TokenSite site) : IClassFixture<TokenSite>
{
    private const string Jobs = "/api/v1/jobs";

    private static readonly (string, object)[] Alice = [("sub", "alice"), ("name", "Alice B."), ("roles", new[] { "Data Scientists", "Everybody" })];

    [Theory]
    [InlineData(SecurityAlgorithms.RsaSha256)]
    [InlineData(SecurityAlgorithms.RsaSsaPssSha512)]
    [InlineData(SecurityAlgorithms.EcdsaSha256)]
    public async Task A_token_of_the_issuer_is_taken(string algorithm)
    {
        var token = site.Issuer.Token(algorithm[0] == 'E' ? site.Ec : site.Rsa, algorithm, claims: Alice);

        using var who = await site.Service.SendAsync(HttpMethod.Get, "/api/v1/session", token);
        (await who.Content.ReadFromJsonAsync<SessionResponse>(ServiceFixture.Json)).ShouldBe(new("user:alice", "Alice B.", Role.Submit, IsSignedIn: false, Isolation.Team, Dashboard: false));
        (await StatusAsync(token)).ShouldBe(HttpStatusCode.OK);
        using var keys = await site.Service.SendAsync(HttpMethod.Get, "/api/v1/keys", token);
        (await keys.ShouldBeProblemAsync(HttpStatusCode.Forbidden, "not-permitted")).GetProperty("detail").GetString()!.ShouldBe("`Alice B.` has the role `submit`; GET /api/v1/keys takes `admin`.");
    }

    [Theory]
    [InlineData("audience", "another service")]
    [InlineData("no audience", "another service")]
    [InlineData("expired", "has expired")]
    [InlineData("early", "not valid yet")]
    [InlineData("eternal", "never expires")]
    [InlineData("issuer", "another issuer")]
    [InlineData("unknown key", "signed by a key")]
    [InlineData("foreign key", "signature is wrong")]
    [InlineData("changed", "signature is wrong")]
    [InlineData("unsigned", "signature")]
    [InlineData("confused", "signature")]
    [InlineData("no subject", "`sub`")]
    [InlineData("nonsense", "cannot be read")]
    public async Task A_token_that_is_not_right_is_refused_with_the_reason(string what, string reason)
    {
        using var answer = await site.Service.SendAsync(HttpMethod.Get, Jobs, Wrong(what));

        (await answer.ShouldBeProblemAsync(HttpStatusCode.Unauthorized, "authentication-required")).GetProperty("detail").GetString()!.ShouldContain(reason);
        answer.Headers.WwwAuthenticate.ToString().ShouldContain("invalid_token");
    }

    [Theory]
    [InlineData("none", "no claim `roles`")]
    [InlineData("Everybody", "No word in the claim `roles`")]
    [InlineData("admin", "No word in the claim `roles`")]
    public async Task Who_has_no_role_is_refused_and_told_so(string word, string reason)
    {
        var token = site.Issuer.Token(site.Rsa, SecurityAlgorithms.RsaSha256, claims: word == "none" ? [("sub", "bob")] : [("sub", "bob"), ("roles", word)]);

        using var answer = await site.Service.SendAsync(HttpMethod.Get, Jobs, token);

        (await answer.ShouldBeProblemAsync(HttpStatusCode.Forbidden, "not-permitted")).GetProperty("detail").GetString()!.ShouldContain(reason);
    }

    [Fact]
    public async Task A_new_key_of_the_issuer_is_noticed()
    {
        (await StatusAsync(site.Issuer.Token(site.Rsa, SecurityAlgorithms.RsaSha256, claims: Alice))).ShouldBe(HttpStatusCode.OK);
        var token = site.Issuer.Token(site.Issuer.AddEc("rotated"), SecurityAlgorithms.EcdsaSha256, claims: Alice);

        await Eventually.Async("the new key to be noticed", () => StatusAsync(token), status => status is HttpStatusCode.OK);
    }

    [Fact]
    public async Task Keys_are_taken_beside_tokens_and_who_brings_neither_is_refused()
    {
        (await StatusAsync(site.Service.Admin)).ShouldBe(HttpStatusCode.OK);
        (await site.Service.SendAsync(HttpMethod.Get, Jobs)).StatusCode.ShouldBe(HttpStatusCode.Unauthorized);
        using var wrong = await site.Service.SendAsync(HttpMethod.Get, Jobs, "nck_wrong");
        (await wrong.ShouldBeProblemAsync(HttpStatusCode.Unauthorized, "authentication-required")).GetProperty("detail").GetString()!.ShouldContain("key is not known");
    }

    [Fact]
    public async Task The_dashboard_is_shown_by_a_token_of_who_may_operate()
    {
        (await DashboardAsync("Ops")).ShouldBe(HttpStatusCode.OK);
        (await DashboardAsync("Data Scientists")).ShouldBe(HttpStatusCode.Forbidden);

        async Task<HttpStatusCode> DashboardAsync(string word)
            => (await site.Service.SendAsync(HttpMethod.Get, "/hangfire", site.Issuer.Token(site.Rsa, SecurityAlgorithms.RsaSha256, claims: [("sub", "carol"), ("roles", word)]))).StatusCode;
    }

    [Fact]
    public async Task An_issuer_that_cannot_be_reached_is_no_fault_of_the_token()
    {
        var issuer = await LocalIssuer.StartAsync();
        var token = issuer.Token(issuer.AddRsa("gone"), SecurityAlgorithms.RsaSha256, claims: Alice);
        var service = new ServiceFixture(("Auth:Jwt:Authority", issuer.Address), ("Auth:Jwt:Audience", LocalIssuer.Audience));
        await issuer.DisposeAsync();
        await service.InitializeAsync();
        try
        {
            using var request = new HttpRequestMessage(HttpMethod.Get, Jobs) { Headers = { Authorization = new("Bearer", token) } };
            using var answer = await service.Client.SendAsync(request);

            await answer.ShouldBeProblemAsync(HttpStatusCode.ServiceUnavailable, "issuer-unavailable");
            answer.Headers.RetryAfter.ShouldNotBeNull();
            (await service.Client.GetAsync(Jobs)).StatusCode.ShouldBe(HttpStatusCode.Unauthorized, "with an issuer nobody is let in without a token, though no key was made");
        }
        finally
        {
            await service.DisposeAsync();
        }
    }

    private async Task<HttpStatusCode> StatusAsync(string token) => (await site.Service.SendAsync(HttpMethod.Get, Jobs, token)).StatusCode;

    private string Wrong(string what)
    {
        var now = TimeProvider.System.GetUtcNow().UtcDateTime;
        var good = Signed();
        return what switch
        {
            "audience" => Signed(token => token.Audience = "another"),
            "no audience" => Signed(token => token.Audience = null),
            "expired" => Signed(token => (token.NotBefore, token.IssuedAt, token.Expires) = (now.AddHours(-2), now.AddHours(-2), now.AddHours(-1))),
            "early" => Signed(token => token.NotBefore = now.AddMinutes(5)),
            "eternal" => Signed(token => token.Expires = null),
            "issuer" => Signed(token => token.Issuer = "https://elsewhere.example"),
            "unknown key" => site.Issuer.Token(new RsaSecurityKey(RSA.Create(2048)) { KeyId = "unknown" }, SecurityAlgorithms.RsaSha256, claims: Alice),
            "foreign key" => site.Issuer.Token(new RsaSecurityKey(RSA.Create(2048)) { KeyId = "rsa" }, SecurityAlgorithms.RsaSha256, claims: Alice),
            "changed" => Changed(good),
            "unsigned" => LocalIssuer.Unsigned(good),
            "confused" => LocalIssuer.SignedByPublicKey(good, site.Rsa),
            "no subject" => site.Issuer.Token(site.Rsa, SecurityAlgorithms.RsaSha256, claims: ("roles", "Ops")),
            _ => what,
        };

        string Signed(Action<SecurityTokenDescriptor>? change = null) => site.Issuer.Token(site.Rsa, SecurityAlgorithms.RsaSha256, change, Alice);
    }

    /// <summary>The same signature over more rights.</summary>
    private string Changed(string token)
    {
        var better = site.Issuer.Token(site.Rsa, SecurityAlgorithms.RsaSha256, claims: [("sub", "alice"), ("roles", "Ops")]);
        var (parts, claims) = (token.Split('.'), better.Split('.')[1]);
        return $"{parts[0]}.{claims}.{parts[2]}";
    }
}
