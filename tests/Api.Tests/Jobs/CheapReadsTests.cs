using System.Net;
using System.Net.Http.Headers;
using NeuralCapacitance.Api.Jobs;
using NeuralCapacitance.Domain.Jobs;

namespace NeuralCapacitance.Api.Tests.Jobs;

/// <summary>What is asked again and again costs a known number of statements, whatever there is.</summary>
[Collection(ServiceCollectionDefinition.Name)]
public sealed class CheapReadsTests(ServiceFixture service)
{
    private const string Path = "/api/v1/jobs";

    [Fact]
    public async Task A_page_of_jobs_takes_as_many_statements_as_one_job_and_none_of_them_reads_a_trial()
    {
        for (var i = 0; i < 3; i++) await service.SubmitAsync(Repeated(priority: 0));

        using var one = await CountAsync($"{Path}?limit=1");
        using var three = await CountAsync($"{Path}?limit=3");

        three.Statements.Count.ShouldBe(one.Statements.Count);
        three.Statements.Count.ShouldBe(3, string.Join("\n", three.Statements));
        three.Statements.Count(IsOfTrials).ShouldBe(1);
        three.Statements.Single(IsOfTrials).ShouldContain("GROUP BY");
        three.Statements.ShouldNotContain(text => text.Contains("given_spec", StringComparison.Ordinal) && !text.Contains("finalizes\" IS NOT NULL", StringComparison.OrdinalIgnoreCase) && !text.Contains("JOIN", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Progress_and_warnings_are_those_of_the_trials_however_they_are_counted()
    {
        var job = await service.SubmitAsync(Repeated(priority: 100));
        var failed = await service.ClaimAsync(job);
        await service.Trials.FailAsync(failed.Lease, new("test", "broken"), default);
        var running = await service.ClaimAsync(job);
        await service.ObserveAsync(running, 0, 2);

        var now = await service.GetAsync<JobResponse>(job.Links.Self);
        var listed = (await service.GetAsync<PageResponse<JobResponse>>($"{Path}?limit=100")).Items.Single(item => item.Id == job.Id);

        now.Progress.ShouldBe(listed.Progress);
        (now.Progress.Trials, now.Progress.TrialsRunning, now.Progress.TrialsDone, now.Progress.TrialsFailed, now.Progress.Epochs, now.Progress.EpochsDone).ShouldBe((6, 1, 1, 1, 36, 2));
        now.Progress.Fraction.ShouldBeGreaterThan(0);
        await service.Trials.FailAsync(running.Lease, new("test", "broken"), default);
        using var cancelled = await service.PostAsync($"{job.Links.Self}/cancel", "");
    }

    [Fact]
    public async Task A_job_that_has_not_changed_is_told_by_one_row()
    {
        var job = await service.SubmitAsync();
        using var first = await service.Client.GetAsync(job.Links.Self);

        using var again = new QueryCount();
        using var unchanged = await GetAsync(job.Links.Self, first.Headers.ETag!);

        unchanged.StatusCode.ShouldBe(HttpStatusCode.NotModified);
        unchanged.Headers.ETag.ShouldBe(first.Headers.ETag);
        unchanged.Headers.RetryAfter.ShouldNotBeNull();
        again.Statements.ShouldHaveSingleItem().ShouldNotContain("spec");
    }

    [Fact]
    public async Task A_job_that_has_changed_or_is_gone_is_told_so()
    {
        var job = await service.SubmitAsync();
        using var first = await service.Client.GetAsync(job.Links.Self);
        using var cancelled = await service.PostAsync($"{job.Links.Self}/cancel", "");

        using var changed = await GetAsync(job.Links.Self, first.Headers.ETag!);
        using var unchanged = await GetAsync(job.Links.Self, changed.Headers.ETag!);
        using var absent = await GetAsync($"{Path}/{Guid.NewGuid()}", first.Headers.ETag!);

        changed.StatusCode.ShouldBe(HttpStatusCode.OK);
        unchanged.StatusCode.ShouldBe(HttpStatusCode.NotModified);
        unchanged.Headers.RetryAfter.ShouldBeNull("it has ended");
        await absent.ShouldBeProblemAsync(HttpStatusCode.NotFound, "job-not-found");
    }

    [Fact]
    public async Task Where_a_race_stands_is_found_out_once_for_each_of_its_versions()
    {
        var job = await service.SubmitAsync(ServiceFixture.Spec(priority: 100, mode: "race"));
        await service.GetAsync<JobResponse>(job.Links.Self);

        using var again = await CountAsync(job.Links.Self);
        again.Statements.ShouldNotContain(text => text.Contains("observations", StringComparison.Ordinal));

        await service.RaceAsync(job);
        (await service.GetAsync<JobResponse>(job.Links.Self)).Race.ShouldNotBeNull().IsOver.ShouldBeTrue();
    }

    [Fact]
    public async Task That_the_process_lives_is_told_without_a_statement_and_without_a_key()
    {
        await service.Client.GetStringAsync("/health/live");

        using var count = await CountAsync("/health/live");

        count.Statements.ShouldBeEmpty();
    }

    private static string Repeated(int priority) => ServiceFixture.Spec(priority).Replace("\"training\":{", "\"training\":{\"repeats\":3,", StringComparison.Ordinal);

    private static bool IsOfTrials(string statement) => statement.Contains("FROM trials", StringComparison.Ordinal);

    private async Task<QueryCount> CountAsync(string path)
    {
        var count = new QueryCount();
        using var response = await service.Client.GetAsync(path);
        response.StatusCode.ShouldBe(HttpStatusCode.OK);
        return count;
    }

    private async Task<HttpResponseMessage> GetAsync(string path, EntityTagHeaderValue known)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, path);
        request.Headers.IfNoneMatch.Add(known);
        return await service.Client.SendAsync(request);
    }
}
