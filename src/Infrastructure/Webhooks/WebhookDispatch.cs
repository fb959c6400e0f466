using System.Reflection;
using Hangfire;
using Hangfire.Common;
using Hangfire.States;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using NeuralCapacitance.Infrastructure.Events;
using NeuralCapacitance.Infrastructure.Queue;

namespace NeuralCapacitance.Infrastructure.Webhooks;

/// <summary>
/// Hands what is due to Hangfire: when deliveries are noted, on whatever node, and from time to time, for those whose pause is over and those whose attempt died. No more
/// wait in the queue than are sent at once, so a claim is never old when its attempt begins.
/// </summary>
internal sealed partial class WebhookDispatch(
    WebhookStore store, JobStorage storage, IJobFilterProvider filters, HousekeepingThreads threads, ChangeFeed changes, TimeProvider clock, ILogger<WebhookDispatch> logger) : BackgroundService
{
    /// <summary>Less than the shortest pause.</summary>
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(2);

    private static readonly MethodInfo Run = typeof(WebhookJob).GetMethod(nameof(WebhookJob.RunAsync))!;

    private readonly BackgroundJobClient _client = new(storage, filters);
    private readonly SemaphoreSlim _turn = new(1);

    public async Task<int> SendDueAsync(CancellationToken cancellationToken)
    {
        await _turn.WaitAsync(cancellationToken);
        try
        {
            var free = threads.Count - (int)storage.GetMonitoringApi().EnqueuedCount(WebhookJob.Queue);
            if (free <= 0) return 0;
            var claimed = await store.ClaimAsync(free, cancellationToken);
            foreach (var delivery in claimed) _client.Create(new Job(typeof(WebhookJob), Run, delivery.Id, delivery.Claim), new EnqueuedState(WebhookJob.Queue));
            return claimed.Count;
        }
        finally
        {
            _turn.Release();
        }
    }

    public override void Dispose()
    {
        _turn.Dispose();
        base.Dispose();
    }

    protected override Task ExecuteAsync(CancellationToken stoppingToken) => Task.WhenAll(RepeatAsync(stoppingToken), AnswerAsync(stoppingToken));

    private async Task RepeatAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(Interval, clock);
        while (await timer.WaitForNextTickAsync(stoppingToken)) await TryAsync(stoppingToken);
    }

    private async Task AnswerAsync(CancellationToken stoppingToken)
    {
        await foreach (var _ in changes.JobChangesAsync(WebhookOutbox.ChangeId, stoppingToken)) await TryAsync(stoppingToken);
    }

    private async Task TryAsync(CancellationToken stoppingToken)
    {
        try
        {
            await SendDueAsync(stoppingToken);
        }
        catch (Exception e) when (!stoppingToken.IsCancellationRequested)
        {
            LogFailed(e.GetBaseException().Message);
        }
    }

    [LoggerMessage(2722, LogLevel.Warning, "Webhook deliveries that are due could not be handed to the queue ({Reason}); it is tried again in seconds")]
    private partial void LogFailed(string reason);
}
