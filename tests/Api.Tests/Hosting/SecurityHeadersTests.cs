namespace NeuralCapacitance.Api.Tests.Hosting;

[Collection(ServiceCollectionDefinition.Name)]
public sealed class SecurityHeadersTests(ServiceFixture service)
{
    [Theory]
    [InlineData("/")]
    [InlineData("/js/app.js")]
    [InlineData("/lib/echarts.js")]
    [InlineData("/swagger/index.html")]
    [InlineData("/hangfire")]
    [InlineData("/api/v1/jobs")]
    [InlineData("/nowhere")]
    public async Task Every_answer_says_what_a_browser_may_do_with_it(string path)
    {
        using var response = await service.Client.GetAsync(path);

        var policy = response.Headers.GetValues("Content-Security-Policy").ShouldHaveSingleItem();
        policy.ShouldContain("default-src 'none'");
        policy.ShouldContain("frame-ancestors 'none'");
        policy.ShouldContain("script-src 'self';");
        policy.Contains("unsafe", StringComparison.Ordinal).ShouldBe(path == "/hangfire", "only Hangfire's own pages bring styles in their elements");
        response.Headers.GetValues("X-Content-Type-Options").ShouldBe(["nosniff"]);
        response.Headers.GetValues("Referrer-Policy").ShouldBe(["no-referrer"]);
    }
}
