using NeuralCapacitance.Domain.Access;

namespace NeuralCapacitance.Infrastructure.Access;

/// <summary>A key, without its secret: that is shown once, and known to nobody afterwards.</summary>
public sealed record ApiKey
{
    public required Guid Id { get; init; }

    /// <summary>Unique among the keys that were not revoked, and part of the owner: who gets a key of the same name later has the same things.</summary>
    public required string Name { get; init; }

    public required Role Role { get; init; }

    public required DateTimeOffset CreatedAt { get; init; }

    /// <summary>Null: never.</summary>
    public DateTimeOffset? ExpiresAt { get; init; }

    /// <summary>To the minute. Null: never.</summary>
    public DateTimeOffset? LastUsedAt { get; init; }

    /// <summary>When its secret was made anew. Null: never.</summary>
    public DateTimeOffset? RotatedAt { get; init; }

    /// <summary>Until when the secret before the last rotation is accepted too; null: it is not.</summary>
    public DateTimeOffset? PreviousUntil { get; init; }

    public DateTimeOffset? RevokedAt { get; init; }

    public Caller ToCaller() => new(OwnerOf(Name), Name, Role);

    public bool IsLive(DateTimeOffset now) => RevokedAt is null && (ExpiresAt is null || ExpiresAt > now);

    public static string OwnerOf(string name) => $"key:{name}";
}
