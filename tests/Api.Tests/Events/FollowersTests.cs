using System.Net;
using System.Net.ServerSentEvents;
using Microsoft.Extensions.DependencyInjection;
using NeuralCapacitance.Api.Jobs;
using NeuralCapacitance.EndToEnd.Processes;
using NeuralCapacitance.Infrastructure.Tests;
using Npgsql;

namespace NeuralCapacitance.Api.Tests.Events;

/// <summary>Many who follow, over HTTP, on a service of their own.</summary>
public sealed class FollowersTests : IAsyncLifetime
{
    private const int MostFollowers = 400;

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    private readonly ServiceFixture _service = new(("Events:MaxFollowers", $"{MostFollowers}"), ("Events:MaxFollowersPerClient", $"{MostFollowers}"));
    private readonly CancellationTokenSource _patience = new(Patience);

    public Task InitializeAsync() => _service.InitializeAsync();

    public async Task DisposeAsync()
    {
        await _service.DisposeAsync();
        _patience.Dispose();
    }

    [Fact]
    public async Task Hundreds_who_follow_one_job_cost_the_database_no_more_than_one()
    {
        var job = await _service.SubmitAsync(ServiceFixture.Spec(epochs: 6));
        using var queries = new QueryCount(Database);
        var followers = await FollowAsync(Enumerable.Repeat(job, MostFollowers));

        await PlayAsync(job);

        foreach (var heard in await Task.WhenAll(followers)) heard.Count.ShouldBe(14);
        // What the play itself writes is among them.
        queries.Value.ShouldBeLessThan(MostFollowers);
    }

    [Fact]
    public async Task Hundreds_who_follow_many_jobs_cost_the_database_a_look_at_each_job()
    {
        const int jobs = 20;
        var all = new List<JobResponse>();
        for (var i = 0; i < jobs; i++) all.Add(await _service.SubmitAsync(ServiceFixture.Spec(epochs: 6)));
        using var queries = new QueryCount(Database);
        var followers = await FollowAsync(Enumerable.Range(0, MostFollowers).Select(i => all[i % jobs]));

        queries.Value.ShouldBeInRange(jobs, 10 * jobs);

        foreach (var job in all) (await _service.Client.PostAsync(job.Links.Cancel, content: null)).Dispose();
        foreach (var heard in await Task.WhenAll(followers)) heard.ShouldBeEmpty();
    }

    [Fact]
    public async Task One_more_than_may_is_told_when_to_come_back_and_let_in_when_another_has_gone()
    {
        var job = await _service.SubmitAsync();
        var first = await OpenAsync(job);
        var others = new List<HttpResponseMessage>();
        for (var i = 1; i < MostFollowers; i++) others.Add(await OpenAsync(job));

        using (var refused = await OpenAsync(job))
        {
            var problem = await refused.ShouldBeProblemAsync(HttpStatusCode.ServiceUnavailable, "too-many-followers");
            problem.GetProperty("detail").GetString()!.ShouldContain("Events:MaxFollowers");
            refused.Headers.RetryAfter?.Delta.ShouldNotBeNull().ShouldBeGreaterThan(TimeSpan.Zero);
        }

        first.Dispose();
        await Eventually.Async("a place", async () => await StatusAsync(job), status => status == HttpStatusCode.OK);
        foreach (var other in others) other.Dispose();
    }

    [Fact]
    public async Task A_stream_outlasts_an_outage_of_the_database_and_one_that_begins_in_it_is_told()
    {
        var (job, other) = (await _service.SubmitAsync(), await _service.SubmitAsync());
        var following = (await FollowAsync([job]))[0];

        await PostgresFixture.AllowConnectionsAsync(Database.ConnectionString, allowed: false);
        using (var refused = await OpenAsync(other)) await refused.ShouldBeProblemAsync(HttpStatusCode.ServiceUnavailable, "database-unavailable");
        await PostgresFixture.AllowConnectionsAsync(Database.ConnectionString, allowed: true);
        await PlayAsync(job);

        (await following).Count.ShouldBe(14);
    }

    private NpgsqlDataSource Database => _service.Services.GetRequiredService<NpgsqlDataSource>();

    private async Task PlayAsync(JobResponse job)
    {
        for (var trial = 0; trial < 2; trial++)
        {
            var claimed = await _service.ClaimAsync(job);
            await _service.ObserveAsync(claimed, 0, 6);
            await _service.Trials.SucceedAsync(claimed.Lease, weightsPath: null, _patience.Token);
        }
    }

    private Task<HttpResponseMessage> OpenAsync(JobResponse job)
        => _service.Client.SendAsync(new HttpRequestMessage(HttpMethod.Get, job.Links.Events), HttpCompletionOption.ResponseHeadersRead, _patience.Token);

    private async Task<HttpStatusCode> StatusAsync(JobResponse job)
    {
        using var response = await OpenAsync(job);
        return response.StatusCode;
    }

    /// <returns>For each follower what observations it hears until the end; all of them have begun.</returns>
    private async Task<List<Task<List<string>>>> FollowAsync(IEnumerable<JobResponse> jobs)
    {
        var responses = await Task.WhenAll(jobs.Select(OpenAsync));
        responses.ShouldAllBe(response => response.StatusCode == HttpStatusCode.OK);
        return [.. responses.Select(ReadAsync)];
    }

    private async Task<List<string>> ReadAsync(HttpResponseMessage response)
    {
        using (response)
        {
            var heard = new List<string>();
            await using var stream = await response.Content.ReadAsStreamAsync(_patience.Token);
            await foreach (var item in SseParser.Create(stream).EnumerateAsync(_patience.Token))
            {
                if (item.EventType == "observation") heard.Add(item.EventId!);
                if (item.EventType == "end") break;
            }

            return heard;
        }
    }
}
