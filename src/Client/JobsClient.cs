using System.Net.Http.Json;
using System.Runtime.CompilerServices;
using System.Text;
using System.Text.Json;
using NeuralCapacitance.Client.Json;
using NeuralCapacitance.Client.Models;

namespace NeuralCapacitance.Client;

/// <summary>Jobs: submit them, follow them, see what they come to.</summary>
public sealed class JobsClient
{
    private const string Jobs = "api/v1/jobs";

    private readonly Transport _transport;

    internal JobsClient(Transport transport) => _transport = transport;

    /// <summary>Submits a job. It is sent again until the service has answered, and made once: every try has the same <c>Idempotency-Key</c>.</summary>
    /// <param name="idempotencyKey">Of your own, to make the call itself repeatable: for 24 hours the same key answers with the same job. Null: a new one.</param>
    /// <exception cref="ServiceException">The spec has faults; all of them are in <see cref="ServiceException.Errors"/>.</exception>
    public Task<Job> SubmitAsync(JobSpec spec, string? idempotencyKey = null, CancellationToken cancellationToken = default)
        => SubmitAsync(JsonSerializer.Serialize(spec, WireJson.Options), idempotencyKey, cancellationToken);

    /// <inheritdoc cref="SubmitAsync(JobSpec, string?, CancellationToken)"/>
    /// <param name="json">A spec as a file has it.</param>
    public Task<Job> SubmitAsync(string json, string? idempotencyKey = null, CancellationToken cancellationToken = default)
    {
        var key = idempotencyKey ?? Guid.NewGuid().ToString();
        return _transport.ReadAsync<Job>(() => WithKey(Transport.Post(Jobs, Json(json)), key), cancellationToken);
    }

    /// <summary>What the job would cost: a few measured training steps of every candidate. Nothing is stored. Takes some seconds per candidate.</summary>
    public async Task<JobEstimate> EstimateAsync(string json, CancellationToken cancellationToken = default)
    {
        using var response = await _transport.SendAsync(() => Transport.Post($"{Jobs}?dryRun=true", Json(json)), Timeout.InfiniteTimeSpan, cancellationToken);
        return await Transport.JsonOfAsync<JobEstimate>(response, cancellationToken);
    }

    public Task<Job> GetAsync(Guid id, CancellationToken cancellationToken = default)
        => _transport.ReadAsync<Job>(() => Transport.Get($"{Jobs}/{id}"), cancellationToken);

    /// <summary>Jobs, newest first, fetched page by page as they are asked for.</summary>
    /// <param name="query">Which; null: all.</param>
    public async IAsyncEnumerable<Job> ListAsync(JobQuery? query = null, [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        string? cursor = null;
        do
        {
            var asked = (query ?? new()).ToQuery(cursor);
            var page = await _transport.ReadAsync<Items<Job>>(() => Transport.Get(Jobs + asked), cancellationToken);
            foreach (var job in page.List) yield return job;
            cursor = page.NextCursor;
        }
        while (cursor is not null);
    }

    /// <summary>What happens to a job, as it happens, until it has ended. A broken connection is taken up again; no observation is missed or repeated.</summary>
    /// <exception cref="IOException">The service stays away; the job is not affected.</exception>
    public IAsyncEnumerable<JobEvent> FollowAsync(Guid id, CancellationToken cancellationToken = default)
        => new EventStream(_transport, $"{Jobs}/{id}/events").ReadAsync(cancellationToken);

    /// <summary>The job as it has ended.</summary>
    public async Task<Job> WaitAsync(Guid id, CancellationToken cancellationToken = default)
    {
        await foreach (var told in FollowAsync(id, cancellationToken))
        {
            if (told is JobEnded ended) return ended.Job;
        }

        throw new IOException($"The events of job {id} ended before it did.");
    }

    /// <summary>Asks to stop it. It is <see cref="JobState.Cancelling"/> until the workers have stopped.</summary>
    public Task<Job> CancelAsync(Guid id, CancellationToken cancellationToken = default)
        => _transport.ReadAsync<Job>(() => Transport.Post($"{Jobs}/{id}/cancel"), cancellationToken);

    /// <summary>Deletes a job that has ended, and all that was measured.</summary>
    public async Task DeleteAsync(Guid id, CancellationToken cancellationToken = default)
        => (await _transport.SendAsync(() => Transport.Delete($"{Jobs}/{id}"), _transport.Options.RequestTimeout, cancellationToken)).Dispose();

    /// <summary>Which backbone? While the job runs, by what was observed so far.</summary>
    public Task<Ranking> GetRankingAsync(Guid id, RankingQuery? query = null, CancellationToken cancellationToken = default)
        => _transport.ReadAsync<Ranking>(() => Transport.Get($"{Jobs}/{id}/ranking{query?.ToQuery()}"), cancellationToken);

    /// <summary>Accuracy against β_eff, and what a predictor makes of it.</summary>
    /// <param name="query">Of at most one predictor.</param>
    public Task<BetaAccuracy> GetBetaAccuracyAsync(Guid id, RankingQuery? query = null, CancellationToken cancellationToken = default)
        => _transport.ReadAsync<BetaAccuracy>(() => Transport.Get($"{Jobs}/{id}/plots/beta-accuracy.json{query?.ToQuery()}"), cancellationToken);

    /// <summary>Each candidate with each seed.</summary>
    public async Task<IReadOnlyList<Trial>> GetTrialsAsync(Guid id, CancellationToken cancellationToken = default)
        => (await _transport.ReadAsync<Items<Trial>>(() => Transport.Get($"{Jobs}/{id}/trials"), cancellationToken)).List;

    /// <summary>What was measured so far, epoch by epoch.</summary>
    /// <param name="after">Only observations whose id is greater.</param>
    public IAsyncEnumerable<Observation> GetObservationsAsync(Guid id, long after = 0, CancellationToken cancellationToken = default)
        => PagesAsync<Observation>($"{Jobs}/{id}/observations", after, cancellationToken);

    /// <summary>What a race has decided so far.</summary>
    /// <param name="after">Only decisions whose id is greater.</param>
    public IAsyncEnumerable<Decision> GetDecisionsAsync(Guid id, long after = 0, CancellationToken cancellationToken = default)
        => PagesAsync<Decision>($"{Jobs}/{id}/decisions", after, cancellationToken);

    /// <summary>Trains the winner, or another candidate, to the end. The answer is a job of its own: follow it by its id.</summary>
    /// <param name="idempotencyKey">As in <see cref="SubmitAsync(JobSpec, string?, CancellationToken)"/>.</param>
    public Task<Job> FinalizeAsync(Guid id, FinalizeRequest? request = null, string? idempotencyKey = null, CancellationToken cancellationToken = default)
    {
        var key = idempotencyKey ?? Guid.NewGuid().ToString();
        return _transport.ReadAsync<Job>(
            () => WithKey(Transport.Post($"{Jobs}/{id}/finalize", JsonContent.Create(request ?? new FinalizeRequest(), options: WireJson.Options)), key), cancellationToken);
    }

    /// <summary>Downloads the finalized model (safetensors) and checks it against the digest that the service tells; the file is there when it is whole, and only then.</summary>
    /// <param name="path">Where to; a file that is there is replaced.</param>
    /// <exception cref="InvalidDataException">What came is not what the service has.</exception>
    public async Task DownloadModelAsync(Guid id, string path, CancellationToken cancellationToken = default)
    {
        using var response = await _transport.SendAsync(() => Transport.Get($"{Jobs}/{id}/model"), _transport.Options.RequestTimeout, cancellationToken);
        await CheckedDownload.SaveAsync(response, path, cancellationToken);
    }

    /// <summary>Python that loads the model with PyTorch.</summary>
    public async Task<string> GetModelSnippetAsync(Guid id, CancellationToken cancellationToken = default)
    {
        using var response = await _transport.SendAsync(() => Transport.Get($"{Jobs}/{id}/model/snippet"), _transport.Options.RequestTimeout, cancellationToken);
        return await response.Content.ReadAsStringAsync(cancellationToken);
    }

    /// <summary>The job's report, or one of its plots.</summary>
    /// <param name="part"><c>report</c> (HTML), <c>report.md</c>, <c>plots/ranking.svg</c>, <c>plots/curves.png</c>, …</param>
    public async Task CopyReportAsync(Guid id, string part, Stream to, CancellationToken cancellationToken = default)
    {
        using var response = await _transport.SendAsync(() => Transport.Get($"{Jobs}/{id}/{part}"), _transport.Options.RequestTimeout, cancellationToken);
        await response.Content.CopyToAsync(to, cancellationToken);
    }

    private async IAsyncEnumerable<T> PagesAsync<T>(string path, long after, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        for (long? next = after; next is not null;)
        {
            var from = next.Value;
            var page = await _transport.ReadAsync<Items<T>>(() => Transport.Get(path + QueryText.Of(("after", from))), cancellationToken);
            foreach (var item in page.List) yield return item;
            next = page.NextAfter;
        }
    }

    private static StringContent Json(string json) => new(json, Encoding.UTF8, "application/json");

    private static HttpRequestMessage WithKey(HttpRequestMessage request, string key)
    {
        request.Headers.Add("Idempotency-Key", key);
        return request;
    }
}
