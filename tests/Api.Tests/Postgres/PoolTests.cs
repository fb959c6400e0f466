using System.Net;
using Microsoft.Extensions.DependencyInjection;
using NeuralCapacitance.Infrastructure.Tests;
using Npgsql;

namespace NeuralCapacitance.Api.Tests.Postgres;

/// <summary>A service with few connections, which wait for a second when all are taken.</summary>
public sealed class PoolTests : IAsyncLifetime
{
    private const int MaxPoolSize = 5;

    private ServiceFixture _service = null!;

    public async Task InitializeAsync()
    {
        _service = new(("ConnectionStrings:Postgres", $"{await PostgresFixture.NewDatabaseAsync()};Maximum Pool Size={MaxPoolSize};Timeout=1"));
        await _service.InitializeAsync();
    }

    public Task DisposeAsync() => _service.DisposeAsync();

    [Fact]
    public async Task A_request_that_gets_no_connection_in_time_is_told_when_to_come_back()
    {
        var taken = await TakeAllAsync(_service.Services.GetRequiredService<NpgsqlDataSource>());
        taken.Count.ShouldBeInRange(1, MaxPoolSize - 1, "one listens");

        using (var refused = await _service.Client.GetAsync("/api/v1/jobs"))
        {
            await refused.ShouldBeProblemAsync(HttpStatusCode.ServiceUnavailable, "database-unavailable");
            refused.Headers.RetryAfter?.Delta.ShouldNotBeNull().ShouldBeGreaterThan(TimeSpan.Zero);
        }

        using (var events = await _service.Client.GetAsync($"/api/v1/jobs/{Guid.NewGuid()}/events"))
            await events.ShouldBeProblemAsync(HttpStatusCode.ServiceUnavailable, "database-unavailable");
        using (var live = await _service.Client.GetAsync("/health/live")) live.StatusCode.ShouldBe(HttpStatusCode.OK);

        foreach (var connection in taken) await connection.DisposeAsync();
        using var served = await _service.Client.GetAsync("/api/v1/jobs");
        served.StatusCode.ShouldBe(HttpStatusCode.OK);
    }

    private static async Task<List<NpgsqlConnection>> TakeAllAsync(NpgsqlDataSource database)
    {
        var taken = new List<NpgsqlConnection>();
        try
        {
            while (true) taken.Add(await database.OpenConnectionAsync());
        }
        catch (NpgsqlException e) when (e.InnerException is TimeoutException)
        {
            return taken;
        }
    }
}
