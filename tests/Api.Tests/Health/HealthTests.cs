using System.Net;
using System.Net.Http.Json;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using NeuralCapacitance.Api.Health;

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
}
