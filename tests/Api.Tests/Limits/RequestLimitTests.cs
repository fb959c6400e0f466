using System.Net;
using System.Net.Http.Headers;
using System.Text.Json;
using Microsoft.Extensions.DependencyInjection;
using NeuralCapacitance.Api.Limits;
using NeuralCapacitance.Domain.Access;
using NeuralCapacitance.Infrastructure.Access;

namespace NeuralCapacitance.Api.Tests.Limits;

public sealed class RequestLimitTests
{
    private const string Jobs = "/api/v1/jobs";

    private static string Ranking => $"{Jobs}/{Guid.NewGuid()}/ranking";

    [Fact]
    public async Task Expensive_requests_beyond_the_limit_are_refused_with_the_limit_and_others_answered()
    {
        await using var service = await StartAsync(("Limits:Requests", "true"), ("Limits:ExpensivePerMinute", "2"));

        using var refused = await RefusedAsync(service.Client, Ranking);

        var problem = await refused.ShouldBeProblemAsync(HttpStatusCode.TooManyRequests, "rate-limited");
        problem.GetProperty("detail").GetString()!.ShouldStartWith("More than 2 expensive requests (rankings");
        (problem.GetProperty("limit").GetInt32(), problem.GetProperty("setting").GetString()).ShouldBe((2, "Limits:ExpensivePerMinute"));
        refused.Headers.RetryAfter?.Delta.ShouldNotBeNull().ShouldBeInRange(TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(30));
        (await service.Client.GetAsync(Jobs)).StatusCode.ShouldBe(HttpStatusCode.OK, "a read is another kind");
        (await service.Client.GetAsync("/health/ready")).StatusCode.ShouldNotBe(HttpStatusCode.TooManyRequests);
    }

    [Fact]
    public async Task A_dry_run_is_expensive_a_submission_is_a_change()
    {
        await using var service = await StartAsync(("Limits:Requests", "true"), ("Limits:ExpensivePerMinute", "1"), ("Limits:ChangesPerMinute", "1"));

        (await SettingAsync(service, $"{Jobs}?dryRun=true")).ShouldBe("Limits:ExpensivePerMinute");
        (await SettingAsync(service, Jobs)).ShouldBe("Limits:ChangesPerMinute");
    }

    [Fact]
    public async Task Health_is_told_however_often_somebody_asks()
    {
        await using var service = await StartAsync(("Limits:Requests", "true"), ("Limits:ReadsPerMinute", "1"));

        for (var i = 0; i < 5; i++)
        {
            (await service.Client.GetAsync("/health/live")).StatusCode.ShouldBe(HttpStatusCode.OK);
            (await service.Client.GetAsync("/health/ready")).StatusCode.ShouldNotBe(HttpStatusCode.TooManyRequests, "without a worker it is not ready, and says so");
        }
    }

    [Fact]
    public async Task On_the_machine_itself_without_keys_nothing_is_counted_and_with_keys_each_has_its_own()
    {
        await using var service = await StartAsync(("Limits:ReadsPerMinute", "1"));
        for (var i = 0; i < 5; i++) (await service.Client.GetAsync(Jobs)).StatusCode.ShouldBe(HttpStatusCode.OK);
        using var greedy = await service.ClientAsync("greedy", Role.Read);
        using var modest = await service.ClientAsync("modest", Role.Read);

        (await RefusedAsync(greedy, Jobs)).Dispose();
        (await modest.GetAsync(Jobs)).StatusCode.ShouldBe(HttpStatusCode.OK);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(7)]
    [InlineData(59)]
    [InlineData(60)]
    [InlineData(100)]
    [InlineData(6_000)]
    public void A_limit_is_that_many_a_minute_and_as_many_at_once(int perMinute)
    {
        var bucket = RequestLimits.Bucket(perMinute);

        bucket.TokenLimit.ShouldBe(perMinute);
        (bucket.TokensPerPeriod / bucket.ReplenishmentPeriod.TotalMinutes).ShouldBe(perMinute, 0.01);
    }

    [Fact]
    public void Every_fault_of_the_limits_is_reported_at_once()
    {
        var result = new LimitOptionsValidator().Validate(null, new LimitOptions { ReadsPerMinute = 0, ActiveJobs = 0, HighestPriority = 101, UploadBytes = -1, DryRuns = 0 });

        result.Failures.ShouldBe(
        [
            "Limits:ReadsPerMinute is 0; accepted is 1 … 1000000.",
            "Limits:ActiveJobs is 0; accepted is 1 … 1000000.",
            "Limits:HighestPriority is 101; accepted is -100 … 100.",
            "Limits:UploadBytes is -1; accepted is 0 … 9223372036854775807.",
            "Limits:DryRuns is 0; accepted is 1 … 1000000.",
        ]);
        new LimitOptionsValidator().Validate(null, new LimitOptions()).Succeeded.ShouldBeTrue();
    }

    private static async Task<LimitedService> StartAsync(params (string Key, string Value)[] settings) => await LimitedService.StartAsync(settings);

    /// <summary>A place in a bucket may come free meanwhile, however slow the machine is: asked until refused, a hundred times at most.</summary>
    private static async Task<HttpResponseMessage> RefusedAsync(HttpClient client, string path)
    {
        for (var i = 0; i < 100; i++)
        {
            var response = await client.GetAsync(path);
            if (response.StatusCode is HttpStatusCode.TooManyRequests) return response;
            response.Dispose();
        }

        throw new InvalidOperationException($"{path} was never refused.");
    }

    private static async Task<string?> SettingAsync(LimitedService service, string path)
    {
        for (var i = 0; i < 100; i++)
        {
            using var response = await service.Fixture.PostAsync(path, "{}");
            if (response.StatusCode is not HttpStatusCode.TooManyRequests) continue;
            using var problem = JsonDocument.Parse(await response.Content.ReadAsStringAsync());
            return problem.RootElement.GetProperty("setting").GetString();
        }

        return null;
    }
}

/// <summary>A service with limits of its own.</summary>
internal sealed record LimitedService(ServiceFixture Fixture) : IAsyncDisposable
{
    public HttpClient Client => Fixture.Client;

    public static async Task<LimitedService> StartAsync(params (string Key, string Value)[] settings)
    {
        var service = new LimitedService(new ServiceFixture(settings));
        await service.Fixture.InitializeAsync();
        return service;
    }

    /// <summary>Who has a key of this role.</summary>
    public async Task<HttpClient> ClientAsync(string name, Role role)
    {
        var secret = (await Fixture.Services.GetRequiredService<ApiKeyStore>().CreateAsync(name, role, expiresAt: null, Actor.Service, default)).Secret;
        return new HttpClient { BaseAddress = Fixture.Address, DefaultRequestHeaders = { Authorization = new AuthenticationHeaderValue("Bearer", secret) } };
    }

    public async ValueTask DisposeAsync() => await Fixture.DisposeAsync();
}
