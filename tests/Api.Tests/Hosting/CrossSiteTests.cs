using System.Net;

namespace NeuralCapacitance.Api.Tests.Hosting;

[Collection(ServiceCollectionDefinition.Name)]
public sealed class CrossSiteTests(ServiceFixture service)
{
    private const string Absent = "/api/v1/datasets/never-uploaded";

    [Theory]
    [InlineData("Sec-Fetch-Site", "cross-site")]
    [InlineData("Sec-Fetch-Site", "same-site")]
    [InlineData("Origin", "https://elsewhere.example")]
    [InlineData("Origin", "http://127.0.0.1:1")]
    [InlineData("Origin", "null")]
    public async Task A_change_that_another_sites_page_asks_for_is_refused(string header, string value)
    {
        using var deleted = await SendAsync(HttpMethod.Delete, Absent, header, value);
        (await deleted.ShouldBeProblemAsync(HttpStatusCode.Forbidden, "cross-site-request")).GetProperty("detail").GetString()!.ShouldContain(value);

        using var posted = await SendAsync(HttpMethod.Post, "/API/v1/datasets?name=foreign", header, value);
        await posted.ShouldBeProblemAsync(HttpStatusCode.Forbidden, "cross-site-request");
    }

    [Theory]
    [InlineData("Sec-Fetch-Site", "same-origin")]
    [InlineData("Sec-Fetch-Site", "none")]
    [InlineData("User-Agent", "curl/8.0")]
    public async Task A_change_that_the_own_page_or_no_browser_asks_for_passes(string header, string value)
    {
        using var response = await SendAsync(HttpMethod.Delete, Absent, header, value);

        await response.ShouldBeProblemAsync(HttpStatusCode.NotFound, "dataset-not-found");
    }

    [Fact]
    public async Task The_own_origin_passes()
    {
        using var response = await SendAsync(HttpMethod.Delete, Absent, "Origin", service.Address.GetLeftPart(UriPartial.Authority));

        await response.ShouldBeProblemAsync(HttpStatusCode.NotFound, "dataset-not-found");
    }

    [Fact]
    public async Task Reading_is_left_to_the_rules_of_the_browser()
    {
        using var response = await SendAsync(HttpMethod.Get, "/api/v1/jobs", "Sec-Fetch-Site", "cross-site");

        response.StatusCode.ShouldBe(HttpStatusCode.OK);
    }

    private async Task<HttpResponseMessage> SendAsync(HttpMethod method, string path, string header, string value)
    {
        using var request = new HttpRequestMessage(method, path);
        request.Headers.Add(header, value);
        return await service.Client.SendAsync(request);
    }
}
