using System.Globalization;
using System.Net;
using NeuralCapacitance.Api.Jobs;
using NeuralCapacitance.Worker.Logging;
using NeuralCapacitance.Worker.Tests.Hosting;
using Serilog.Events;
using Serilog.Formatting.Display;

namespace NeuralCapacitance.Api.Tests.Hosting;

[Collection(ServiceCollectionDefinition.Name)]
public sealed class RequestLogTests(ServiceFixture service)
{
    [Fact]
    public async Task A_refusal_is_one_line_with_its_reason_and_the_trace_that_the_body_names()
    {
        using var response = await service.PostAsync("/api/v1/jobs", """{ "dataset": { "name": "synthetic" }, "candidates": ["resnet9000", "resnet8"], "training": { "epochs": 0 } }""");
        var problem = await response.ShouldBeProblemAsync(HttpStatusCode.BadRequest, "invalid-job-spec");
        var trace = problem.GetProperty("traceId").GetString()!;

        var line = await service.Log.RequestAsync(trace);

        line.Level.ShouldBe(LogEventLevel.Information);
        line.RenderMessage(CultureInfo.InvariantCulture).ShouldStartWith("\"POST\" \"/api/v1/jobs\" → 400 in ");
        LogSink.Text(line, "Problem").ShouldBe("/problems/invalid-job-spec");
        LogSink.Text(line, "Reason").ShouldBe(problem.GetProperty("detail").GetString());
        line.Properties["Fields"].ToString().ShouldBe("[\"candidates[0]\", \"training.epochs\"]");
        service.Log.Events.Count(other => other.TraceId?.ToHexString() == trace).ShouldBe(1);
        var written = Render(line);
        written.Split('\n').Length.ShouldBe(2, "one line, and its end");
        written.TrimEnd().ShouldEndWith(trace);
    }

    [Theory]
    [InlineData("/nowhere", "not-found")]
    [InlineData("/api/v1/jobs?limit=many", "invalid-parameter")]
    public async Task What_the_framework_refuses_has_its_reason_too(string path, string type)
    {
        using var response = await service.Client.GetAsync(path);
        var problem = await response.ShouldBeProblemAsync(response.StatusCode, type);

        var line = await service.Log.RequestAsync(problem.GetProperty("traceId").GetString()!);

        line.Level.ShouldBe(LogEventLevel.Information);
        LogSink.Text(line, "Problem").ShouldBe($"/problems/{type}");
        line.Exception.ShouldBeNull();
    }

    [Fact]
    public async Task A_line_break_in_a_path_begins_no_line()
    {
        using var response = await service.Client.GetAsync("/nowhere%0AERR%20all%20is%20lost");
        var problem = await response.ShouldBeProblemAsync(HttpStatusCode.NotFound, "not-found");

        var written = Render(await service.Log.RequestAsync(problem.GetProperty("traceId").GetString()!));

        written.ShouldContain("/nowhere%0AERR%20all%20is%20lost");
        written.Split('\n').Length.ShouldBe(2, "one line, and its end");
    }

    /// <summary>What users name reaches the log as a reason, a field or a text of its own.</summary>
    [Theory]
    [InlineData("candidate\u000aERR all is lost", "flowers")]
    [InlineData("resnet8", "flowers\u000d\u000aERR all is lost")]
    [InlineData("\u001b[31mred", "flowers\u2028ERR all is lost")]
    public async Task Names_of_users_begin_no_line_and_color_nothing(string candidate, string dataset)
    {
        var spec = System.Text.Json.JsonSerializer.Serialize(new { dataset = new { name = dataset }, candidates = new[] { candidate, "resnet8" } });
        using var response = await service.PostAsync("/api/v1/jobs", spec);
        var problem = await response.ShouldBeProblemAsync(HttpStatusCode.BadRequest, "invalid-job-spec");

        ShouldBeOneLine(await service.Log.RequestAsync(problem.GetProperty("traceId").GetString()!));
    }

    [Fact]
    public async Task Headers_begin_no_line()
    {
        using var response = await service.PostAsync("/api/v1/jobs", ServiceFixture.Spec(), idempotencyKey: "key\twith\ttabs " + new string('x', 300));
        var problem = await response.ShouldBeProblemAsync(HttpStatusCode.BadRequest, "invalid-parameter");

        ShouldBeOneLine(await service.Log.RequestAsync(problem.GetProperty("traceId").GetString()!));
    }

    [Fact]
    public async Task A_line_of_JSON_has_the_trace_that_the_body_names()
    {
        using var response = await service.Client.GetAsync("/nowhere%0AERR");
        var trace = (await response.ShouldBeProblemAsync(HttpStatusCode.NotFound, "not-found")).GetProperty("traceId").GetString()!;
        using var text = new StringWriter(CultureInfo.InvariantCulture);

        new Serilog.Formatting.Compact.RenderedCompactJsonFormatter().Format(await service.Log.RequestAsync(trace), text);

        text.ToString().TrimEnd().ShouldNotContain('\n');
        using var line = System.Text.Json.JsonDocument.Parse(text.ToString());
        line.RootElement.GetProperty("@tr").GetString().ShouldBe(trace);
        line.RootElement.GetProperty("StatusCode").GetInt32().ShouldBe(404);
    }

    private static void ShouldBeOneLine(LogEvent line)
    {
        var written = Render(line);
        written.Split('\n').Length.ShouldBe(2, "one line, and its end");
        written.TrimEnd('\r', '\n').ShouldAllBe(c => !char.IsControl(c) && c != '\u2028');
    }

    [Fact]
    public async Task The_lines_of_a_jobs_requests_carry_its_id()
    {
        var job = await service.SubmitAsync();
        await service.GetAsync<JobResponse>(job.Links.Self);

        LogSink.Text(await service.Log.RequestAsync(HttpMethod.Get, job.Links.Self), "JobId").ShouldBe(job.Id.ToString());
        var accepted = await service.Log.FirstAsync(line => LogSink.Text(line, "AcceptedJobId") == job.Id.ToString());
        LogSink.Text(accepted, "RequestMethod").ShouldBe("POST");
    }

    private static string Render(LogEvent line)
    {
        using var text = new StringWriter(CultureInfo.InvariantCulture);
        new MessageTemplateTextFormatter(WorkerLogging.Template, CultureInfo.InvariantCulture).Format(line, text);
        return text.ToString();
    }
}
