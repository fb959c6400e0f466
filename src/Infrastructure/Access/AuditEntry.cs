namespace NeuralCapacitance.Infrastructure.Access;

/// <summary>What was done. The words that clients see are the names in lower case.</summary>
public enum AuditAction
{
    Submitted,
    Cancelled,
    Deleted,
    Finalized,
    Uploaded,
    Created,
    Rotated,
    Revoked,

    /// <summary>By retention, not by a caller.</summary>
    Expired,

    /// <summary>A delivery was sent again by hand.</summary>
    Redelivered,

    /// <summary>A worker takes no more trials.</summary>
    Drained,

    /// <summary>A worker takes trials again.</summary>
    Resumed,
}

/// <summary>One line of the audit.</summary>
/// <param name="Id">Grows with time.</param>
/// <param name="Owner">As in <see cref="Domain.Access.Caller.Owner"/>.</param>
/// <param name="Name">As that was called then.</param>
/// <param name="Address">Null: from the service's own process.</param>
/// <param name="Subject">What it was done to: <c>job:ID</c>, <c>dataset:NAME</c>, <c>key:NAME</c>, <c>worker:NAME</c>, <c>delivery:ID</c>.</param>
/// <param name="Detail">Null: there is nothing to add.</param>
public sealed record AuditEntry(long Id, DateTimeOffset At, string Owner, string Name, string? Address, AuditAction Action, string Subject, string? Detail);
