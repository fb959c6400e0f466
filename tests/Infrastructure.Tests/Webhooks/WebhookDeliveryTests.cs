using System.Net;
using System.Text.Json;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.AspNetCore.Http;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using NeuralCapacitance.Domain.Datasets;
using NeuralCapacitance.Domain.Jobs;
using NeuralCapacitance.Domain.Notifications;
using NeuralCapacitance.Infrastructure.Access;
using NeuralCapacitance.Infrastructure.Jobs;
using NeuralCapacitance.Infrastructure.Postgres;
using NeuralCapacitance.Infrastructure.Tests.Retention;
using NeuralCapacitance.Infrastructure.Uploads;
using NeuralCapacitance.Infrastructure.Webhooks;

namespace NeuralCapacitance.Infrastructure.Tests.Webhooks;

public sealed class WebhookDeliveryTests : IAsyncLifetime
{
    private static readonly (string, string)[] LoopbackAllowed = [("Webhooks:Allow:0", "127.0.0.0/8"), ("Webhooks:Timeout", "00:00:05")];

    private string _database = null!;
    private ServiceNode _node = null!;

    private WebhookStore Store => _node.Services.GetRequiredService<WebhookStore>();

    public async Task InitializeAsync() => _database = await PostgresFixture.NewDatabaseAsync();

    public async Task DisposeAsync() => await _node.DisposeAsync();

    [Fact]
    public async Task Begin_and_end_of_a_job_are_told_signed_and_once()
    {
        await using var receiver = await Receiver.StartAsync();
        _node = await StartAsync(LoopbackAllowed);

        var job = await PlayedAsync(receiver.Url);

        var told = new[] { await receiver.NextAsync(), await receiver.NextAsync() };
        var payloads = told.Select(message => JsonDocument.Parse(message.Body).RootElement).OrderByDescending(payload => payload.GetProperty("type").GetString(), StringComparer.Ordinal).ToList();
        payloads.Select(payload => payload.GetProperty("type").GetString()).ShouldBe(["job.succeeded", "job.started"]);
        var data = payloads[0].GetProperty("data");
        (data.GetProperty("id").GetGuid(), data.GetProperty("state").GetString(), data.GetProperty("link").GetString()).ShouldBe((job, "succeeded", $"/api/v1/jobs/{job}"));
        var best = data.GetProperty("best");
        best.GetProperty("candidate").GetString().ShouldBe("candidate-0");
        best.GetProperty("predictedAccuracy").GetDouble().ShouldBeInRange(best.GetProperty("intervalLow").GetDouble(), best.GetProperty("intervalHigh").GetDouble());
        best.GetProperty("probabilityBest").GetDouble().ShouldBeInRange(0, 1);
        payloads[1].GetProperty("data").GetProperty("best").ValueKind.ShouldBe(JsonValueKind.Null);
        var secret = (await _node.Services.GetRequiredService<WebhookSettingsStore>().GetAsync("local", default)).Secret;
        foreach (var message in told)
        {
            message.Headers["Content-Type"].ShouldBe("application/json");
            message.Headers["webhook-signature"].ShouldBe(WebhookSignature.Of(message.Headers["webhook-id"], long.Parse(message.Headers["webhook-timestamp"]), message.Body, [secret]));
            message.Headers.Keys.ShouldNotContain("traceparent", StringComparer.OrdinalIgnoreCase);
        }
        var deliveries = await EndedAsync(job, 2);
        deliveries.ShouldAllBe(delivery => delivery.State == DeliveryState.Delivered && delivery.Attempts == 1 && delivery.LastStatus == 204 && delivery.LastError == null);
        receiver.Waiting.ShouldBe(0);
    }

    [Fact]
    public async Task Only_what_is_asked_for_is_told()
    {
        await using var receiver = await Receiver.StartAsync();
        _node = await StartAsync(LoopbackAllowed);

        var job = await PlayedAsync(receiver.Url, JobEvents.JobFailed, JobEvents.JobCancelled);

        (await Store.ListAsync(job, default)).ShouldBeEmpty();
        var cancelled = await SubmitAsync(receiver.Url, JobEvents.JobFailed, JobEvents.JobCancelled);
        await _node.Jobs.CancelAsync(cancelled, default);
        JsonDocument.Parse((await receiver.NextAsync()).Body).RootElement.GetProperty("type").GetString().ShouldBe("job.cancelled");
    }

    [Fact]
    public async Task A_receiver_that_fails_is_asked_again_when_its_pause_is_over_with_the_same_id_and_body()
    {
        var answers = new Queue<int>([500, 503, 204]);
        await using var receiver = await Receiver.StartAsync(async context =>
        {
            context.Response.StatusCode = answers.Dequeue();
            if (context.Response.StatusCode != 204) await context.Response.WriteAsync("out\nof order");
        });
        _node = await StartAsync(LoopbackAllowed);
        var job = await PlayedAsync(receiver.Url, JobEvents.JobSucceeded);

        var first = await receiver.NextAsync();
        var failed = await WaitForAsync(job, delivery => delivery.Attempts == 1);
        (failed.State, failed.LastStatus, failed.LastError).ShouldBe((DeliveryState.Pending, 500, "out of order"));
        (failed.NextAttemptAt!.Value - failed.LastAttemptAt!.Value).TotalSeconds.ShouldBeInRange(4, 8);
        await PassAsync(TimeSpan.FromSeconds(10));
        var second = await receiver.NextAsync();
        (await WaitForAsync(job, delivery => delivery.Attempts == 2)).NextAttemptAt!.Value.ShouldBeGreaterThan(failed.NextAttemptAt!.Value.AddSeconds(30));
        await PassAsync(TimeSpan.FromMinutes(2));
        var third = await receiver.NextAsync();

        foreach (var again in new[] { second, third }) (again.Headers["webhook-id"], again.Body).ShouldBe((first.Headers["webhook-id"], first.Body));
        (await WaitForAsync(job, delivery => delivery.State == DeliveryState.Delivered)).Attempts.ShouldBe(3);
    }

    [Fact]
    public async Task After_a_day_it_is_given_up_and_can_be_sent_again_by_hand()
    {
        var status = 500;
        await using var receiver = await Receiver.StartAsync(context =>
        {
            context.Response.StatusCode = status;
            return Task.CompletedTask;
        });
        _node = await StartAsync(LoopbackAllowed);
        var job = await PlayedAsync(receiver.Url, JobEvents.JobSucceeded);
        for (var attempt = 1; attempt <= WebhookBackoff.MostTries; attempt++)
        {
            await receiver.NextAsync();
            await WaitForAsync(job, delivery => delivery.Attempts == attempt);
            await PassAsync(TimeSpan.FromHours(11));
        }
        var given = (await EndedAsync(job, 1)).Single();
        (given.State, given.NextAttemptAt, given.Attempts).ShouldBe((DeliveryState.Failed, null, WebhookBackoff.MostTries));

        status = 200;
        (await Store.RedeliverAsync(job, given.Id, Actor.Service, default))!.State.ShouldBe(DeliveryState.Pending);

        await receiver.NextAsync();
        (await EndedAsync(job, 1)).Single().State.ShouldBe(DeliveryState.Delivered);
        (await Store.RedeliverAsync(Guid.NewGuid(), given.Id, Actor.Service, default)).ShouldBeNull("it is another job's");
        (await _node.Services.GetRequiredService<AuditTrail>().ListAsync(10, null, default, action: AuditAction.Redelivered)).Items.ShouldHaveSingleItem().Subject.ShouldBe($"delivery:{given.Id}");
    }

    [Fact]
    public async Task A_receiver_that_is_gone_is_not_asked_again()
    {
        await using var receiver = await Receiver.StartAsync(410);
        _node = await StartAsync(LoopbackAllowed);

        var job = await PlayedAsync(receiver.Url, JobEvents.JobSucceeded);

        (await EndedAsync(job, 1)).Single().State.ShouldBe(DeliveryState.Failed);
    }

    [Fact]
    public async Task A_redirect_is_not_followed()
    {
        await using var target = await Receiver.StartAsync();
        await using var receiver = await Receiver.StartAsync(context =>
        {
            context.Response.StatusCode = 307;
            context.Response.Headers.Location = target.Url;
            return Task.CompletedTask;
        });
        _node = await StartAsync(LoopbackAllowed);

        var job = await PlayedAsync(receiver.Url, JobEvents.JobSucceeded);

        var delivery = await WaitForAsync(job, found => found.Attempts == 1);
        (delivery.LastStatus, delivery.State).ShouldBe((307, DeliveryState.Pending));
        delivery.LastError!.ShouldContain("redirects are not followed");
        target.Waiting.ShouldBe(0);
    }

    [Theory]
    [InlineData("127.0.0.1")]
    [InlineData("localhost")]
    [InlineData("rebound.example.org")]
    [InlineData("mapped.example.org")]
    public async Task An_address_that_is_not_public_is_refused_when_it_is_connected_to(string host)
    {
        await using var receiver = await Receiver.StartAsync();
        _node = await StartAsync([], (name, _) => Task.FromResult(name switch
        {
            "mapped.example.org" => [IPAddress.Parse("::ffff:127.0.0.1")],
            // Whoever looked before has seen another one.
            "rebound.example.org" => [IPAddress.Loopback, IPAddress.Parse("10.0.0.1")],
            _ => new[] { IPAddress.Loopback },
        }));

        var job = await PlayedAsync($"http://{host}:{new Uri(receiver.Url).Port}/", JobEvents.JobSucceeded);

        var delivery = await WaitForAsync(job, found => found.Attempts == 1);
        (delivery.LastStatus, delivery.LastError).ShouldBe((null, $"{host} leads to no public address; the service's operator may allow it (Webhooks:Allow)"));
        receiver.Waiting.ShouldBe(0);
    }

    [Fact]
    public async Task A_receiver_that_hangs_is_left_after_the_timeout()
    {
        using var over = new CancellationTokenSource();
        await using var receiver = await Receiver.StartAsync(context => Task.Delay(Timeout.Infinite, CancellationTokenSource.CreateLinkedTokenSource(over.Token, context.RequestAborted).Token));
        _node = await StartAsync([("Webhooks:Allow:0", "127.0.0.1"), ("Webhooks:Timeout", "00:00:00.3")]);

        var job = await PlayedAsync(receiver.Url, JobEvents.JobSucceeded);

        var delivery = await WaitForAsync(job, found => found.Attempts == 1);
        (delivery.LastStatus, delivery.LastError, delivery.State).ShouldBe((null, "no answer within 0.3 s", DeliveryState.Pending));
        await over.CancelAsync();
    }

    [Fact]
    public async Task Of_an_endless_answer_only_the_begin_is_read()
    {
        await using var receiver = await Receiver.StartAsync(async context =>
        {
            context.Response.StatusCode = 500;
            while (!context.RequestAborted.IsCancellationRequested) await context.Response.WriteAsync(new string('x', 4096));
        });
        _node = await StartAsync(LoopbackAllowed);

        var job = await PlayedAsync(receiver.Url, JobEvents.JobSucceeded);

        var delivery = await WaitForAsync(job, found => found.Attempts == 1);
        (delivery.LastStatus, delivery.LastError!.Length).ShouldBe((500, 201));
    }

    [Fact]
    public async Task A_worker_that_dies_after_the_commit_leaves_the_note_and_another_node_sends_it()
    {
        await using var receiver = await Receiver.StartAsync();
        // A worker, which sends nothing, ends the job and is gone.
        Guid job;
        await using (var worker = _node = await ServiceNode.StartAsync(_database)) job = await PlayedAsync(receiver.Url, JobEvents.JobSucceeded);

        _node = await StartAsync(LoopbackAllowed);

        JsonDocument.Parse((await receiver.NextAsync()).Body).RootElement.GetProperty("data").GetProperty("id").GetGuid().ShouldBe(job);
        (await EndedAsync(job, 1)).Single().State.ShouldBe(DeliveryState.Delivered);
    }

    [Fact]
    public async Task What_a_node_took_and_did_not_live_to_send_another_sends_and_the_first_may_write_nothing()
    {
        await using var receiver = await Receiver.StartAsync();
        await using (var worker = _node = await ServiceNode.StartAsync(_database)) await PlayedAsync(receiver.Url, JobEvents.JobSucceeded);
        _node = await ServiceNode.StartAsync(_database);
        var store = new WebhookStore(_node.Services.GetRequiredService<IDbContextFactory<ServiceDbContext>>(), Microsoft.Extensions.Options.Options.Create(new WebhookOptions()));
        var frozen = (await store.BeginAsync((await store.ClaimAsync(10, default)).ShouldHaveSingleItem(), TimeSpan.FromSeconds(10), default))!;
        await _node.DisposeAsync();
        _node = await StartAsync(LoopbackAllowed);
        (await _node.Services.GetServices<Microsoft.Extensions.Hosting.IHostedService>().OfType<WebhookDispatch>().Single().SendDueAsync(default)).ShouldBe(0);

        await PassAsync(TimeSpan.FromMinutes(5));

        await receiver.NextAsync();
        var job = (await ContextAsync(context => context.WebhookDeliveries.SingleAsync())).JobId;
        (await EndedAsync(job, 1)).Single().State.ShouldBe(DeliveryState.Delivered);
        (await Store.EndAsync(frozen, new(500, "late"), default)).ShouldBeFalse();
        (await Store.ListAsync(job, default)).Single().State.ShouldBe(DeliveryState.Delivered);
    }

    [Fact]
    public async Task Of_two_nodes_one_sends()
    {
        await using var receiver = await Receiver.StartAsync();
        // As nodes that share a storage root.
        var keys = new EphemeralDataProtectionProvider();
        _node = await StartAsync(LoopbackAllowed, protection: keys);
        await using var other = await StartAsync(LoopbackAllowed, protection: keys);

        var job = await PlayedAsync(receiver.Url);

        (await EndedAsync(job, 2)).ShouldAllBe(delivery => delivery.Attempts == 1);
        receiver.Waiting.ShouldBe(2);
    }

    [Fact]
    public async Task A_secret_that_this_node_cannot_read_delays_the_delivery_and_says_so()
    {
        await using var receiver = await Receiver.StartAsync();
        await using (var first = await StartAsync(LoopbackAllowed)) await first.Services.GetRequiredService<WebhookSettingsStore>().GetAsync("local", default);
        // Another storage root.
        _node = await StartAsync(LoopbackAllowed);

        var job = await PlayedAsync(receiver.Url, JobEvents.JobSucceeded);

        (await WaitForAsync(job, found => found.Attempts == 1)).LastError!.ShouldContain("Share that folder between the nodes that serve HTTP, or rotate the secret");
        var settings = _node.Services.GetRequiredService<WebhookSettingsStore>();
        await Should.ThrowAsync<WebhookSecretUnreadableException>(settings.GetAsync("local", default));
        (await settings.RotateAsync("local", Actor.Service, default)).Secret.ShouldStartWith("whsec_");
    }

    [Fact]
    public async Task After_a_rotation_both_secrets_sign_for_a_day()
    {
        _node = await StartAsync(LoopbackAllowed);
        var settings = _node.Services.GetRequiredService<WebhookSettingsStore>();
        var old = (await settings.GetAsync("key:ci", default)).Secret;
        (await settings.GetAsync("key:other", default)).Secret.ShouldNotBe(old);

        var rotated = await settings.RotateAsync("key:ci", Actor.Service, default);

        (await settings.SecretsAsync("key:ci", default)).ShouldBe([rotated.Secret, old]);
        await ContextAsync(context => context.WebhookSettings.ExecuteUpdateAsync(set => set.SetProperty(s => s.PreviousUntil, s => s.PreviousUntil!.Value.AddDays(-2))));
        (await settings.SecretsAsync("key:ci", default)).ShouldBe([rotated.Secret]);
        (await ContextAsync(context => context.WebhookSettings.SingleAsync(s => s.Owner == "key:ci"))).Secret!.ShouldNotContain(rotated.Secret["whsec_".Length..]);
    }

    private Task<ServiceNode> StartAsync((string Key, string Value)[] settings, ResolveHost? resolve = null, IDataProtectionProvider? protection = null)
    {
        var configuration = new ConfigurationBuilder().AddInMemoryCollection(settings.Select(setting => KeyValuePair.Create(setting.Key, (string?)setting.Value))).Build();
        return ServiceNode.StartAsync(_database, services =>
        {
            if (resolve is not null) services.AddSingleton(resolve);
            services.AddSingleton<IDatasetCatalogue, RetentionNode.NoDatasets>().AddSingleton<IUploadUse, RetentionNode.UploadsByName>().AddHousekeeping(configuration);
            if (protection is not null) services.AddSingleton(protection);
        });
    }

    private async Task<Guid> SubmitAsync(string url, params string[] events)
    {
        var spec = Specs.Of(candidates: 2) with { Notify = [new() { Url = url, Events = events.Length == 0 ? JobEvents.All : events }] };
        return (await _node.Jobs.CreateAsync(spec, "{}", null, default)).Job.Id;
    }

    /// <summary>A job that has succeeded.</summary>
    private async Task<Guid> PlayedAsync(string url, params string[] events)
    {
        var job = await SubmitAsync(url, events);
        for (var trial = 0; trial < 2; trial++)
        {
            var claimed = (await _node.Trials.ClaimAsync())!;
            for (var epoch = 0; epoch <= 5; epoch++) await _node.Trials.RecordAsync(claimed.Lease, claimed.Lease.Epoch(epoch, (0.8 - (0.2 * trial)) * (1 - Math.Exp(-epoch))), default);
            await _node.Trials.SucceedAsync(claimed.Lease, null, default);
        }
        (await _node.Jobs.FindAsync(job, default))!.State.ShouldBe(JobState.Succeeded);
        return job;
    }

    private async Task<IReadOnlyList<WebhookDelivery>> EndedAsync(Guid job, int count)
    {
        IReadOnlyList<WebhookDelivery> deliveries = [];
        await WaitAsync(async () => (deliveries = await Store.ListAsync(job, default)).Count(delivery => delivery.EndedAt is not null) == count);
        return deliveries;
    }

    private async Task<WebhookDelivery> WaitForAsync(Guid job, Func<WebhookDelivery, bool> holds)
    {
        WebhookDelivery? found = null;
        await WaitAsync(async () => holds(found = (await Store.ListAsync(job, default)).ShouldHaveSingleItem()));
        return found!;
    }

    private static async Task WaitAsync(Func<Task<bool>> holds)
    {
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(60));
        while (!await holds()) await Task.Delay(20, patience.Token);
    }

    /// <summary>The database's clock decides what is due, so time passes for the rows.</summary>
    private Task PassAsync(TimeSpan time) => ContextAsync(context => context.Database.ExecuteSqlAsync(
        $"UPDATE webhook_deliveries SET next_attempt_at = next_attempt_at - {time}, claimed_until = claimed_until - {time}"));

    private async Task<T> ContextAsync<T>(Func<ServiceDbContext, Task<T>> act)
    {
        await using var context = await _node.Services.GetRequiredService<IDbContextFactory<ServiceDbContext>>().CreateDbContextAsync();
        return await act(context);
    }
}
