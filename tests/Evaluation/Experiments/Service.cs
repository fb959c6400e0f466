using System.Net.Http.Json;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;

namespace NeuralCapacitance.Evaluation.Experiments;

/// <summary>The running service, seen as any client sees it.</summary>
internal sealed class Service(HttpClient http, Action<string> report)
{
    private static readonly TimeSpan PollInterval = TimeSpan.FromSeconds(2);

    /// <summary>Submits a job, or finds the one that the same spec made before (Idempotency-Key), and waits for its end.</summary>
    /// <exception cref="InvalidOperationException">Refused, or ended other than <c>succeeded</c>; the message has the service's words.</exception>
    public async Task<string> RunAsync(JsonObject spec, CancellationToken cancellationToken)
    {
        string body = spec.ToJsonString();
        using var request = new HttpRequestMessage(HttpMethod.Post, "api/v1/jobs") { Content = new StringContent(body, Encoding.UTF8, "application/json") };
        request.Headers.Add("Idempotency-Key", Convert.ToHexString(SHA256.HashData(Encoding.UTF8.GetBytes(body))));
        JsonNode job = await SendAsync(request, cancellationToken);
        string id = (string)job["id"]!;
        report($"job {id} ({spec["name"]})");
        string before = "";
        while (true)
        {
            string state = (string)job["state"]!;
            string progress = job["progress"]!.ToJsonString();
            if (progress != before) report($"{state} {progress}");
            before = progress;
            switch (state)
            {
                case "succeeded": return id;
                case "failed" or "cancelled": throw new InvalidOperationException($"Job {id} {state}: {job["failure"]?.ToJsonString()}");
            }

            await Task.Delay(PollInterval, cancellationToken);
            job = await GetAsync($"api/v1/jobs/{id}", cancellationToken);
        }
    }

    /// <summary>Candidate → what a later spec takes as its <c>weights</c>.</summary>
    public async Task<IReadOnlyDictionary<string, string>> WeightsAsync(string job, CancellationToken cancellationToken)
    {
        return (await TrialsAsync(job, cancellationToken)).ToDictionary(t => (string)t["candidate"]!, t => (string)t["savedWeights"]!, StringComparer.Ordinal);
    }

    /// <summary>Training-free scores of a job's trials, as far as they were measured.</summary>
    public async Task<IReadOnlyList<(int Repeat, string Model, string Score, double? Value)>> ScoresAsync(string job, CancellationToken cancellationToken)
        => [.. from trial in await TrialsAsync(job, cancellationToken)
               from score in trial["scores"]?.AsArray() ?? []
               select ((int)trial["repeat"]!, (string)trial["candidate"]!, (string)score["name"]!, (double?)score["value"])];

    public async Task<IReadOnlyList<JsonNode>> ObservationsAsync(string job, CancellationToken cancellationToken)
    {
        var all = new List<JsonNode>();
        for (long? after = 0; after is not null;)
        {
            JsonNode page = await GetAsync($"api/v1/jobs/{job}/observations?after={after}", cancellationToken);
            all.AddRange(page["items"]!.AsArray().Select(item => item!));
            after = (long?)page["nextAfter"];
        }

        return all;
    }

    /// <summary>Every job of mode <c>full</c> that has succeeded, the oldest first.</summary>
    public async Task<IReadOnlyList<JsonNode>> FullJobsAsync(CancellationToken cancellationToken)
    {
        var all = new List<JsonNode>();
        string? cursor = "";
        while (cursor is not null)
        {
            JsonNode page = await GetAsync($"api/v1/jobs?state=succeeded{(cursor.Length > 0 ? $"&cursor={Uri.EscapeDataString(cursor)}" : "")}", cancellationToken);
            all.AddRange(page["items"]!.AsArray().Select(item => item!).Where(job => (string?)job["spec"]?["selection"]?["mode"] == "full"));
            cursor = (string?)page["nextCursor"];
        }

        all.Reverse();
        return all;
    }

    public async Task<IReadOnlyList<JsonNode>> JobsAsync(IReadOnlyList<string> ids, CancellationToken cancellationToken)
    {
        var jobs = new List<JsonNode>();
        foreach (string id in ids) jobs.Add(await GetAsync($"api/v1/jobs/{Uri.EscapeDataString(id)}", cancellationToken));
        return jobs;
    }

    private async Task<IEnumerable<JsonNode>> TrialsAsync(string job, CancellationToken cancellationToken)
    {
        JsonNode trials = await GetAsync($"api/v1/jobs/{job}/trials", cancellationToken);
        return (trials as JsonArray ?? trials["items"]!.AsArray()).Select(trial => trial!);
    }

    private Task<JsonNode> GetAsync(string path, CancellationToken cancellationToken)
        => SendAsync(new HttpRequestMessage(HttpMethod.Get, path), cancellationToken);

    private async Task<JsonNode> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        using HttpResponseMessage response = await http.SendAsync(request, cancellationToken);
        return response.IsSuccessStatusCode
            ? (await response.Content.ReadFromJsonAsync<JsonNode>(cancellationToken))!
            : throw new InvalidOperationException(
                $"{request.Method} {request.RequestUri}: {(int)response.StatusCode} {await response.Content.ReadAsStringAsync(cancellationToken)}");
    }
}
