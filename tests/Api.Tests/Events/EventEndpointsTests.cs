using System.Net;
using System.Net.ServerSentEvents;
using System.Text.Json;
using NeuralCapacitance.Api.Observations;

namespace NeuralCapacitance.Api.Tests.Events;

[Collection(ServiceCollectionDefinition.Name)]
public sealed class EventEndpointsTests(ServiceFixture service)
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    [Fact]
    public async Task The_stream_of_an_ended_job_tells_everything_and_closes()
    {
        var job = await service.PlayedJobAsync();

        var events = await ReadAsync(job.Links.Events);

        events.Count(item => item.EventType == "observation").ShouldBe(14);
        events.Where(item => item.EventType == "trial").Select(item => Member(item, "state")).ShouldBe(["succeeded", "succeeded"]);
        events[^1].EventType.ShouldBe("end");
        Member(events[^1], "state").ShouldBe("succeeded");
        events.Where(item => item.EventType == "observation").ShouldAllBe(item => item.EventId == Member(item, "id"));
        events.Where(item => item.EventType != "observation").ShouldAllBe(item => item.Data.StartsWith('{'));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_resumed_stream_repeats_no_observation_and_misses_none(bool byHeader)
    {
        var job = await service.PlayedJobAsync();
        var all = (await service.GetAsync<ObservationPage>(job.Links.Observations)).Items.Select(item => item.Id.ToString()).ToList();

        var events = byHeader
            ? await ReadAsync(job.Links.Events, lastEventId: all[4])
            : await ReadAsync($"{job.Links.Events}?after={all[4]}");

        events.Where(item => item.EventType == "observation").Select(item => item.EventId).ShouldBe(all.Skip(5));
        events[^1].EventType.ShouldBe("end");
    }

    [Fact]
    public async Task An_observation_is_told_as_soon_as_it_is_stored()
    {
        using var patience = new CancellationTokenSource(Patience);
        var job = await service.SubmitAsync(ServiceFixture.Spec(priority: 100));
        await using var stream = await service.Client.GetStreamAsync(job.Links.Events, patience.Token);
        await using var events = SseParser.Create(stream).EnumerateAsync(patience.Token).GetAsyncEnumerator(patience.Token);
        (await NextAsync(events, "job")).ShouldBe("queued");

        for (var trial = 0; trial < 2; trial++)
        {
            var claimed = await service.ClaimAsync(job);
            (await NextAsync(events, "trial")).ShouldBe("running");
            await service.ObserveAsync(claimed, 0, 0);
            (await NextAsync(events, "observation", "epoch")).ShouldBe("0");
            await service.ObserveAsync(claimed, 1, 1);
            (await NextAsync(events, "observation", "epoch")).ShouldBe("1");
            await service.Trials.SucceedAsync(claimed.Lease, weightsPath: null, patience.Token);
            (await NextAsync(events, "trial")).ShouldBe("succeeded");
        }

        (await NextAsync(events, "end")).ShouldBe("succeeded");
        (await events.MoveNextAsync()).ShouldBeFalse();
    }

    [Theory]
    [InlineData("latest")]
    [InlineData("-1")]
    public async Task An_unusable_last_event_id_is_refused(string lastEventId)
    {
        var job = await service.SubmitAsync();
        using var request = new HttpRequestMessage(HttpMethod.Get, job.Links.Events);
        request.Headers.Add("Last-Event-ID", lastEventId);
        using var response = await service.Client.SendAsync(request);

        var problem = await response.ShouldBeProblemAsync(HttpStatusCode.BadRequest, "invalid-parameter");
        problem.Paths().ShouldBe(["Last-Event-ID"]);
    }

    [Fact]
    public async Task Clients_are_told_how_soon_to_reconnect_and_proxies_not_to_hold_back()
    {
        var job = await service.PlayedJobAsync();
        using var response = await service.Client.GetAsync(job.Links.Events);

        response.Headers.GetValues("X-Accel-Buffering").ShouldBe(["no"]);
        response.Headers.CacheControl?.NoCache.ShouldBeTrue();
        (await response.Content.ReadAsStringAsync()).Split('\n').ShouldContain("retry: 2000");
    }

    private async Task<List<SseItem<string>>> ReadAsync(string path, string? lastEventId = null)
    {
        using var patience = new CancellationTokenSource(Patience);
        using var request = new HttpRequestMessage(HttpMethod.Get, path);
        if (lastEventId is not null)
        {
            request.Headers.Add("Last-Event-ID", lastEventId);
        }

        using var response = await service.Client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, patience.Token);
        response.StatusCode.ShouldBe(HttpStatusCode.OK);
        response.Content.Headers.ContentType?.MediaType.ShouldBe("text/event-stream");
        await using var stream = await response.Content.ReadAsStreamAsync(patience.Token);
        return await SseParser.Create(stream).EnumerateAsync(patience.Token).ToListAsync(patience.Token);
    }

    private static async Task<string> NextAsync(IAsyncEnumerator<SseItem<string>> events, string type, string member = "state")
    {
        while (await events.MoveNextAsync())
        {
            if (events.Current.EventType == type)
            {
                return Member(events.Current, member);
            }
        }

        throw new InvalidOperationException($"The stream ended before any '{type}'.");
    }

    private static string Member(SseItem<string> item, string name) => JsonDocument.Parse(item.Data).RootElement.GetProperty(name).ToString();
}
