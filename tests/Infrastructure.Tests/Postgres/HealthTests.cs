using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace NeuralCapacitance.Infrastructure.Tests.Postgres;

public sealed class HealthTests
{
    [Fact]
    public async Task A_node_is_ready_while_its_database_answers_and_else_says_why_not()
    {
        var database = await PostgresFixture.NewDatabaseAsync();
        await using var node = await ServiceNode.StartAsync(database);
        var checks = node.Services.GetRequiredService<HealthCheckService>();
        (await checks.CheckHealthAsync(check => check.Name == "postgres")).Status.ShouldBe(HealthStatus.Healthy);

        await PostgresFixture.AllowConnectionsAsync(database, false);
        // The pool learns by its first command that the server has closed a connection.
        await checks.CheckHealthAsync(check => check.Name == "postgres");

        var (_, entry) = (await checks.CheckHealthAsync(check => check.Name == "postgres")).Entries.ShouldHaveSingleItem();
        entry.Status.ShouldBe(HealthStatus.Unhealthy);
        entry.Description.ShouldNotBeNull().ShouldContain("not currently accepting connections");
        await PostgresFixture.AllowConnectionsAsync(database, true);
    }
}
