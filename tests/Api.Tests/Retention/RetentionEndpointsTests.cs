using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json;
using Microsoft.Extensions.DependencyInjection;
using NeuralCapacitance.Api.Datasets;
using NeuralCapacitance.Api.Jobs;
using NeuralCapacitance.Api.Tests.Datasets;
using NeuralCapacitance.Domain.Access;
using NeuralCapacitance.Infrastructure.Access;
using NeuralCapacitance.Infrastructure.Retention;

namespace NeuralCapacitance.Api.Tests.Retention;

/// <summary>A service that keeps nothing that nobody needs.</summary>
public sealed class RetentionEndpointsTests : IAsyncLifetime
{
    private const string Address = "/api/v1/retention";

    private readonly ServiceFixture _service = new(("Retention:UploadCount", "0"), ("Retention:ModelCount", "0"));

    private RetentionRun Run => _service.Services.GetRequiredService<RetentionRun>();

    public Task InitializeAsync() => _service.InitializeAsync();

    public Task DisposeAsync() => _service.DisposeAsync();

    [Fact]
    public async Task A_dry_run_tells_what_would_go_and_what_a_job_keeps_and_changes_nothing()
    {
        var (used, unused) = (await UploadAsync("used", 3), await UploadAsync("unused", 4));
        var job = await SubmitOnAsync(used);

        var uploads = Of("uploads", await _service.GetAsync<RetentionReport>(Address));

        (uploads.MaxAgeSeconds, uploads.MaxCount, uploads.Removed, uploads.RemovedBytes, uploads.Kept).ShouldBe((null, 0, 1, unused.Bytes, 1));
        uploads.Items.ShouldHaveSingleItem().Name.ShouldBe("unused");
        uploads.KeptItems.ShouldHaveSingleItem().Reason.ShouldBe($"job {job.Id}, which has not ended, trains on it");
        Directory.Exists(Path.Combine(_service.Uploads, "unused")).ShouldBeTrue();
    }

    [Fact]
    public async Task A_running_job_keeps_its_upload_and_once_it_has_ended_that_goes_and_a_new_job_is_told()
    {
        var upload = await UploadAsync("pets", 5);
        var job = await SubmitOnAsync(upload);
        await _service.ClaimAsync(job);

        await Run.ApplyAsync(default);
        Directory.Exists(Path.Combine(_service.Uploads, "pets")).ShouldBeTrue();

        var trial = (await _service.Trials.ListAsync(job.Id, default))[0];
        (await _service.Client.PostAsync(job.Links.Self + "/cancel", content: null)).Dispose();
        await _service.Trials.ReleaseAsync(new(trial.Id, trial.Attempt, trial.LeaseOwner!), default);
        (await Run.ApplyAsync(default)).Kinds.Single(kind => kind.Kind == "uploads").Removed.ShouldBe(1);

        Directory.Exists(Path.Combine(_service.Uploads, "pets")).ShouldBeFalse();
        using var refused = await _service.PostAsync("/api/v1/jobs", SpecOn(upload));
        (await refused.ShouldBeProblemAsync(HttpStatusCode.BadRequest, "invalid-job-spec")).Paths().ShouldContain("dataset.path");
    }

    [Fact]
    public async Task Of_a_model_that_was_removed_the_answer_says_why_it_is_gone()
    {
        var job = await _service.PlayedJobAsync();
        using var response = await _service.Client.PostAsync(job.Links.Finalize, content: null);
        var made = (await response.Content.ReadFromJsonAsync<JobResponse>(ServiceFixture.Json))!;
        var path = await _service.TrainAsync(made, Encoding.UTF8.GetBytes("a model"));

        (await Run.ApplyAsync(default)).Kinds.Single(kind => kind.Kind == "models").RemovedBytes.ShouldBe(7);

        File.Exists(path).ShouldBeFalse();
        using var gone = await _service.Client.GetAsync(job.Links.Model);
        (await gone.ShouldBeProblemAsync(HttpStatusCode.NotFound, "no-model")).GetProperty("detail").GetString()!.ShouldContain("was removed on");
    }

    [Fact]
    public async Task Only_operators_are_told()
    {
        var keys = _service.Services.GetRequiredService<ApiKeyStore>();
        var (submitter, operators) = (await keys.CreateAsync("some", Role.Submit, null, Actor.Service, default), await keys.CreateAsync("ops", Role.Operate, null, Actor.Service, default));

        using var refused = await GetAsync(submitter.Secret);
        using var told = await GetAsync(operators.Secret);

        await refused.ShouldBeProblemAsync(HttpStatusCode.Forbidden, "not-permitted");
        told.StatusCode.ShouldBe(HttpStatusCode.OK);
    }

    private async Task<HttpResponseMessage> GetAsync(string secret)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, Address) { Headers = { Authorization = new AuthenticationHeaderValue("Bearer", secret) } };
        return await _service.Client.SendAsync(request);
    }

    private async Task<UploadResponse> UploadAsync(string name, int seed)
    {
        using var response = await _service.UploadAsync(name, Pictures.Zip(10, seed));
        return (await response.Content.ReadFromJsonAsync<UploadResponse>(ServiceFixture.Json))!;
    }

    private Task<JobResponse> SubmitOnAsync(UploadResponse upload) => _service.SubmitAsync(SpecOn(upload));

    private static string SpecOn(UploadResponse upload) => JsonSerializer.Serialize(
        new { dataset = upload.Spec, candidates = new[] { "resnet8", "cnn-small" }, training = new { validation = 0.25, batchSize = 4 } }, ServiceFixture.Json);

    private static RetentionKind Of(string kind, RetentionReport report) => report.Kinds.Single(found => found.Kind == kind);
}
