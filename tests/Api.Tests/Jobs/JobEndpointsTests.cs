using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using NeuralCapacitance.Api.Jobs;
using NeuralCapacitance.Domain.Estimates;
using NeuralCapacitance.Domain.Jobs;

namespace NeuralCapacitance.Api.Tests.Jobs;

[Collection(ServiceCollectionDefinition.Name)]
public sealed class JobEndpointsTests(ServiceFixture service)
{
    private const string Path = "/api/v1/jobs";

    [Fact]
    public async Task A_submitted_job_is_accepted_with_its_address_and_links_that_lead_somewhere()
    {
        using var response = await service.PostAsync(Path, ServiceFixture.Spec());

        response.StatusCode.ShouldBe(HttpStatusCode.Accepted);
        var job = (await response.Content.ReadFromJsonAsync<JobResponse>(ServiceFixture.Json))!;
        response.Headers.Location?.ToString().ShouldBe(job.Links.Self);
        job.State.ShouldBe(JobState.Queued);
        job.Progress.ShouldBe(new JobProgress(Trials: 2, TrialsRunning: 0, TrialsDone: 0, TrialsFailed: 0, Epochs: 12, EpochsDone: 0, Fraction: 0));
        job.EtaSeconds.ShouldBeNull();
        job.EtaReason.ShouldNotBeNull();
        job.Spec.Training.BatchSize.ShouldBe(64, "defaults are filled in");
        foreach (var link in new[] { job.Links.Self, job.Links.Trials, job.Links.Observations, job.Links.Csv, job.Links.Ranking })
        {
            using var found = await service.Client.GetAsync(link);
            found.StatusCode.ShouldBe(HttpStatusCode.OK, link);
        }
    }

    [Fact]
    public async Task A_dry_run_measures_what_the_job_would_cost_and_stores_nothing()
    {
        var name = Guid.NewGuid().ToString();
        using var response = await service.PostAsync($"{Path}?dryRun=true", ServiceFixture.Spec(name: name), idempotencyKey: "dry");

        response.StatusCode.ShouldBe(HttpStatusCode.OK, await response.Content.ReadAsStringAsync());
        var estimate = (await response.Content.ReadFromJsonAsync<JobEstimate>(ServiceFixture.Json))!;
        estimate.Images.ShouldBe(new ImageCounts(Train: 300, Validation: 100, Test: 100));
        estimate.Epochs.ShouldBe(6);
        estimate.Candidates.Select(c => c.Candidate).ShouldBe(["resnet8", "cnn, \"small\""]);
        estimate.Candidates.ShouldAllBe(c => c.Reason == null && c.SecondsPerStep > 0 && c.SecondsPerEpoch > c.SecondsPerStep && c.Seconds > 6 * c.SecondsPerEpoch);
        estimate.Seconds.ShouldBe(estimate.Candidates.Sum(c => c.Seconds!.Value));
        (await service.GetAsync<PageResponse<JobResponse>>(Path)).Items.ShouldNotContain(job => job.Spec.Name == name);
    }

    [Fact]
    public async Task A_dry_run_of_a_faulty_spec_has_its_faults()
    {
        using var response = await service.PostAsync($"{Path}?dryRun=true", ServiceFixture.Spec(epochs: 0));

        await response.ShouldBeProblemAsync(HttpStatusCode.BadRequest, "invalid-job-spec");
    }

    [Fact]
    public async Task The_same_idempotency_key_and_body_answer_with_the_first_job()
    {
        var key = Guid.NewGuid().ToString();
        using var first = await service.PostAsync(Path, ServiceFixture.Spec(), key);
        using var second = await service.PostAsync(Path, ServiceFixture.Spec(), key);

        second.StatusCode.ShouldBe(HttpStatusCode.Accepted);
        second.Headers.Location.ShouldBe(first.Headers.Location);
        first.Headers.Contains("Idempotency-Replayed").ShouldBeFalse();
        second.Headers.GetValues("Idempotency-Replayed").ShouldBe(["true"]);
    }

    [Fact]
    public async Task The_same_idempotency_key_with_another_body_is_a_conflict()
    {
        var key = Guid.NewGuid().ToString();
        using var first = await service.PostAsync(Path, ServiceFixture.Spec(), key);
        using var second = await service.PostAsync(Path, ServiceFixture.Spec(epochs: 7), key);

        await second.ShouldBeProblemAsync(HttpStatusCode.UnprocessableEntity, "idempotency-conflict");
    }

    [Fact]
    public async Task Pages_of_the_list_hold_every_job_once_newest_first()
    {
        var submitted = new List<Guid>();
        for (var i = 0; i < 5; i++)
        {
            submitted.Add((await service.SubmitAsync()).Id);
        }

        var listed = new List<Guid>();
        string? cursor = null;
        do
        {
            var page = await service.GetAsync<PageResponse<JobResponse>>($"{Path}?limit=2" + (cursor is null ? "" : $"&cursor={Uri.EscapeDataString(cursor)}"));
            page.Items.Count.ShouldBeLessThanOrEqualTo(2);
            listed.AddRange(page.Items.Select(job => job.Id));
            cursor = page.NextCursor;
        }
        while (cursor is not null);

        listed.ShouldBeUnique();
        listed.Take(5).ShouldBe(Enumerable.Reverse(submitted));
    }

    [Fact]
    public async Task The_list_can_be_narrowed_to_one_state()
    {
        var queued = await service.SubmitAsync();
        var played = await service.PlayedJobAsync();

        var succeeded = await service.GetAsync<PageResponse<JobResponse>>($"{Path}?state=succeeded&limit=100");

        succeeded.Items.ShouldContain(job => job.Id == played.Id);
        succeeded.Items.ShouldNotContain(job => job.Id == queued.Id);
        succeeded.Items.ShouldAllBe(job => job.State == JobState.Succeeded);
    }

    [Theory]
    [InlineData("limit=0", "limit")]
    [InlineData("limit=101", "limit")]
    [InlineData("limit=many", "limit")]
    [InlineData("state=asleep", "state")]
    [InlineData("cursor=nonsense", "cursor")]
    [InlineData("state=asleep&limit=many", "limit state")]
    public async Task Unusable_parameters_are_all_named_with_what_would_be_accepted(string query, string names)
    {
        using var response = await service.Client.GetAsync($"{Path}?{query}");

        var problem = await response.ShouldBeProblemAsync(HttpStatusCode.BadRequest, "invalid-parameter");
        problem.Paths().Order().ShouldBe(names.Split(' '));
        problem.GetProperty("errors").EnumerateArray().ShouldAllBe(error => error.GetProperty("accepted").GetString() != null);
    }

    [Fact]
    public async Task A_job_that_has_not_changed_is_not_sent_again()
    {
        var job = await service.SubmitAsync(ServiceFixture.Spec(priority: 100));
        using var first = await service.Client.GetAsync(job.Links.Self);
        var tag = first.Headers.ETag.ShouldNotBeNull();
        first.Headers.RetryAfter?.Delta.ShouldNotBeNull().ShouldBeGreaterThan(TimeSpan.Zero);

        (await StatusIfNoneMatch(job.Links.Self, tag)).ShouldBe(HttpStatusCode.NotModified);

        var claimed = await service.ClaimAsync(job);
        await service.ObserveAsync(claimed, 0, 1);
        (await StatusIfNoneMatch(job.Links.Self, tag)).ShouldBe(HttpStatusCode.OK, "an observation is a change");
        (await service.GetAsync<JobResponse>(job.Links.Self)).EtaSeconds.ShouldNotBeNull();
        await EndAsync(job);
    }

    [Fact]
    public async Task Progress_counts_epochs_and_trials()
    {
        var played = await service.PlayedJobAsync();

        played.State.ShouldBe(JobState.Succeeded);
        played.Progress.ShouldBe(new JobProgress(Trials: 2, TrialsRunning: 0, TrialsDone: 2, TrialsFailed: 0, Epochs: 12, EpochsDone: 12, Fraction: 1));
        played.EtaSeconds.ShouldBeNull();
    }

    [Fact]
    public async Task A_cancelled_job_stays_cancelling_until_its_worker_confirms()
    {
        var job = await service.SubmitAsync(ServiceFixture.Spec(priority: 100));
        var claimed = await service.ClaimAsync(job);

        using var response = await service.PostAsync(job.Links.Cancel, "");
        response.StatusCode.ShouldBe(HttpStatusCode.Accepted);
        (await response.Content.ReadFromJsonAsync<JobResponse>(ServiceFixture.Json))!.State.ShouldBe(JobState.Cancelling);

        using var tooEarly = await service.Client.DeleteAsync(job.Links.Self);
        await tooEarly.ShouldBeProblemAsync(HttpStatusCode.Conflict, "job-still-active");

        await service.Trials.ReleaseAsync(claimed.Lease, CancellationToken.None);
        (await service.GetAsync<JobResponse>(job.Links.Self)).State.ShouldBe(JobState.Cancelled);
    }

    [Fact]
    public async Task A_deleted_job_is_gone()
    {
        var job = await service.SubmitAsync();
        await EndAsync(job);

        using var deleted = await service.Client.DeleteAsync(job.Links.Self);
        deleted.StatusCode.ShouldBe(HttpStatusCode.NoContent);
        using var again = await service.Client.DeleteAsync(job.Links.Self);
        await again.ShouldBeProblemAsync(HttpStatusCode.NotFound, "job-not-found");
    }

    [Theory]
    [InlineData("GET", "")]
    [InlineData("DELETE", "")]
    [InlineData("POST", "/cancel")]
    [InlineData("GET", "/trials")]
    [InlineData("GET", "/observations")]
    [InlineData("GET", "/events")]
    [InlineData("GET", "/ranking")]
    public async Task An_unknown_job_is_said_to_be_unknown(string method, string below)
    {
        using var request = new HttpRequestMessage(new HttpMethod(method), $"{Path}/{Guid.NewGuid()}{below}");
        using var response = await service.Client.SendAsync(request);

        await response.ShouldBeProblemAsync(HttpStatusCode.NotFound, "job-not-found");
    }

    [Fact]
    public async Task The_example_can_be_submitted_as_it_is()
    {
        var example = await service.Client.GetStringAsync($"{Path}/example");

        var job = await service.SubmitAsync(example);

        job.Spec.Candidates.Count.ShouldBeGreaterThanOrEqualTo(6);
        await EndAsync(job);
    }

    private async Task EndAsync(JobResponse job)
    {
        using var response = await service.PostAsync(job.Links.Cancel, "");
        foreach (var trial in await service.Trials.ListAsync(job.Id, CancellationToken.None))
        {
            if (trial is { LeaseOwner: { } owner, State: Domain.Trials.TrialState.Running })
            {
                await service.Trials.ReleaseAsync(new(trial.Id, trial.Attempt, owner), CancellationToken.None);
            }
        }
    }

    private async Task<HttpStatusCode> StatusIfNoneMatch(string path, EntityTagHeaderValue tag)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, path);
        request.Headers.IfNoneMatch.Add(tag);
        using var response = await service.Client.SendAsync(request);
        return response.StatusCode;
    }
}
