using System.Net;
using System.Net.Http.Headers;
using System.Text;
using Microsoft.Extensions.DependencyInjection;
using NeuralCapacitance.Domain.Access;
using NeuralCapacitance.EndToEnd.Processes;
using NeuralCapacitance.Infrastructure.Access;

namespace NeuralCapacitance.Api.Tests.Access;

/// <summary>A service that knows keys.</summary>
public sealed class AccessTests : IAsyncLifetime
{
    private readonly ServiceFixture _service = new(("Auth:Isolation", "team"));

    public Task InitializeAsync() => _service.InitializeAsync();

    public Task DisposeAsync() => _service.DisposeAsync();

    [Fact]
    public async Task On_loopback_without_keys_all_is_open_until_a_key_is_made()
    {
        (await SendAsync(HttpMethod.Get, "/api/v1/jobs", secret: null)).StatusCode.ShouldBe(HttpStatusCode.OK);
        var secret = await KeyAsync("first", Role.Read);

        // What is known of keys is believed for a few seconds.
        await Eventually.Async("the key to be noticed", async () => (await SendAsync(HttpMethod.Get, "/api/v1/jobs", secret: null)).StatusCode, status => status is HttpStatusCode.Unauthorized);
        (await SendAsync(HttpMethod.Get, "/api/v1/jobs", secret)).StatusCode.ShouldBe(HttpStatusCode.OK);
    }

    [Fact]
    public async Task Without_a_key_the_answer_says_how_to_come()
    {
        await KeyAsync("first", Role.Read);

        using var response = await SendAsync(HttpMethod.Get, "/api/v1/jobs", secret: null);

        (await response.ShouldBeProblemAsync(HttpStatusCode.Unauthorized, "authentication-required")).GetProperty("detail").GetString()!.ShouldContain("Authorization: Bearer");
        response.Headers.WwwAuthenticate.ToString().ShouldBe("Bearer");
    }

    [Theory]
    [InlineData("nonsense")]
    [InlineData("nck_AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA")]
    public async Task A_wrong_key_is_refused_even_where_none_is_needed(string secret)
    {
        using var response = await SendAsync(HttpMethod.Get, "/api/v1/jobs", secret);

        await response.ShouldBeProblemAsync(HttpStatusCode.Unauthorized, "authentication-required");
        response.Headers.WwwAuthenticate.ToString().ShouldContain("invalid_token");
    }

    [Theory]
    [InlineData(Role.Read, HttpStatusCode.Forbidden)]
    [InlineData(Role.Submit, HttpStatusCode.Accepted)]
    [InlineData(Role.Operate, HttpStatusCode.Accepted)]
    public async Task Submitting_takes_the_role(Role role, HttpStatusCode expected)
    {
        var secret = await KeyAsync("some", role);

        using var response = await SendAsync(HttpMethod.Post, "/api/v1/jobs", secret, ServiceFixture.Spec());

        response.StatusCode.ShouldBe(expected);
        if (expected is HttpStatusCode.Forbidden)
            (await response.ShouldBeProblemAsync(expected, "not-permitted")).GetProperty("detail").GetString()!.ShouldBe("`some` has the role `read`; POST /api/v1/jobs takes `submit`.");
    }

    [Theory]
    [InlineData("/health/live", HttpStatusCode.OK)]
    [InlineData("/health/ready", HttpStatusCode.ServiceUnavailable)]
    [InlineData("/problems/not-permitted", HttpStatusCode.OK)]
    [InlineData("/", HttpStatusCode.OK)]
    [InlineData("/swagger/v1/swagger.json", HttpStatusCode.OK)]
    [InlineData("/metrics", HttpStatusCode.Unauthorized)]
    [InlineData("/api/v1/datasets", HttpStatusCode.Unauthorized)]
    [InlineData("/api/v1/backbones", HttpStatusCode.Unauthorized)]
    [InlineData("/api/v1/predictors", HttpStatusCode.Unauthorized)]
    [InlineData("/nowhere", HttpStatusCode.Unauthorized)]
    public async Task Only_what_tells_nothing_is_open_once_there_are_keys(string path, HttpStatusCode expected)
    {
        await KeyAsync("first", Role.Read);

        (await SendAsync(HttpMethod.Get, path, secret: null)).StatusCode.ShouldBe(expected);
    }

    [Theory]
    [InlineData("http://127.0.0.1:5080", false)]
    [InlineData("http://127.1.2.3:5080", false)]
    [InlineData("http://localhost:5080", false)]
    [InlineData("http://[::1]:5080", false)]
    [InlineData("http://unix:/run/nc.sock", false)]
    [InlineData("http://0.0.0.0:5080", true)]
    [InlineData("http://[::]:5080", true)]
    [InlineData("http://*:5080", true)]
    [InlineData("https://192.0.2.1:443", true)]
    public void An_address_is_exposed_unless_it_is_this_machines(string address, bool exposed) => Api.Access.ExposureCheck.IsExposed(address).ShouldBe(exposed);

    private async Task<string> KeyAsync(string name, Role role)
        => (await _service.Services.GetRequiredService<ApiKeyStore>().CreateAsync(name, role, expiresAt: null, Actor.Service, default)).Secret;

    private async Task<HttpResponseMessage> SendAsync(HttpMethod method, string path, string? secret, string? json = null)
    {
        using var request = new HttpRequestMessage(method, path);
        if (secret is not null) request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", secret);
        if (json is not null) request.Content = new StringContent(json, Encoding.UTF8, "application/json");
        return await _service.Client.SendAsync(request);
    }
}
