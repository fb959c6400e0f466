using System.Net;
using System.Net.Http.Json;
using System.Net.ServerSentEvents;
using System.Text;
using System.Text.Json;
using NeuralCapacitance.Benchmarks.Load;
using NeuralCapacitance.Infrastructure.Tests;

namespace NeuralCapacitance.EndToEnd.Exposure;

/// <summary>The real service, some hundred jobs, one of them large, and a neighbour: somebody who uses it from another address than those that attack.</summary>
public sealed class ExposedSite : IAsyncLifetime
{
    private const int Jobs = 300;

    /// <summary>Far more than an answer takes, and less than each attack took before it was bounded.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);

    private Site? _site;
    private HttpClient? _attacker;
    private HttpClient? _neighbour;

    internal HttpClient Attacker => _attacker!;

    internal HttpClient Neighbour => _neighbour!;

    /// <summary>A job whose ranking takes long.</summary>
    public Guid LargeJob { get; private set; }

    public async Task InitializeAsync()
    {
        var database = await PostgresFixture.NewDatabaseAsync();
        _site = new(database);
        await _site.StartApiAsync();
        _attacker = new(new SocketsHttpHandler { UseProxy = false }) { BaseAddress = _site.Address };
        _neighbour = Benchmarks.Load.Neighbour.Create(_site.Address, Patience);
        await using var tables = new LoadDatabase(database);
        await tables.CopyAsync(await ModelAsync(candidates: 8, epochs: 4), Jobs, epochs: 4, CancellationToken.None);
        LargeJob = (await tables.CopyAsync(await ModelAsync(candidates: 60, epochs: 50), jobs: 1, epochs: 50, CancellationToken.None))[0];
    }

    public async Task DisposeAsync()
    {
        _attacker?.Dispose();
        _neighbour?.Dispose();
        if (_site is not null) await _site.DisposeAsync();
    }

    /// <summary>The neighbour submits a job, looks at it, hears of its end and removes it, each within <see cref="Patience"/>.</summary>
    public async Task ServesNeighbourAsync()
    {
        using (var live = await Neighbour.GetAsync("/health/live")) live.StatusCode.ShouldBe(HttpStatusCode.OK);
        var job = await SubmitAsync(Specs.Small);
        using (var found = await Neighbour.GetAsync($"/api/v1/jobs/{job}")) found.StatusCode.ShouldBe(HttpStatusCode.OK);
        using var patience = new CancellationTokenSource(2 * Patience);
        using (var events = await Neighbour.GetAsync($"/api/v1/jobs/{job}/events", HttpCompletionOption.ResponseHeadersRead, patience.Token))
        {
            events.StatusCode.ShouldBe(HttpStatusCode.OK);
            await using var stream = await events.Content.ReadAsStreamAsync(patience.Token);
            await using var items = SseParser.Create(stream).EnumerateAsync(patience.Token).GetAsyncEnumerator(patience.Token);
            await UntilAsync(items, "job");
            await CancelAsync(job);
            await UntilAsync(items, "end");
        }

        using var deleted = await Neighbour.DeleteAsync($"/api/v1/jobs/{job}");
        deleted.StatusCode.ShouldBe(HttpStatusCode.NoContent);
    }

    public async Task<Guid> SubmitAsync(string spec)
    {
        using var content = new StringContent(spec, Encoding.UTF8, "application/json");
        using var response = await Neighbour.PostAsync("/api/v1/jobs", content);
        response.StatusCode.ShouldBe(HttpStatusCode.Accepted, await response.Content.ReadAsStringAsync());
        return (await response.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("id").GetGuid();
    }

    public async Task CancelAsync(Guid job)
    {
        using var response = await Neighbour.PostAsync($"/api/v1/jobs/{job}/cancel", content: null);
        response.StatusCode.ShouldBe(HttpStatusCode.Accepted);
    }

    private async Task<Guid> ModelAsync(int candidates, int epochs)
    {
        var job = await SubmitAsync(JsonSerializer.Serialize(new
        {
            dataset = new { name = "synthetic" },
            candidates = Enumerable.Range(0, candidates).Select(i => new { name = $"c{i}", backbone = "cnn-small" }),
            training = new { epochs },
            selection = new { mode = "full", observe = 4 },
        }));
        await CancelAsync(job);
        return job;
    }

    private static async Task UntilAsync(IAsyncEnumerator<SseItem<string>> items, string type)
    {
        while (await items.MoveNextAsync())
        {
            if (items.Current.EventType == type) return;
        }

        throw new InvalidOperationException($"The stream ended before any '{type}'.");
    }
}
