using Microsoft.AspNetCore.Http;
using NeuralCapacitance.Client.Models;

namespace NeuralCapacitance.Client.Tests;

public sealed class EventStreamTests
{
    [Fact]
    public async Task A_broken_stream_is_taken_up_after_the_last_event()
    {
        await using var service = await FakeService.StartAsync(
            Stream(Wire.Event("job", Wire.Job()), Wire.Event("observation", Wire.Observation(41), 41), "event: heartbeat\ndata: {}\n\n"),
            FakeService.Problem(503, "database-unavailable"),
            Stream(Wire.Event("observation", Wire.Observation(42), 42), Wire.Event("end", Wire.Job(JobState.Succeeded))));
        using var client = service.Client();

        var told = await client.Jobs.FollowAsync(Wire.JobId).ToListAsync();

        told.Select(one => one.GetType().Name).ShouldBe(["JobChanged", "EpochObserved", "EpochObserved", "JobEnded"]);
        told.OfType<EpochObserved>().Select(one => one.Observation.Id).ShouldBe([41, 42]);
        service.Requests.Select(request => request.Headers.GetValueOrDefault("Last-Event-ID")).ShouldBe([null, "41", "41"]);
    }

    [Fact]
    public async Task An_event_of_a_later_version_is_passed_over()
    {
        await using var service = await FakeService.StartAsync(Stream("event: fanfare\ndata: 7\n\n", Wire.Event("end", Wire.Job(JobState.Failed))));
        using var client = service.Client();

        (await client.Jobs.WaitAsync(Wire.JobId)).State.ShouldBe(JobState.Failed);
    }

    [Fact]
    public async Task A_job_that_is_gone_ends_it_with_the_services_word()
    {
        await using var service = await FakeService.StartAsync(Stream(Wire.Event("job", Wire.Job())), FakeService.Problem(404, "job-not-found"));
        using var client = service.Client();

        (await Should.ThrowAsync<ServiceException>(client.Jobs.WaitAsync(Wire.JobId))).Is("job-not-found").ShouldBeTrue();
    }

    [Fact]
    public async Task A_service_that_stays_away_is_given_up()
    {
        await using var service = await FakeService.StartAsync(FakeService.Problem(503, "database-unavailable"));
        using var client = service.Client();

        (await Should.ThrowAsync<IOException>(client.Jobs.WaitAsync(Wire.JobId))).Message.ShouldContain("in 3 tries");

        service.Requests.Count.ShouldBe(4);
    }

    [Fact]
    public async Task A_stream_that_falls_silent_is_opened_again()
    {
        await using var service = await FakeService.StartAsync(
            async context =>
            {
                await Stream(Wire.Event("job", Wire.Job()))(context);
                await context.Response.Body.FlushAsync();
                await Task.Delay(Timeout.Infinite, context.RequestAborted);
            },
            Stream(Wire.Event("end", Wire.Job(JobState.Succeeded))));
        using var client = service.Client(FakeService.Hasty with { StreamSilence = TimeSpan.FromMilliseconds(100) });

        (await client.Jobs.WaitAsync(Wire.JobId)).State.ShouldBe(JobState.Succeeded);

        service.Requests.Count.ShouldBeGreaterThanOrEqualTo(2);
    }

    [Fact]
    public async Task Whoever_cancels_stops_listening()
    {
        using var stop = new CancellationTokenSource();
        await using var service = await FakeService.StartAsync(async context =>
        {
            await Stream(Wire.Event("job", Wire.Job()))(context);
            await context.Response.Body.FlushAsync();
            await Task.Delay(Timeout.Infinite, context.RequestAborted);
        });
        using var client = service.Client();

        await Should.ThrowAsync<OperationCanceledException>(async () =>
        {
            await foreach (var told in client.Jobs.FollowAsync(Wire.JobId, stop.Token)) await stop.CancelAsync();
        });
    }

    private static RequestDelegate Stream(params string[] events) => FakeService.Text(string.Concat(events), "text/event-stream");
}
