using System.Net;

namespace NeuralCapacitance.Api.Tests.Hosting;

[Collection(ServiceCollectionDefinition.Name)]
public sealed class AllowedHostsTests(ServiceFixture service)
{
    [Theory]
    [InlineData("attacker.example")]
    [InlineData("localhost.attacker.example")]
    [InlineData("192.0.2.1")]
    public async Task A_page_whose_name_leads_here_is_refused(string host)
    {
        foreach (var (method, path) in new[] { (HttpMethod.Get, "/api/v1/jobs"), (HttpMethod.Get, "/"), (HttpMethod.Get, "/hangfire"), (HttpMethod.Delete, "/api/v1/datasets/x") })
        {
            using var response = await SendAsync(service.Client, method, path, host, $"http://{host}");
            (await response.ShouldBeProblemAsync(HttpStatusCode.BadRequest, "host-not-allowed")).GetProperty("detail").GetString()!.ShouldContain($"'{host}'");
        }
    }

    [Theory]
    [InlineData("localhost")]
    [InlineData("127.0.0.1:5080")]
    [InlineData("127.9.9.9")]
    [InlineData("[::1]:1")]
    public async Task A_name_of_loopback_passes(string host) => (await SendAsync(service.Client, HttpMethod.Get, "/api/v1/jobs", host)).StatusCode.ShouldBe(HttpStatusCode.OK);

    [Fact]
    public async Task A_probe_may_name_the_machine_by_its_address() => (await SendAsync(service.Client, HttpMethod.Get, "/health/live", "10.1.2.3")).StatusCode.ShouldBe(HttpStatusCode.OK);

    [Fact]
    public async Task The_setting_says_what_the_service_goes_by()
    {
        var own = new ServiceFixture(("AllowedHosts", "ncap.example; *.team.example"));
        await own.InitializeAsync();
        try
        {
            (await SendAsync(own.Client, HttpMethod.Get, "/api/v1/jobs", "ncap.example")).StatusCode.ShouldBe(HttpStatusCode.OK);
            (await SendAsync(own.Client, HttpMethod.Get, "/api/v1/jobs", "a.team.example:8443")).StatusCode.ShouldBe(HttpStatusCode.OK);
            using var refused = await SendAsync(own.Client, HttpMethod.Get, "/api/v1/jobs", "localhost");
            (await refused.ShouldBeProblemAsync(HttpStatusCode.BadRequest, "host-not-allowed")).GetProperty("detail").GetString()!.ShouldContain("ncap.example, *.team.example");
        }
        finally
        {
            await own.DisposeAsync();
        }
    }

    private static async Task<HttpResponseMessage> SendAsync(HttpClient client, HttpMethod method, string path, string host, string? origin = null)
    {
        using var request = new HttpRequestMessage(method, path) { Headers = { Host = host } };
        if (origin is not null) request.Headers.Add("Origin", origin);
        return await client.SendAsync(request);
    }
}
