using System.Net;
using Microsoft.Extensions.DependencyInjection;
using NeuralCapacitance.Domain.Access;
using NeuralCapacitance.EndToEnd.Processes;
using NeuralCapacitance.Infrastructure.Tests;
using Npgsql;

namespace NeuralCapacitance.Api.Tests.Access;

/// <summary>Nobody can be looked up while the database is away. These ask for what needs no database itself.</summary>
public sealed class OutageTests
{
    private const string Predictors = "/api/v1/predictors";

    [Fact]
    public async Task What_is_open_to_all_stays_open_and_the_rest_says_that_the_database_is_away()
    {
        var service = new ServiceFixture();
        await service.InitializeAsync();
        var database = service.Services.GetRequiredService<NpgsqlDataSource>().ConnectionString;
        try
        {
            await PostgresFixture.AllowConnectionsAsync(database, allowed: false);

            await Eventually.Async("the outage to be met", async () => (await service.Client.GetAsync(Predictors)).StatusCode, status => status is HttpStatusCode.ServiceUnavailable);
            (await service.Client.GetAsync("/health/live")).StatusCode.ShouldBe(HttpStatusCode.OK);
            (await service.Client.GetAsync("/")).StatusCode.ShouldBe(HttpStatusCode.OK);
        }
        finally
        {
            await PostgresFixture.AllowConnectionsAsync(database, allowed: true);
            await service.DisposeAsync();
        }
    }

    [Fact]
    public async Task Keys_and_sessions_are_not_called_wrong_and_go_on_afterwards()
    {
        var service = new LockedService();
        await service.InitializeAsync();
        var database = service.Service.Services.GetRequiredService<NpgsqlDataSource>().ConnectionString;
        try
        {
            var secret = await service.KeyAsync("patient", Role.Read);
            using var session = await service.SendAsync(HttpMethod.Post, "/api/v1/session", json: $$"""{ "key": "{{secret}}" }""");
            var cookie = session.Headers.GetValues("Set-Cookie").Single().Split(';')[0];
            await PostgresFixture.AllowConnectionsAsync(database, allowed: false);

            await Eventually.Async("the outage to be met by the session", () => StatusAsync(secret: null, cookie), status => status is HttpStatusCode.ServiceUnavailable);
            using var answer = await service.SendAsync(HttpMethod.Get, Predictors, secret);
            await answer.ShouldBeProblemAsync(HttpStatusCode.ServiceUnavailable, "database-unavailable");
            answer.Headers.RetryAfter.ShouldNotBeNull();
            await PostgresFixture.AllowConnectionsAsync(database, allowed: true);

            await Eventually.Async("the session to go on", () => StatusAsync(secret: null, cookie), status => status is HttpStatusCode.OK);
            (await StatusAsync(secret, cookie: null)).ShouldBe(HttpStatusCode.OK);
        }
        finally
        {
            await PostgresFixture.AllowConnectionsAsync(database, allowed: true);
            await service.DisposeAsync();
        }

        async Task<HttpStatusCode> StatusAsync(string? secret, string? cookie) => (await service.SendAsync(HttpMethod.Get, Predictors, secret, cookie: cookie)).StatusCode;
    }
}
