using Microsoft.AspNetCore.Http.Json;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using NeuralCapacitance.Api.Events;
using NeuralCapacitance.Api.Jobs;
using NeuralCapacitance.EndToEnd.Processes;
using NeuralCapacitance.Infrastructure.Events;
using NeuralCapacitance.Infrastructure.Jobs;
using NeuralCapacitance.Infrastructure.Postgres;

namespace NeuralCapacitance.Api.Tests.Events;

[Collection(ServiceCollectionDefinition.Name)]
public sealed class BroadcastTests(ServiceFixture service)
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    [Fact]
    public async Task Whoever_comes_goes_and_returns_hears_every_observation_once_and_in_order()
    {
        const int epochs = 150;
        using var patience = new CancellationTokenSource(Patience);
        var job = await service.SubmitAsync(ServiceFixture.Spec(priority: 100, epochs));
        var playing = PlayAsync(job, epochs);
        // More than are kept in memory, so that who comes late has to look them up.
        await Eventually.Async("more observations than are kept", async () => (await AllIdsAsync(job)).Count, count => count > JobReading.MostRecent);

        var random = new Random(1);
        var followers = Enumerable.Range(0, 40).Select(i => FollowAsync(job, new Random(i), patience.Token)).ToList();
        for (var i = 0; i < 20; i++)
        {
            await Task.Delay(random.Next(30), patience.Token);
            followers.Add(FollowAsync(job, new Random(100 + i), patience.Token));
        }

        await playing;
        var all = await AllIdsAsync(job);
        all.Count.ShouldBe(2 * (epochs + 1));
        foreach (var heard in await Task.WhenAll(followers)) heard.ShouldBe(all);
    }

    [Fact]
    public async Task A_follower_that_is_slow_keeps_nobody_waiting_and_misses_no_observation()
    {
        using var patience = new CancellationTokenSource(Patience);
        var job = await service.SubmitAsync(ServiceFixture.Spec(priority: 100, epochs: 20));
        using var slow = (await Broadcasts.SubscribeAsync(job.Id, "", patience.Token)).ShouldNotBeNull();
        await using var pieces = slow.ReadAsync(after: 0, patience.Token).GetAsyncEnumerator(patience.Token);
        (await pieces.MoveNextAsync()).ShouldBeTrue();
        var told = EventText.Parse(pieces.Current);

        using var quick = (await Broadcasts.SubscribeAsync(job.Id, "", patience.Token)).ShouldNotBeNull();
        await using var quickPieces = quick.ReadAsync(after: 0, patience.Token).GetAsyncEnumerator(patience.Token);
        for (var trial = 0; trial < 2; trial++)
        {
            var claimed = await service.ClaimAsync(job);
            for (var epoch = 0; epoch <= 20; epoch++)
            {
                await service.ObserveAsync(claimed, epoch, epoch);
                // A batch of its own for each.
                while (!EventText.Parse(await NextAsync(quickPieces)).Any(item => item.EventType == "observation" && EventText.Member(item, "epoch") == $"{epoch}")) patience.Token.ThrowIfCancellationRequested();
            }

            await service.Trials.SucceedAsync(claimed.Lease, weightsPath: null, patience.Token);
        }

        while (await pieces.MoveNextAsync()) told.AddRange(EventText.Parse(pieces.Current));
        told.Where(item => item.EventType == "observation").Select(item => item.EventId).ShouldBe((await AllIdsAsync(job)).Select(id => $"{id}"));
        told[^1].EventType.ShouldBe("end");
        told.Count(item => item.EventType == "job").ShouldBeLessThan(42, "it has missed states in between");
    }

    [Fact]
    public void What_waits_for_one_follower_is_bounded()
    {
        var follower = new Follower(snapshot: null!);
        var batch = new EventBatch([]);

        var offered = 0;
        while (follower.Offer(batch)) offered++;

        offered.ShouldBe(Follower.MostWaiting);
        follower.IsBehind.ShouldBeTrue();
        follower.Offer(batch).ShouldBeFalse();
    }

    [Fact]
    public async Task A_quiet_stream_is_kept_alive_by_events_that_move_no_client()
    {
        var job = await service.SubmitAsync();
        using var broadcasts = Hasty();
        using var patience = new CancellationTokenSource(Patience);
        using var subscription = (await broadcasts.SubscribeAsync(job.Id, "", patience.Token)).ShouldNotBeNull();

        var beat = await subscription.ReadAsync(after: 0, patience.Token).SelectMany(EventText.Parse).FirstAsync(item => item.EventType == "heartbeat", patience.Token);

        beat.EventId.ShouldBeNull("the client's last event id stays");
        beat.Data.ShouldBe("{}");
    }

    [Fact]
    public async Task A_job_is_read_only_while_somebody_follows_it()
    {
        var job = await service.SubmitAsync();
        using var broadcasts = Hasty();
        using var patience = new CancellationTokenSource(Patience);

        var first = (await broadcasts.SubscribeAsync(job.Id, "", patience.Token)).ShouldNotBeNull();
        var second = (await broadcasts.SubscribeAsync(job.Id, "", patience.Token)).ShouldNotBeNull();
        broadcasts.Count.ShouldBe(1);
        first.Dispose();
        first.Dispose();
        broadcasts.Count.ShouldBe(1);
        second.Dispose();

        broadcasts.Count.ShouldBe(0);
        (await broadcasts.SubscribeAsync(Guid.NewGuid(), "", patience.Token)).ShouldBeNull();
        broadcasts.Count.ShouldBe(0);
    }

    [Fact]
    public async Task The_streams_of_a_job_end_when_it_is_deleted()
    {
        using var patience = new CancellationTokenSource(Patience);
        var job = await service.SubmitAsync();
        await service.Services.GetRequiredService<JobStore>().CancelAsync(job.Id, patience.Token);
        // It tells the end at once; a job that is deleted before it is read is not there.
        using (var subscription = (await Broadcasts.SubscribeAsync(job.Id, "", patience.Token)).ShouldNotBeNull())
            (await subscription.ReadAsync(after: 0, patience.Token).SelectMany(EventText.Parse).LastAsync(patience.Token)).EventType.ShouldBe("end");

        await service.Services.GetRequiredService<JobStore>().DeleteAsync(job.Id, patience.Token);

        await Eventually.Async("the job to be gone", () => Broadcasts.SubscribeAsync(job.Id, "", patience.Token), subscription => subscription is null);
    }

    private JobBroadcasts Broadcasts => service.Services.GetRequiredService<JobBroadcasts>();

    private JobBroadcasts Hasty() => new(
        service.Services.GetRequiredService<JobStore>(), service.Services.GetRequiredService<JobReader>(), service.Trials, service.Services.GetRequiredService<ChangeFeed>(),
        service.Services.GetRequiredService<OutageRetry>(), service.Services.GetRequiredService<IOptions<JsonOptions>>(), new HastyTime(factor: 150), NullLogger<JobBroadcasts>.Instance);

    private async Task PlayAsync(JobResponse job, int epochs)
    {
        for (var trial = 0; trial < 2; trial++)
        {
            var claimed = await service.ClaimAsync(job);
            await service.ObserveAsync(claimed, 0, epochs);
            await service.Trials.SucceedAsync(claimed.Lease, weightsPath: null, CancellationToken.None);
        }
    }

    /// <summary>Listens for a while, goes, and comes back with the last id it heard, until the end.</summary>
    private async Task<List<long>> FollowAsync(JobResponse job, Random random, CancellationToken cancellationToken)
    {
        var heard = new List<long>();
        for (var hasEnded = false; !hasEnded;)
        {
            using var subscription = (await Broadcasts.SubscribeAsync(job.Id, "", cancellationToken)).ShouldNotBeNull();
            var pieces = random.Next(1, 12);
            await foreach (var piece in subscription.ReadAsync(heard.LastOrDefault(), cancellationToken))
            {
                foreach (var item in EventText.Parse(piece))
                {
                    if (item.EventType == "observation") heard.Add(long.Parse(item.EventId!));
                    hasEnded |= item.EventType == "end";
                }

                if (random.Next(4) == 0) await Task.Delay(random.Next(20), cancellationToken);
                if (--pieces == 0) break;
            }
        }

        return heard;
    }

    private async Task<List<long>> AllIdsAsync(JobResponse job)
        => [.. (await service.Trials.ObservationsAsync(job.Id, 0, 1_000, CancellationToken.None)).Select(observation => observation.Id)];

    private static async Task<ReadOnlyMemory<byte>> NextAsync(IAsyncEnumerator<ReadOnlyMemory<byte>> pieces)
        => await pieces.MoveNextAsync().AsTask().WaitAsync(Patience) ? pieces.Current : throw new InvalidOperationException("The stream has ended.");
}
