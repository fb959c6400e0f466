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
    public async Task A_service_with_its_database_is_ready_and_says_what_it_looked_at()
    {
        var health = await service.GetAsync<HealthResponse>("/health/ready");

        health.Status.ShouldBe(HealthStatus.Healthy);
        health.Checks.Select(check => check.Name).ShouldContain("postgres");
    }
}
