using System.Net;
using System.Net.Sockets;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.TestHost;
using Microsoft.Extensions.DependencyInjection;
using NeuralCapacitance.Api.Hosting;
using NeuralCapacitance.Api.Problems;
using NeuralCapacitance.Domain.Datasets;
using NeuralCapacitance.Infrastructure.Postgres;
using NeuralCapacitance.Infrastructure.Rankings;
using NeuralCapacitance.Worker.Logging;
using NeuralCapacitance.Worker.Tests.Hosting;
using Npgsql;
using Serilog.Core;
using Serilog.Events;

namespace NeuralCapacitance.Api.Tests.Problems;

public sealed class ProblemExceptionHandlerTests
{
    private readonly LogSink log = new();

    [Fact]
    public async Task A_database_that_is_gone_is_a_503_that_says_when_to_try_again()
    {
        using var response = await AnswerAsync(() =>
            new InvalidOperationException("EF wraps it", new NpgsqlException("gone", new SocketException((int)SocketError.ConnectionRefused))));
        var line = await log.RequestAsync(HttpMethod.Get, "/");

        (line.Level, line.Exception).ShouldBe((LogEventLevel.Warning, null));
        LogSink.Text(line, "Cause").ShouldBe(new SocketException((int)SocketError.ConnectionRefused).Message);
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
    public async Task More_predictions_than_may_wait_are_a_503_that_says_when_to_try_again()
    {
        using var response = await AnswerAsync(() => new PredictionsBusyException(threads: 2));

        var problem = await response.ShouldBeProblemAsync(HttpStatusCode.ServiceUnavailable, "predictions-busy");
        problem.GetProperty("detail").GetString()!.ShouldStartWith("2 predictions are being computed");
        response.Headers.RetryAfter?.Delta.ShouldNotBeNull().ShouldBeGreaterThan(TimeSpan.Zero);
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
        var trace = problem.GetProperty("traceId").GetString()!;
        problem.GetProperty("detail").GetString()!.ShouldContain(trace);
        var line = await log.RequestAsync(trace);
        line.Level.ShouldBe(LogEventLevel.Error);
        line.Exception.ShouldNotBeNull().Message.ShouldBe("secret");
        log.Events.Count(other => other.TraceId?.ToHexString() == trace).ShouldBe(1);
    }

    private async Task<HttpResponseMessage> AnswerAsync(Func<Exception> exception)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.WebHost.UseTestServer();
        builder.Services.AddProblems().AddSingleton<OutageJournal>();
        builder.Services.AddWorkerLogging(builder.Configuration).AddSingleton<ILogEventSink>(log);
        await using var app = builder.Build();
        app.UseRequestLog();
        app.UseProblems();
        app.MapGet("/", IResult () => throw exception());
        await app.StartAsync();
        using var client = app.GetTestClient();
        return await client.GetAsync("/");
    }
}
