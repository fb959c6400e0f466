using System.Net;
using System.Net.Http.Json;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Playwright;
using NeuralCapacitance.Api.Health;
using NeuralCapacitance.Api.Tests.Pages;
using NeuralCapacitance.Api.Workers;
using NeuralCapacitance.EndToEnd.Processes;
using Npgsql;

namespace NeuralCapacitance.Api.Tests.Workers;

/// <summary>On a service of its own: there is no worker but those that the tests write.</summary>
public sealed class WorkerEndpointsTests(ServiceFixture service) : IClassFixture<ServiceFixture>
{
    [Fact]
    public async Task A_worker_is_listed_drained_and_resumed()
    {
        var id = await AddAsync("now()");

        var listed = (await service.GetAsync<WorkerList>("/api/v1/workers")).Items.Single(worker => worker.Id == id);
        (listed.IsAlive, listed.IsDraining, listed.Device, listed.Slots).ShouldBe((true, false, "cuda:0", 2));
        listed.Memory.ShouldBe(new MemoryResponse(1_000, 4_000));
        listed.DeviceMemory.ShouldBe(new MemoryResponse(10, 80));
        listed.LastCheckIn.ShouldNotBeNull();

        (await SendAsync(HttpMethod.Post, id)).IsDraining.ShouldBeTrue();
        var since = (await SendAsync(HttpMethod.Post, id)).DrainingSince;
        since.ShouldNotBeNull();
        (await service.GetAsync<WorkerList>("/api/v1/workers")).Items.Single(worker => worker.Id == id).DrainingSince.ShouldBe(since);
        (await SendAsync(HttpMethod.Delete, id)).IsDraining.ShouldBeFalse();

        var audit = await ReadAsync($"SELECT action FROM audit WHERE subject = 'worker:{id}' ORDER BY id");
        audit.ShouldBe(["drained", "resumed"]);
    }

    [Fact]
    public async Task A_worker_that_there_is_not_is_told_with_where_to_look()
    {
        using var response = await service.Client.PostAsync("/api/v1/workers/nobody/drain", content: null);

        var problem = await response.ShouldBeProblemAsync(HttpStatusCode.NotFound, "worker-not-found");
        problem.GetProperty("detail").GetString()!.ShouldContain("GET /api/v1/workers");
    }

    [Fact]
    public async Task The_service_is_ready_while_a_worker_lives()
    {
        await ExecuteAsync("DELETE FROM workers");
        using (var without = await service.Client.GetAsync("/health/ready"))
        {
            without.StatusCode.ShouldBe(HttpStatusCode.ServiceUnavailable);
            (await without.Content.ReadAsStringAsync()).ShouldContain("No worker lives");
        }
        await AddAsync("now()");

        // It is looked at once a second at most.
        var health = await Eventually.Async("the worker to be noticed", async () =>
        {
            using var response = await service.Client.GetAsync("/health/ready");
            return (await response.Content.ReadFromJsonAsync<HealthResponse>(ServiceFixture.Json))!;
        }, found => found.Status is HealthStatus.Healthy);

        health.Checks.Select(check => check.Name).ShouldBe(["postgres", "workers", "disk"], ignoreOrder: true);
    }

    [ChromiumFact]
    public async Task The_page_shows_workers_and_drains_them()
    {
        var id = await AddAsync("now()");
        await using var browser = await Browser.StartAsync();
        var page = await browser.OpenAsync(new(service.Address, "/#/workers"));

        var row = page.GetByRole(AriaRole.Row).Filter(new() { HasText = id });
        await row.Locator(".badge", new() { HasText = "alive" }).WaitForAsync();
        (await row.InnerTextAsync()).ShouldContain("cuda:0");
        await row.GetByRole(AriaRole.Button, new() { Name = $"Drain {id}" }).ClickAsync();
        await row.Locator(".badge", new() { HasText = "draining" }).WaitForAsync();
        await row.GetByRole(AriaRole.Button, new() { Name = $"Resume {id}" }).ClickAsync();
        await row.Locator(".badge", new() { HasText = "alive" }).WaitForAsync();
        (await page.Locator("main").InnerTextAsync()).ShouldNotContain("undefined");
        browser.Faults.ShouldBeEmpty();
    }

    private async Task<WorkerResponse> SendAsync(HttpMethod method, string id)
    {
        using var request = new HttpRequestMessage(method, $"/api/v1/workers/{id}/drain");
        using var response = await service.Client.SendAsync(request);
        response.StatusCode.ShouldBe(HttpStatusCode.OK, await response.Content.ReadAsStringAsync());
        return System.Text.Json.JsonSerializer.Deserialize<WorkerResponse>(await response.Content.ReadAsStringAsync(), ServiceFixture.Json)!;
    }

    private async Task<string> AddAsync(string seen)
    {
        var id = $"box-{Guid.NewGuid():N}";
        await ExecuteAsync(
            $"INSERT INTO workers (id, process, instance, version, device, slots, memory_used, memory_total, device_memory_used, device_memory_total, started_at, seen_at) VALUES ('{id}', '{id}:7', gen_random_uuid(), '0.1.0', 'cuda:0', 2, 1000, 4000, 10, 80, now(), {seen})");
        return id;
    }

    private async Task ExecuteAsync(string sql)
    {
        await using var command = service.Services.GetRequiredService<NpgsqlDataSource>().CreateCommand(sql);
        await command.ExecuteNonQueryAsync();
    }

    private async Task<List<string>> ReadAsync(string sql)
    {
        await using var command = service.Services.GetRequiredService<NpgsqlDataSource>().CreateCommand(sql);
        await using var rows = await command.ExecuteReaderAsync();
        List<string> read = [];
        while (await rows.ReadAsync()) read.Add(rows.GetString(0));
        return read;
    }
}
