using System.Net.Http.Json;
using System.Net.ServerSentEvents;
using System.Runtime.CompilerServices;
using System.Text;
using System.Text.Json;
using NeuralCapacitance.Api.Jobs;
using NeuralCapacitance.Api.Json;
using NeuralCapacitance.Api.Observations;
using NeuralCapacitance.Api.Problems;
using NeuralCapacitance.Api.Rankings;
using NeuralCapacitance.Api.Trials;

namespace NeuralCapacitance.Api.CommandLine;

/// <summary>The service refused a request.</summary>
internal sealed class ServiceException(string message, IReadOnlyList<FieldError> errors) : Exception(message)
{
    public IReadOnlyList<FieldError> Errors => errors;
}

/// <summary>Talks to the service over HTTP, as any client would.</summary>
internal sealed class ServiceClient(HttpClient http)
{
    private const int MaxReconnects = 60;
    private static readonly TimeSpan ReconnectDelay = TimeSpan.FromSeconds(1);
    private static readonly JsonSerializerOptions Json = JsonServices.Configure(new JsonSerializerOptions(JsonSerializerDefaults.Web));

    public Uri Address => http.BaseAddress!;

    /// <exception cref="ServiceException">The spec has faults.</exception>
    public async Task<JobResponse> SubmitAsync(string spec, CancellationToken cancellationToken)
    {
        using var content = new StringContent(spec, Encoding.UTF8, "application/json");
        using var response = await http.PostAsync($"{ApiRoutes.Prefix}/jobs", content, cancellationToken);
        return await ReadAsync<JobResponse>(response, cancellationToken);
    }

    /// <summary>Jobs in this state, at most 100.</summary>
    public async Task<IReadOnlyList<JobResponse>> ListAsync(string state, CancellationToken cancellationToken)
    {
        using var response = await http.GetAsync($"{ApiRoutes.Prefix}/jobs?limit=100&state={state}", cancellationToken);
        return (await ReadAsync<PageResponse<JobResponse>>(response, cancellationToken)).Items;
    }

    public async Task CancelAsync(JobResponse job, CancellationToken cancellationToken)
    {
        using var response = await http.PostAsync(job.Links.Cancel, content: null, cancellationToken);
        await ReadAsync<JobResponse>(response, cancellationToken);
    }

    public async Task<RankingResponse> RankAsync(JobResponse job, CancellationToken cancellationToken)
    {
        using var response = await http.GetAsync(job.Links.Ranking, cancellationToken);
        return await ReadAsync<RankingResponse>(response, cancellationToken);
    }

    /// <summary>
    /// <see cref="TrialResponse"/>, <see cref="ObservationResponse"/> and <see cref="JobResponse"/> as they happen, until the job has ended.
    /// A broken connection is taken up again where it broke.
    /// </summary>
    /// <exception cref="IOException">The service stays away.</exception>
    public async IAsyncEnumerable<object> FollowAsync(JobResponse job, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        string? lastEventId = null;
        for (var failures = 0; failures < MaxReconnects; failures++)
        {
            await using (var connection = await EventConnection.OpenAsync(http, job.Links.Events, lastEventId, cancellationToken))
            {
                while (connection is not null && await connection.NextAsync() is { } item)
                {
                    failures = 0;
                    lastEventId = item.EventId ?? lastEventId;
                    if (Read(item) is { } read)
                    {
                        yield return read;
                    }

                    if (item.EventType is "end")
                    {
                        yield break;
                    }
                }
            }

            await Task.Delay(ReconnectDelay, cancellationToken);
        }

        throw new IOException("The event stream broke off and could not be taken up again.");
    }

    /// <returns>Null: an event of a later version.</returns>
    private static object? Read(SseItem<string> item) => item.EventType switch
    {
        "trial" => JsonSerializer.Deserialize<TrialResponse>(item.Data, Json),
        "observation" => JsonSerializer.Deserialize<ObservationResponse>(item.Data, Json),
        "job" or "end" => JsonSerializer.Deserialize<JobResponse>(item.Data, Json),
        _ => null,
    };

    private static async Task<T> ReadAsync<T>(HttpResponseMessage response, CancellationToken cancellationToken)
    {
        if (response.IsSuccessStatusCode)
        {
            return (await response.Content.ReadFromJsonAsync<T>(Json, cancellationToken))!;
        }

        var problem = await response.Content.ReadFromJsonAsync<JsonElement>(Json, cancellationToken);
        var errors = problem.TryGetProperty("errors", out var list) ? list.Deserialize<IReadOnlyList<FieldError>>(Json)! : [];
        throw new ServiceException($"{problem.GetProperty("title").GetString()}: {problem.GetProperty("detail").GetString()}", errors);
    }
}
