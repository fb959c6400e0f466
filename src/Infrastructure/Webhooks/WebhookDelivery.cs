namespace NeuralCapacitance.Infrastructure.Webhooks;

public enum DeliveryState
{
    /// <summary>It will be sent, or is being sent.</summary>
    Pending,

    /// <summary>The receiver has answered 2xx.</summary>
    Delivered,

    /// <summary>Given up.</summary>
    Failed,
}

/// <summary>What one receiver is told of one event.</summary>
/// <param name="Attempts">Made in all, those of by hand included.</param>
/// <param name="NextAttemptAt">Null: there will be none.</param>
/// <param name="LastStatus">Of the last answer; null: there was none.</param>
/// <param name="LastError">Why the last attempt failed, or the begin of the answer; null: it did not.</param>
/// <param name="CreatedAt">When the event was.</param>
/// <param name="EndedAt">When it was delivered or given up.</param>
public sealed record WebhookDelivery(
    Guid Id,
    Guid JobId,
    string Event,
    string Url,
    DeliveryState State,
    int Attempts,
    DateTimeOffset? NextAttemptAt,
    DateTimeOffset? LastAttemptAt,
    int? LastStatus,
    string? LastError,
    DateTimeOffset CreatedAt,
    DateTimeOffset? EndedAt)
{
    /// <summary>What each attempt carries as <c>webhook-id</c>.</summary>
    public string WebhookId => WebhookSignature.IdOf(Id);
}
