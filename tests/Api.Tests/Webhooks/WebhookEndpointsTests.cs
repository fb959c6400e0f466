using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Microsoft.Extensions.DependencyInjection;
using NeuralCapacitance.Api.Jobs;
using NeuralCapacitance.Api.Webhooks;
using NeuralCapacitance.Domain.Access;
using NeuralCapacitance.EndToEnd.Processes;
using NeuralCapacitance.Infrastructure.Access;
using NeuralCapacitance.Infrastructure.Tests.Webhooks;
using NeuralCapacitance.Infrastructure.Webhooks;

namespace NeuralCapacitance.Api.Tests.Webhooks;

/// <summary>A service that may send to this machine.</summary>
public sealed class WebhookEndpointsTests : IAsyncLifetime
{
    private const string Address = "/api/v1/webhooks";

    private readonly ServiceFixture _service = new(("Webhooks:Allow:0", "127.0.0.1"), ("Webhooks:PublicUrl", "https://ncp.example.org/"));

    public Task InitializeAsync() => _service.InitializeAsync();

    public Task DisposeAsync() => _service.DisposeAsync();

    [Fact]
    public async Task A_job_tells_its_receiver_and_shows_what_came_of_it_and_sends_it_again()
    {
        await using var receiver = await Receiver.StartAsync();
        var job = await _service.SubmitAsync(With($$"""[{ "url": "{{receiver.Url}}/hook", "events": ["job.cancelled"] }]"""));
        (await _service.Client.PostAsync(job.Links.Self + "/cancel", content: null)).Dispose();

        var told = await receiver.NextAsync();

        told.Path.ShouldBe("/hook");
        var data = JsonDocument.Parse(told.Body).RootElement.GetProperty("data");
        data.GetProperty("link").GetString().ShouldBe($"https://ncp.example.org{job.Links.Self}");
        var delivery = await DeliveredAsync(job);
        (delivery.Event, delivery.Url, delivery.WebhookId, delivery.LastStatus).ShouldBe(("job.cancelled", $"{receiver.Url}/hook", told.Headers["webhook-id"], 204));

        using var again = await _service.Client.PostAsync($"{job.Links.Self}/deliveries/{delivery.Id}/redeliver", content: null);
        again.StatusCode.ShouldBe(HttpStatusCode.Accepted);
        again.Headers.Location!.OriginalString.ShouldBe($"{job.Links.Self}/deliveries");
        var second = await receiver.NextAsync();
        (second.Body, second.Headers["webhook-id"]).ShouldBe((told.Body, told.Headers["webhook-id"]));
    }

    [Fact]
    public async Task What_is_not_there_is_told_apart()
    {
        var job = await _service.SubmitAsync();
        using var other = await _service.Client.PostAsync($"{job.Links.Self}/deliveries/{Guid.NewGuid()}/redeliver", content: null);
        await other.ShouldBeProblemAsync(HttpStatusCode.NotFound, "delivery-not-found");
        using var none = await _service.Client.GetAsync($"/api/v1/jobs/{Guid.NewGuid()}/deliveries");
        await none.ShouldBeProblemAsync(HttpStatusCode.NotFound, "job-not-found");
        using var neither = await _service.Client.PostAsync($"/api/v1/jobs/{Guid.NewGuid()}/deliveries/{Guid.NewGuid()}/redeliver", content: null);
        await neither.ShouldBeProblemAsync(HttpStatusCode.NotFound, "job-not-found");
        (await _service.GetAsync<DeliveryList>($"{job.Links.Self}/deliveries")).Items.ShouldBeEmpty();
    }

    [Fact]
    public async Task A_receiver_that_may_not_be_sent_to_is_a_fault_of_the_spec()
    {
        using var refused = await _service.PostAsync("/api/v1/jobs", With("""[{ "url": "http://169.254.169.254/latest/meta-data" }]"""));

        var problem = await refused.ShouldBeProblemAsync(HttpStatusCode.BadRequest, "invalid-job-spec");
        problem.Paths().ShouldBe(["notify[0].url"]);
        problem.GetProperty("detail").GetString()!.ShouldContain("is no public address");
    }

    [Fact]
    public async Task Each_key_has_a_secret_and_receivers_of_its_own_that_its_jobs_take_unless_they_say_otherwise()
    {
        await using var receiver = await Receiver.StartAsync();
        var (ci, other) = (await KeyAsync("ci", Role.Submit), await KeyAsync("other", Role.Submit));
        using var set = await SendAsync(HttpMethod.Put, Address, ci, $$"""{ "notify": [{ "url": "{{receiver.Url}}", "events": ["job.cancelled"] }] }""");
        set.Headers.CacheControl!.NoStore.ShouldBeTrue();
        var mine = (await set.Content.ReadFromJsonAsync<WebhooksResponse>(ServiceFixture.Json))!;
        mine.Notify.ShouldHaveSingleItem().Url.ShouldBe(receiver.Url + "/");
        var theirs = await ReadAsync(await SendAsync(HttpMethod.Get, Address, other));
        theirs.Notify.ShouldBeEmpty();
        theirs.Secret.ShouldNotBe(mine.Secret);

        foreach (var (secret, spec) in new[] { (other, ServiceFixture.Spec()), (ci, With("[]")), (ci, ServiceFixture.Spec()) }) await CancelledAsync(secret, spec);

        var told = await receiver.NextAsync();
        told.Headers["webhook-signature"].ShouldBe(SignatureOf(told, mine.Secret));
        receiver.Waiting.ShouldBe(0);
        var rotated = await ReadAsync(await SendAsync(HttpMethod.Post, Address + "/rotate", ci));
        rotated.Secret.ShouldNotBe(mine.Secret);
        rotated.PreviousUntil.ShouldNotBeNull();
    }

    [Fact]
    public async Task Faults_of_the_receivers_are_all_told()
    {
        using var response = await SendAsync(HttpMethod.Put, Address, secret: null, """{ "notify": [{ "url": "gopher://a" }, { "url": "https://a.example", "events": ["never"] }], "more": 1 }""");

        (await response.ShouldBeProblemAsync(HttpStatusCode.BadRequest, "invalid-webhooks")).Paths().ShouldBe(["notify[0].url", "notify[1].events[0]", "more"]);
    }

    [Fact]
    public async Task A_reader_has_no_secret()
    {
        var reader = await KeyAsync("reader", Role.Read);

        using var refused = await SendAsync(HttpMethod.Get, Address, reader);

        await refused.ShouldBeProblemAsync(HttpStatusCode.Forbidden, "not-permitted");
    }

    [Fact]
    public async Task Who_needs_no_key_anywhere_is_not_shown_the_secret_of_the_installation()
    {
        var open = new ServiceFixture(("Auth:AllowAnonymous", "true"));
        await open.InitializeAsync();
        try
        {
            using var refused = await open.Client.GetAsync(Address);
            await refused.ShouldBeProblemAsync(HttpStatusCode.Forbidden, "not-permitted");
            (await _service.GetAsync<WebhooksResponse>(Address)).Secret.ShouldStartWith("whsec_");
        }
        finally
        {
            await open.DisposeAsync();
        }
    }

    [Fact]
    public async Task A_secret_that_cannot_be_read_is_told_and_made_anew()
    {
        (await _service.GetAsync<WebhooksResponse>(Address)).Secret.ShouldStartWith("whsec_");
        var store = _service.Services.GetRequiredService<Npgsql.NpgsqlDataSource>();
        await using (var spoil = store.CreateCommand("UPDATE webhook_settings SET secret = 'CfDJ8-not-ours'")) await spoil.ExecuteNonQueryAsync();

        using var unreadable = await _service.Client.GetAsync(Address);
        await unreadable.ShouldBeProblemAsync(HttpStatusCode.Conflict, "secret-unreadable");

        (await ReadAsync(await _service.Client.PostAsync(Address + "/rotate", content: null))).Secret.ShouldStartWith("whsec_");
    }

    private async Task CancelledAsync(string secret, string spec)
    {
        using var submitted = await SendAsync(HttpMethod.Post, "/api/v1/jobs", secret, spec);
        submitted.StatusCode.ShouldBe(HttpStatusCode.Accepted, await submitted.Content.ReadAsStringAsync());
        var job = (await submitted.Content.ReadFromJsonAsync<JobResponse>(ServiceFixture.Json))!;
        (await SendAsync(HttpMethod.Post, job.Links.Self + "/cancel", secret)).Dispose();
    }

    private async Task<DeliveryResponse> DeliveredAsync(JobResponse job)
    {
        DeliveryResponse? found = null;
        await Eventually.Async(
            "the delivery to be noted as delivered",
            async () => (found = (await _service.GetAsync<DeliveryList>($"{job.Links.Self}/deliveries")).Items.ShouldHaveSingleItem()).State,
            state => state is DeliveryState.Delivered);
        return found!;
    }

    private async Task<string> KeyAsync(string name, Role role)
        => (await _service.Services.GetRequiredService<ApiKeyStore>().CreateAsync(name, role, expiresAt: null, Actor.Service, default)).Secret;

    private static async Task<WebhooksResponse> ReadAsync(HttpResponseMessage response)
    {
        using (response)
        {
            response.StatusCode.ShouldBe(HttpStatusCode.OK, await response.Content.ReadAsStringAsync());
            return (await response.Content.ReadFromJsonAsync<WebhooksResponse>(ServiceFixture.Json))!;
        }
    }

    private async Task<HttpResponseMessage> SendAsync(HttpMethod method, string path, string? secret, string? json = null)
    {
        using var request = new HttpRequestMessage(method, path);
        if (secret is not null) request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", secret);
        if (json is not null) request.Content = new StringContent(json, Encoding.UTF8, "application/json");
        return await _service.Client.SendAsync(request);
    }

    /// <summary>As a receiver computes it.</summary>
    private static string SignatureOf(Received told, string secret)
    {
        var signed = Encoding.UTF8.GetBytes($"{told.Headers["webhook-id"]}.{told.Headers["webhook-timestamp"]}.{told.Body}");
        return "v1," + Convert.ToBase64String(HMACSHA256.HashData(Convert.FromBase64String(secret["whsec_".Length..]), signed));
    }

    private static string With(string notify) => ServiceFixture.Spec().Insert(1, $"\"notify\": {notify}, ");
}
