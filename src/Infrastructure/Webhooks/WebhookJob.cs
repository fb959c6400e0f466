using System.Globalization;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using NeuralCapacitance.Infrastructure.Postgres;

namespace NeuralCapacitance.Infrastructure.Webhooks;

/// <summary>What Hangfire runs for one attempt at one delivery. When the next one is due, the delivery's row says; Hangfire only runs them.</summary>
internal sealed partial class WebhookJob(
    WebhookStore store, WebhookSettingsStore settings, WebhookSender sender, OutageRetry retry, IOptions<WebhookOptions> options, IHostApplicationLifetime lifetime, ILogger<WebhookJob> logger)
{
    public const string Queue = "webhooks";

    /// <param name="delivery">Its id.</param>
    /// <param name="claim">Under which it was taken.</param>
    /// <returns>What came of it, for the dashboard.</returns>
    public async Task<string> RunAsync(Guid delivery, Guid claim)
    {
        var stopping = lifetime.ApplicationStopping;
        var claimed = new ClaimedDelivery(delivery, claim);
        try
        {
            if (await store.BeginAsync(claimed, options.Value.Timeout, stopping) is not { } attempt) return "Another attempt has it, or its job is gone";
            var answer = await SendAsync(attempt, stopping);
            // The receiver has been told: what came of it is written however long the database is away, lest it be told again.
            if (!await retry.RunAsync(token => store.EndAsync(attempt, answer, token), stopping)) return "Sent, and meanwhile taken over";
            if (answer.Error is null) return string.Create(CultureInfo.InvariantCulture, $"{answer.Status}");
            LogFailed(delivery, attempt.Try, WebhookBackoff.MostTries, answer.Status, answer.Error);
            return $"{answer.Status?.ToString(CultureInfo.InvariantCulture) ?? "No answer"}: {answer.Error}";
        }
        catch (OperationCanceledException) when (stopping.IsCancellationRequested)
        {
            await ReleaseAsync(claimed);
            return "Given back: the node stops";
        }
    }

    private async Task<WebhookAnswer> SendAsync(WebhookAttempt attempt, CancellationToken cancellationToken)
    {
        try
        {
            var secrets = await settings.SecretsAsync(attempt.Owner, cancellationToken);
            return await sender.SendAsync(new(attempt.Claimed.Id, new Uri(attempt.Url), attempt.Body, attempt.At, secrets), cancellationToken);
        }
        catch (WebhookSecretUnreadableException e)
        {
            return new(null, e.Message);
        }
    }

    private async Task ReleaseAsync(ClaimedDelivery claimed)
    {
        try
        {
            await store.ReleaseAsync(claimed, CancellationToken.None);
        }
        catch (Exception e)
        {
            // The claim ends by itself.
            LogNotReleased(e, claimed.Id);
        }
    }

    [LoggerMessage(2720, LogLevel.Information, "Webhook delivery {DeliveryId}: try {Try} of {MostTries} failed ({Status}): {Reason}")]
    private partial void LogFailed(Guid deliveryId, int @try, int mostTries, int? status, string reason);

    [LoggerMessage(2721, LogLevel.Warning, "Webhook delivery {DeliveryId} could not be given back; it is sent again when its claim ends")]
    private partial void LogNotReleased(Exception exception, Guid deliveryId);
}
