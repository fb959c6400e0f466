using System.Net;
using System.Net.Http.Json;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using NeuralCapacitance.Api.Health;
using NeuralCapacitance.Infrastructure.Tests.Workload;

namespace NeuralCapacitance.Api.Tests.Health;

[Collection(ServiceCollectionDefinition.Name)]
public sealed class HealthTests(ServiceFixture service)
{
    [Fact]
    public async Task A_process_that_answers_is_alive()
        => (await service.GetAsync<HealthResponse>("/health/live")).Status.ShouldBe(HealthStatus.Healthy);

    [Fact]
    public async Task A_service_without_a_worker_is_not_ready_and_says_what_it_looked_at()
    {
        using var response = await service.Client.GetAsync("/health/ready");

        response.StatusCode.ShouldBe(HttpStatusCode.ServiceUnavailable);
        var health = (await response.Content.ReadFromJsonAsync<HealthResponse>(ServiceFixture.Json))!;
        health.Checks.Single(check => check.Name == "postgres").Status.ShouldBe(HealthStatus.Healthy);
        health.Checks.Single(check => check.Name == "disk").Status.ShouldBe(HealthStatus.Healthy);
        health.Checks.Single(check => check.Name == "workers").Description.ShouldNotBeNull().ShouldContain("No worker lives");
    }

    [Fact]
    public async Task However_many_ask_whether_it_is_ready_the_database_is_asked_a_few_times()
    {
        var checks = new CountingChecks();
        var time = new ManualTime();
        var readiness = new Readiness(checks, time);

        await Task.WhenAll(Enumerable.Range(0, 50).Select(_ => readiness.LookAsync(default)));
        checks.Looks.ShouldBe(1);

        time.Advance(TimeSpan.FromSeconds(1));
        await readiness.LookAsync(default);
        checks.Looks.ShouldBe(2);
    }

    private sealed class CountingChecks : HealthCheckService
    {
        private int looks;

        public int Looks => looks;

        public override Task<HealthReport> CheckHealthAsync(Func<HealthCheckRegistration, bool>? predicate, CancellationToken cancellationToken = default)
        {
            Interlocked.Increment(ref looks);
            return Task.FromResult(new HealthReport(new Dictionary<string, HealthReportEntry>(), TimeSpan.Zero));
        }
    }
}
