using System.Net;
using Microsoft.Extensions.Time.Testing;
using NeuralCapacitance.Client.Models;
using NeuralCapacitance.EndToEnd.Processes;

namespace NeuralCapacitance.Client.Tests;

public sealed class RetryTests
{
    [Theory]
    [InlineData(429, "rate-limited", "0")]
    [InlineData(502, "bad-gateway")]
    [InlineData(503, "database-unavailable")]
    [InlineData(504, "gateway-timeout")]
    public async Task A_submission_is_sent_again_under_the_same_key_until_it_is_answered(int status, string slug, string? retryAfter = null)
    {
        await using var service = await FakeService.StartAsync(FakeService.Problem(status, slug, retryAfter: retryAfter), FakeService.Problem(status, slug, retryAfter: retryAfter), FakeService.Json(Wire.Job().Json(), 202));
        using var client = service.Client();

        var job = await client.Jobs.SubmitAsync("{}");

        job.Id.ShouldBe(Wire.JobId);
        service.Requests.Count.ShouldBe(3);
        service.Requests.Select(request => request.Headers["Idempotency-Key"]).Distinct().ShouldHaveSingleItem().ShouldNotBeEmpty();
    }

    [Fact]
    public async Task A_key_of_the_callers_own_is_sent_as_it_is()
    {
        await using var service = await FakeService.StartAsync(FakeService.Json(Wire.Job().Json(), 202));
        using var client = service.Client();

        await client.Jobs.SubmitAsync(Wire.Job().Spec, "nightly-7");

        service.Requests[0].Headers["Idempotency-Key"].ShouldBe("nightly-7");
        service.Requests[0].Text.ShouldContain("\"resnet8\"");
    }

    [Fact]
    public async Task What_will_not_pass_is_not_sent_again()
    {
        await using var service = await FakeService.StartAsync(FakeService.Problem(400, "invalid-job-spec", """[{ "path": "training.epochs", "value": "0", "problem": "is out of range", "accepted": "2 to 10000" }]"""));
        using var client = service.Client();

        var refused = await Should.ThrowAsync<ServiceException>(client.Jobs.SubmitAsync("{}"));

        service.Requests.Count.ShouldBe(1);
        refused.Status.ShouldBe(HttpStatusCode.BadRequest);
        refused.Is("invalid-job-spec").ShouldBeTrue();
        refused.Is("job-spec").ShouldBeFalse();
        refused.TraceId.ShouldBe("abc");
        refused.Message.ShouldBe("Refused: This is why.");
        refused.Errors.ShouldHaveSingleItem().Path.ShouldBe("training.epochs");
    }

    [Fact]
    public async Task A_quota_that_is_used_up_is_not_asked_again()
    {
        await using var service = await FakeService.StartAsync(FakeService.Problem(429, "quota-exceeded"));
        using var client = service.Client();

        (await Should.ThrowAsync<ServiceException>(client.Jobs.SubmitAsync("{}"))).Is("quota-exceeded").ShouldBeTrue();

        service.Requests.Count.ShouldBe(1);
    }

    [Fact]
    public async Task Retries_end_with_the_last_refusal()
    {
        await using var service = await FakeService.StartAsync(FakeService.Problem(503, "database-unavailable"));
        using var client = service.Client(FakeService.Hasty with { Retries = 2 });

        (await Should.ThrowAsync<ServiceException>(client.Jobs.GetAsync(Wire.JobId))).Status.ShouldBe(HttpStatusCode.ServiceUnavailable);

        service.Requests.Count.ShouldBe(3);
    }

    [Fact]
    public async Task Retry_After_is_waited_for()
    {
        var time = new FakeTimeProvider();
        await using var service = await FakeService.StartAsync(FakeService.Problem(429, "rate-limited", retryAfter: "7"), FakeService.Json(Wire.Job().Json()));
        using var client = service.Client(FakeService.Hasty with { Time = time });

        var start = time.GetUtcNow();
        var getting = client.Jobs.GetAsync(Wire.JobId);
        await Eventually.Async("the answer", () =>
        {
            time.Advance(TimeSpan.FromSeconds(1));
            return Task.FromResult(getting.IsCompleted);
        }, done => done);

        (await getting).Id.ShouldBe(Wire.JobId);
        (time.GetUtcNow() - start).ShouldBeGreaterThanOrEqualTo(TimeSpan.FromSeconds(7));
    }

    [Fact]
    public async Task A_Retry_After_that_is_too_long_is_the_callers()
    {
        await using var service = await FakeService.StartAsync(FakeService.Problem(429, "rate-limited", retryAfter: "3600"));
        using var client = service.Client();

        var refused = await Should.ThrowAsync<ServiceException>(client.Jobs.GetAsync(Wire.JobId));

        refused.RetryAfter.ShouldBe(TimeSpan.FromHours(1));
        service.Requests.Count.ShouldBe(1);
    }

    [Fact]
    public async Task What_is_no_answer_of_the_service_is_told_as_it_is()
    {
        await using var service = await FakeService.StartAsync(FakeService.Text("<html>\n  <h1>Not here</h1>", "text/html", 404));
        using var client = service.Client();

        var refused = await Should.ThrowAsync<ServiceException>(client.Jobs.GetAsync(Wire.JobId));

        refused.Type.ShouldBe("about:blank");
        refused.Message.ShouldContain("<h1>Not here</h1>");
    }

    [Theory]
    [InlineData("<html>Welcome</html>")]
    [InlineData("{}")]
    [InlineData("null")]
    public async Task Another_service_that_says_yes_is_not_taken_for_this_one(string body)
    {
        await using var service = await FakeService.StartAsync(FakeService.Text(body, "text/html"));
        using var client = service.Client();

        (await Should.ThrowAsync<InvalidDataException>(client.Jobs.GetAsync(Wire.JobId))).Message.ShouldContain("did not answer as this service does");
    }

    [Fact]
    public async Task An_answer_that_does_not_come_is_a_timeout()
    {
        await using var service = await FakeService.StartAsync(context => Task.Delay(Timeout.Infinite, context.RequestAborted));
        using var client = service.Client(FakeService.Hasty with { RequestTimeout = TimeSpan.FromMilliseconds(20), Retries = 1 });

        (await Should.ThrowAsync<TimeoutException>(client.Jobs.GetAsync(Wire.JobId))).Message.ShouldContain("api/v1/jobs");
    }

    [Fact]
    public async Task A_key_and_a_prefix_are_in_every_request()
    {
        await using var service = await FakeService.StartAsync(FakeService.Json("""{ "items": [], "patterns": [] }"""));
        using var client = service.Client(FakeService.Hasty with { ApiKey = "nc_secret" }, prefix: "/ranking");

        (await client.GetBackbonesAsync()).Items.ShouldBeEmpty();

        service.Requests[0].Path.ShouldBe("/ranking/api/v1/backbones");
        service.Requests[0].Headers["Authorization"].ShouldBe("Bearer nc_secret");
    }

    [Theory]
    [InlineData("ftp://example.org")]
    [InlineData("/relative")]
    public void What_is_no_address_is_refused(string address)
        => Should.Throw<ArgumentException>(() => new NeuralCapacitanceClient(new Uri(address, UriKind.RelativeOrAbsolute))).Message.ShouldContain("https://HOST");

    [Fact]
    public async Task Pages_are_fetched_as_they_are_asked_for()
    {
        await using var service = await FakeService.StartAsync(
            FakeService.Json($$"""{ "items": [{{Wire.Job().Json()}}], "nextCursor": "a+b" }"""), FakeService.Json($$"""{ "items": [{{Wire.Job().Json()}}], "nextCursor": null }"""));
        using var client = service.Client();

        (await client.Jobs.ListAsync(new() { States = [JobState.Running, JobState.Queued], Name = "50 %", Dataset = "birds", PageSize = 7 }).ToListAsync()).Count.ShouldBe(2);

        const string First = "/api/v1/jobs?state=running&state=queued&name=50%20%25&dataset=birds&limit=7";
        service.Requests.Select(request => request.Path).ShouldBe([First, $"{First}&cursor=a%2Bb"]);
    }

    [Fact]
    public async Task All_jobs_are_asked_for_where_nothing_is_said()
    {
        await using var service = await FakeService.StartAsync(FakeService.Json("""{ "items": [], "nextCursor": null }"""));
        using var client = service.Client();

        (await client.Jobs.ListAsync().ToListAsync()).ShouldBeEmpty();

        service.Requests.ShouldHaveSingleItem().Path.ShouldBe("/api/v1/jobs?limit=100");
    }
}
