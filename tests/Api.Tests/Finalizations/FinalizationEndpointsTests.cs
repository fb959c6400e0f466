using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using NeuralCapacitance.Api.Jobs;
using NeuralCapacitance.Api.Tests.Problems;
using NeuralCapacitance.Domain.Finalizations;
using NeuralCapacitance.Domain.Jobs;

namespace NeuralCapacitance.Api.Tests.Finalizations;

/// <summary>Each leaves no trial queued behind: the next test's would not be the first.</summary>
[Collection(ServiceCollectionDefinition.Name)]
public sealed class FinalizationEndpointsTests(ServiceFixture service)
{
    private static readonly byte[] Model = Encoding.UTF8.GetBytes("a model of twenty-nine bytes.");

    [Fact]
    public async Task The_winner_is_trained_and_its_model_is_served_with_its_checksum()
    {
        var job = await service.PlayedJobAsync();
        using var response = await service.Client.PostAsync(job.Links.Finalize, content: null);
        response.StatusCode.ShouldBe(HttpStatusCode.Accepted, await response.Content.ReadAsStringAsync());
        var made = (await response.Content.ReadFromJsonAsync<JobResponse>(ServiceFixture.Json))!;
        response.Headers.Location!.OriginalString.ShouldBe(made.Links.Self);
        (made.Finalizes, made.Spec.Head, made.Spec.Candidates[0].Name, made.Progress.Epochs).ShouldBe((job.Id, ModelHead.Linear, "resnet8", 6));
        using (var early = await service.Client.GetAsync(job.Links.Model)) await early.ShouldBeProblemAsync(HttpStatusCode.Conflict, "model-not-ready");

        await service.TrainAsync(made, Model);

        var after = await service.GetAsync<JobResponse>(job.Links.Self);
        var shown = after.Finalization.ShouldNotBeNull();
        (shown.Id, shown.State, shown.Candidate, shown.Head, shown.Href).ShouldBe((made.Id, JobState.Succeeded, "resnet8", ModelHead.Linear, made.Links.Self));
        var model = shown.Model.ShouldNotBeNull();
        (model.Sha256, model.Bytes).ShouldBe((Convert.ToHexStringLower(SHA256.HashData(Model)), Model.Length));
        model.Snippet.ShouldContain("create(\"resnet8\"");
        foreach (var address in new[] { job.Links.Model, made.Links.Model, model.Href })
        {
            using var download = await service.Client.GetAsync(address);
            download.StatusCode.ShouldBe(HttpStatusCode.OK);
            (await download.Content.ReadAsByteArrayAsync()).ShouldBe(Model);
            download.Content.Headers.ContentLength.ShouldBe(Model.Length);
            download.Content.Headers.ContentType!.MediaType.ShouldBe("application/octet-stream");
            download.Content.Headers.ContentDisposition!.FileName!.ShouldBe(model.FileName);
            download.Headers.ETag!.Tag.ShouldBe($"\"{model.Sha256}\"");
            download.Headers.GetValues("Repr-Digest").ShouldBe([$"sha-256=:{Convert.ToBase64String(SHA256.HashData(Model))}:"]);
        }

        (await service.GetAsync<JsonElement>("/api/v1/jobs?limit=100")).GetProperty("items").EnumerateArray().ShouldAllBe(item => item.GetProperty("id").GetGuid() != made.Id);
    }

    [Fact]
    public async Task A_download_that_broke_off_can_go_on_and_one_that_is_there_is_not_repeated()
    {
        var (job, _) = await FinalizedAsync();
        using var rest = new HttpRequestMessage(HttpMethod.Get, job.Links.Model) { Headers = { Range = new RangeHeaderValue(8, null) } };
        using var known = new HttpRequestMessage(HttpMethod.Get, job.Links.Model);
        known.Headers.IfNoneMatch.Add(new EntityTagHeaderValue($"\"{Convert.ToHexStringLower(SHA256.HashData(Model))}\""));
        using var beyond = new HttpRequestMessage(HttpMethod.Get, job.Links.Model) { Headers = { Range = new RangeHeaderValue(1_000, null) } };

        using var part = await service.Client.SendAsync(rest);
        using var same = await service.Client.SendAsync(known);
        using var none = await service.Client.SendAsync(beyond);

        part.StatusCode.ShouldBe(HttpStatusCode.PartialContent);
        (await part.Content.ReadAsByteArrayAsync()).ShouldBe(Model[8..]);
        same.StatusCode.ShouldBe(HttpStatusCode.NotModified);
        none.StatusCode.ShouldBe(HttpStatusCode.RequestedRangeNotSatisfiable);
    }

    [Fact]
    public async Task The_snippet_and_the_module_that_it_imports_are_served()
    {
        var (job, _) = await FinalizedAsync();

        using var snippet = await service.Client.GetAsync($"{job.Links.Model}/snippet");

        snippet.Content.Headers.ContentType!.MediaType.ShouldBe("text/x-python");
        (await snippet.Content.ReadAsStringAsync()).ShouldBe((await service.GetAsync<JobResponse>(job.Links.Self)).Finalization!.Model!.Snippet);
        (await service.Client.GetStringAsync("/api/v1/backbones/pytorch_backbones.py")).ShouldContain("def create(name, head):");
    }

    [Fact]
    public async Task A_file_that_is_gone_or_was_cut_is_a_problem_that_names_it()
    {
        var (job, path) = await FinalizedAsync();
        await File.WriteAllTextAsync(path, "cut");
        using (var cut = await service.Client.GetAsync(job.Links.Model))
            (await cut.ShouldBeProblemAsync(HttpStatusCode.NotFound, "model-file-missing")).GetProperty("detail").GetString()!.ShouldContain("has 3 bytes; the model had 29");
        File.Delete(path);
        using var gone = await service.Client.GetAsync(job.Links.Model);

        (await gone.ShouldBeProblemAsync(HttpStatusCode.NotFound, "model-file-missing")).GetProperty("detail").GetString()!.ShouldContain(Path.GetFileName(path));
    }

    [Fact]
    public async Task Every_fault_of_the_body_is_reported_with_the_nearest_names()
    {
        var job = await service.PlayedJobAsync();

        using var response = await service.PostAsync(job.Links.Finalize, """{ "candidate": "resnet9", "head": "linea", "epochs": 0 }""");

        var problem = await response.ShouldBeProblemAsync(HttpStatusCode.BadRequest, "invalid-finalization");
        problem.GetProperty("errors").EnumerateArray().Select(error => error.GetProperty("path").GetString()).ShouldBe(["head", "epochs", "candidate"]);
        problem.GetProperty("detail").GetString()!.ShouldContain("did you mean resnet8?");
        using var form = new MultipartFormDataContent { { new StringContent("{}"), "spec" } };
        using var parts = await service.Client.PostAsync(job.Links.Finalize, form);
        await parts.ShouldBeProblemAsync(HttpStatusCode.UnsupportedMediaType, "unsupported-media-type");
    }

    [Fact]
    public async Task A_job_is_finalized_by_one_request_at_a_time_and_a_key_makes_a_retry_safe()
    {
        var job = await service.PlayedJobAsync();
        using var first = await service.PostAsync(job.Links.Finalize, """{ "candidate": "cnn, \"small\"", "head": "probe" }""", "a key to finalize");
        var made = (await first.Content.ReadFromJsonAsync<JobResponse>(ServiceFixture.Json))!;

        using var again = await service.PostAsync(job.Links.Finalize, """{ "candidate": "cnn, \"small\"", "head": "probe" }""", "a key to finalize");
        using var other = await service.PostAsync(job.Links.Finalize, "{}", "a key to finalize");
        using var second = await service.PostAsync(job.Links.Finalize, "{}");

        (await again.Content.ReadFromJsonAsync<JobResponse>(ServiceFixture.Json))!.Id.ShouldBe(made.Id);
        again.Headers.GetValues("Idempotency-Replayed").ShouldBe(["true"]);
        await other.ShouldBeProblemAsync(HttpStatusCode.UnprocessableEntity, "idempotency-conflict");
        (await second.ShouldBeProblemAsync(HttpStatusCode.Conflict, "finalization-active")).GetProperty("finalization").GetString().ShouldBe(made.Links.Self);
        using (var delete = await service.Client.DeleteAsync(job.Links.Self)) await delete.ShouldBeProblemAsync(HttpStatusCode.Conflict, "job-still-active");

        await service.TrainAsync(made, Model);
        using var nested = await service.PostAsync(made.Links.Finalize, "{}");
        await nested.ShouldBeProblemAsync(HttpStatusCode.Conflict, "not-a-selection");
        var name = (await service.GetAsync<JobResponse>(made.Links.Self)).Finalization!.Model!.FileName;
        name.ShouldStartWith("cnn---small--probe-");
        using var deleted = await service.Client.DeleteAsync(job.Links.Self);
        deleted.StatusCode.ShouldBe(HttpStatusCode.NoContent);
        using var gone = await service.Client.GetAsync(made.Links.Self);
        gone.StatusCode.ShouldBe(HttpStatusCode.NotFound);
    }

    [Fact]
    public async Task A_job_that_has_not_ended_or_was_cancelled_is_refused_and_has_no_model()
    {
        var job = await service.SubmitAsync();
        using (var early = await service.PostAsync(job.Links.Finalize, "{}")) await early.ShouldBeProblemAsync(HttpStatusCode.Conflict, "job-not-finished");
        using (var none = await service.Client.GetAsync(job.Links.Model)) await none.ShouldBeProblemAsync(HttpStatusCode.NotFound, "no-model");
        using (await service.PostAsync(job.Links.Cancel, "{}")) { }

        using var cancelled = await service.PostAsync(job.Links.Finalize, "{}");
        await cancelled.ShouldBeProblemAsync(HttpStatusCode.Conflict, "job-cancelled");
        using var unknown = await service.PostAsync($"/api/v1/jobs/{Guid.NewGuid()}/finalize", "{}");
        await unknown.ShouldBeProblemAsync(HttpStatusCode.NotFound, "job-not-found");
    }

    [Fact]
    public async Task A_cancelled_finalization_leaves_no_model_and_another_may_follow()
    {
        var job = await service.PlayedJobAsync();
        using var response = await service.PostAsync(job.Links.Finalize, "{}");
        var made = (await response.Content.ReadFromJsonAsync<JobResponse>(ServiceFixture.Json))!;
        using (await service.PostAsync(made.Links.Cancel, "{}")) { }

        using var none = await service.Client.GetAsync(job.Links.Model);
        (await none.ShouldBeProblemAsync(HttpStatusCode.NotFound, "no-model")).GetProperty("detail").GetString()!.ShouldContain("cancelled");
        using var second = await service.PostAsync(job.Links.Finalize, "{}");
        second.StatusCode.ShouldBe(HttpStatusCode.Accepted);
        await service.TrainAsync((await second.Content.ReadFromJsonAsync<JobResponse>(ServiceFixture.Json))!, Model);
    }

    [Fact]
    public async Task A_job_that_asks_beforehand_says_why_it_is_not_finalized_yet()
    {
        var spec = ServiceFixture.Spec(priority: 100).Replace("\"mode\":\"full\"", "\"mode\":\"full\",\"finalize\":{\"head\":\"trainable-probe\"}", StringComparison.Ordinal);
        var job = await service.SubmitAsync(spec);
        (job.Finalization, job.FinalizationReason).ShouldBe((null, "the job has not ended"));
        for (var trial = 0; trial < 2; trial++)
        {
            var claimed = await service.ClaimAsync(job);
            await service.ObserveAsync(claimed, 0, 6);
            await service.Trials.SucceedAsync(claimed.Lease, weightsPath: null, CancellationToken.None);
        }

        var ended = await service.GetAsync<JobResponse>(job.Links.Self);

        var made = await service.GetAsync<JobResponse>(ended.Finalization.ShouldNotBeNull().Href);
        (made.Spec.Head, made.State, ended.FinalizationReason).ShouldBe((ModelHead.TrainableProbe, JobState.Queued, null));
        await service.TrainAsync(made, Model);
    }

    private async Task<(JobResponse Job, string Path)> FinalizedAsync()
    {
        var job = await service.PlayedJobAsync();
        using var response = await service.PostAsync(job.Links.Finalize, "{}");
        return (job, await service.TrainAsync((await response.Content.ReadFromJsonAsync<JobResponse>(ServiceFixture.Json))!, Model));
    }
}
