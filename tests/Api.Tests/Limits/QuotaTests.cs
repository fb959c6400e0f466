using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text;
using Microsoft.Extensions.DependencyInjection;
using NeuralCapacitance.Api.Jobs;
using NeuralCapacitance.Api.Limits;
using NeuralCapacitance.Api.Tests.Datasets;
using NeuralCapacitance.Domain.Access;
using NeuralCapacitance.Infrastructure.Limits;

namespace NeuralCapacitance.Api.Tests.Limits;

/// <summary>What an owner may have; operators may have what they like.</summary>
public sealed class QuotaTests : IAsyncLifetime
{
    private const string Jobs = "/api/v1/jobs";

    private LimitedService _service = null!;
    private HttpClient _owner = null!;
    private HttpClient _operator = null!;

    public async Task InitializeAsync()
    {
        _service = await LimitedService.StartAsync(
            ("Limits:ActiveJobs", "3"), ("Limits:TrialsPerJob", "4"), ("Limits:HighestPriority", "1"), ("Limits:UploadBytes", "100"), ("Limits:DryRuns", "1"));
        _owner = await _service.ClientAsync("owner", Role.Submit);
        _operator = await _service.ClientAsync("operator", Role.Operate);
    }

    public async Task DisposeAsync()
    {
        _owner.Dispose();
        _operator.Dispose();
        await _service.DisposeAsync();
    }

    [Fact]
    public async Task Of_many_jobs_at_once_as_many_are_taken_in_as_may_be_active()
    {
        var answers = await Task.WhenAll(Enumerable.Range(0, 12).Select(_ => PostAsync(_owner, ServiceFixture.Spec())));

        answers.Count(answer => answer.StatusCode is HttpStatusCode.Accepted).ShouldBe(3);
        var refused = answers.First(answer => answer.StatusCode is not HttpStatusCode.Accepted);
        var problem = await refused.ShouldBeProblemAsync(HttpStatusCode.TooManyRequests, "quota-exceeded");
        problem.GetProperty("detail").GetString().ShouldBe("3 jobs of yours have not ended; 3 may be active at once. Wait for one to end, or cancel one. The setting is `Limits:ActiveJobs`.");
        (problem.GetProperty("limit").GetInt32(), problem.GetProperty("setting").GetString()).ShouldBe((3, "Limits:ActiveJobs"));
        refused.Headers.RetryAfter.ShouldNotBeNull();
        (await PostAsync(_operator, ServiceFixture.Spec())).StatusCode.ShouldBe(HttpStatusCode.Accepted, "an operator has none");

        var mine = (await answers.First(answer => answer.StatusCode is HttpStatusCode.Accepted).Content.ReadFromJsonAsync<JobResponse>(ServiceFixture.Json))!;
        using var cancelled = await _owner.PostAsync($"{mine.Links.Self}/cancel", null);
        (await PostAsync(_owner, ServiceFixture.Spec())).StatusCode.ShouldBe(HttpStatusCode.Accepted, "one has ended");
        foreach (var answer in answers) answer.Dispose();
    }

    [Fact]
    public async Task A_job_that_is_too_urgent_is_refused_and_waiting_does_not_help()
    {
        using var refused = await PostAsync(_owner, ServiceFixture.Spec(priority: 2));
        using var dry = await PostAsync(_owner, ServiceFixture.Spec(priority: 2), $"{Jobs}?dryRun=true");
        using var allowed = await PostAsync(_owner, ServiceFixture.Spec(priority: 1));
        using var ofOperator = await PostAsync(_operator, ServiceFixture.Spec(priority: 2));

        var problem = await refused.ShouldBeProblemAsync(HttpStatusCode.TooManyRequests, "quota-exceeded");
        problem.GetProperty("detail").GetString().ShouldBe("The job has the priority 2; up to 1 is allowed without the role `operate`. The setting is `Limits:HighestPriority`.");
        refused.Headers.RetryAfter.ShouldBeNull();
        await dry.ShouldBeProblemAsync(HttpStatusCode.TooManyRequests, "quota-exceeded");
        (allowed.StatusCode, ofOperator.StatusCode).ShouldBe((HttpStatusCode.Accepted, HttpStatusCode.Accepted));
    }

    [Fact]
    public async Task A_job_of_too_many_trials_is_refused()
    {
        var spec = ServiceFixture.Spec().Replace("\"training\":{", "\"training\":{\"repeats\":3,", StringComparison.Ordinal);
        using var refused = await PostAsync(_owner, spec);
        using var ofOperator = await PostAsync(_operator, spec);

        (await refused.ShouldBeProblemAsync(HttpStatusCode.TooManyRequests, "quota-exceeded")).GetProperty("setting").GetString().ShouldBe("Limits:TrialsPerJob");
        ofOperator.StatusCode.ShouldBe(HttpStatusCode.Accepted);
    }

    [Fact]
    public async Task Data_sets_beyond_the_bytes_that_an_owner_may_have_are_refused()
    {
        using var refused = await UploadAsync(_owner, "too-large");
        using var ofOperator = await UploadAsync(_operator, "large");

        (await refused.ShouldBeProblemAsync(HttpStatusCode.TooManyRequests, "quota-exceeded")).GetProperty("setting").GetString().ShouldBe("Limits:UploadBytes");
        ofOperator.StatusCode.ShouldBe(HttpStatusCode.Created, await ofOperator.Content.ReadAsStringAsync());
    }

    [Fact]
    public void Dry_runs_of_an_owner_take_turns_and_others_have_their_own()
    {
        var quotas = _service.Fixture.Services.GetRequiredService<Quotas>();
        var owner = new Caller("key:owner", "owner", Role.Submit);

        using (quotas.BeginDryRun(owner))
        {
            var refused = Should.Throw<QuotaExceededException>(() => quotas.BeginDryRun(owner));
            (refused.Quota, refused.Limit, refused.Passes).ShouldBe(("DryRuns", 1, true));
            quotas.BeginDryRun(owner with { Owner = "key:other" }).Dispose();
            quotas.BeginDryRun(Caller.Local).Dispose();
        }

        quotas.BeginDryRun(owner).Dispose();
    }

    private static Task<HttpResponseMessage> PostAsync(HttpClient client, string spec, string path = Jobs)
        => client.PostAsync(path, new StringContent(spec, Encoding.UTF8, "application/json"));

    private static async Task<HttpResponseMessage> UploadAsync(HttpClient client, string name)
    {
        using var content = new ByteArrayContent(Pictures.Zip(10));
        content.Headers.ContentType = new MediaTypeHeaderValue("application/zip");
        return await client.PostAsync($"/api/v1/datasets?name={name}", content);
    }
}
