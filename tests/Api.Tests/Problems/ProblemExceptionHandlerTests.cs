using System.Net;
using System.Net.Sockets;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.TestHost;
using NeuralCapacitance.Api.Problems;
using NeuralCapacitance.Domain.Datasets;
using Npgsql;

namespace NeuralCapacitance.Api.Tests.Problems;

public sealed class ProblemExceptionHandlerTests
{
    [Fact]
    public async Task A_database_that_is_gone_is_a_503_that_says_when_to_try_again()
    {
        using var response = await AnswerAsync(() =>
            new InvalidOperationException("EF wraps it", new NpgsqlException("gone", new SocketException((int)SocketError.ConnectionRefused))));

        await response.ShouldBeProblemAsync(HttpStatusCode.ServiceUnavailable, "database-unavailable");
        response.Headers.RetryAfter?.Delta.ShouldNotBeNull().ShouldBeGreaterThan(TimeSpan.Zero);
    }

    [Fact]
    public async Task A_constraint_that_is_violated_is_a_defect_and_not_an_outage()
    {
        using var response = await AnswerAsync(() => new PostgresException("duplicate key", "ERROR", "ERROR", PostgresErrorCodes.UniqueViolation));

        await response.ShouldBeProblemAsync(HttpStatusCode.InternalServerError, "internal-error");
    }

    [Fact]
    public async Task A_data_set_that_cannot_be_read_is_no_defect()
    {
        using var response = await AnswerAsync(() => new DatasetException("path", "The file 'a.bin' is damaged."));

        (await response.ShouldBeProblemAsync(HttpStatusCode.Conflict, "dataset-unusable")).GetProperty("detail").GetString()!.ShouldContain("a.bin");
    }

    [Fact]
    public async Task An_unexpected_exception_tells_its_trace_and_nothing_of_the_inside()
    {
        using var response = await AnswerAsync(() => new InvalidOperationException("secret"));

        var problem = await response.ShouldBeProblemAsync(HttpStatusCode.InternalServerError, "internal-error");
        problem.ToString().ShouldNotContain("secret");
        problem.GetProperty("traceId").GetString().ShouldNotBeNullOrWhiteSpace();
    }

    private static async Task<HttpResponseMessage> AnswerAsync(Func<Exception> exception)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.WebHost.UseTestServer();
        builder.Services.AddProblems();
        await using var app = builder.Build();
        app.UseProblems();
        app.MapGet("/", IResult () => throw exception());
        await app.StartAsync();
        using var client = app.GetTestClient();
        return await client.GetAsync("/");
    }
}
