using NeuralCapacitance.Domain.Access;
using NeuralCapacitance.Infrastructure.Access;

namespace NeuralCapacitance.Api.Keys;

/// <summary>Whether a key is good for something.</summary>
public enum KeyState
{
    Live,
    Expired,
    Revoked,
}

/// <summary>A key without its secret.</summary>
/// <param name="Name" example="ci">What is submitted with it belongs to `key:NAME`.</param>
/// <param name="ExpiresAt">Null: never.</param>
/// <param name="LastUsedAt">To the minute; null: never.</param>
/// <param name="RotatedAt">When it got its present secret; null: when it was made.</param>
/// <param name="PreviousUntil">Until when the secret before that is taken too; null: it is not.</param>
/// <param name="RevokedAt">Null: it was not.</param>
public sealed record KeyResponse(
    string Name, Role Role, KeyState State, DateTimeOffset CreatedAt, DateTimeOffset? ExpiresAt, DateTimeOffset? LastUsedAt, DateTimeOffset? RotatedAt, DateTimeOffset? PreviousUntil,
    DateTimeOffset? RevokedAt)
{
    internal static KeyResponse Of(ApiKey key, DateTimeOffset now) => new(
        key.Name, key.Role, StateOf(key, now), key.CreatedAt, key.ExpiresAt, key.LastUsedAt, key.RotatedAt, key.PreviousUntil > now ? key.PreviousUntil : null, key.RevokedAt);

    private static KeyState StateOf(ApiKey key, DateTimeOffset now) => key.RevokedAt is not null ? KeyState.Revoked : key.IsLive(now) ? KeyState.Live : KeyState.Expired;
}

/// <summary>A key that was just made or rotated.</summary>
/// <param name="Secret" example="nck_…">Shown this once: the service keeps its hash only.</param>
public sealed record NewKeyResponse(KeyResponse Key, string Secret);

/// <summary>All keys, those that were revoked last.</summary>
public sealed record KeyList(IReadOnlyList<KeyResponse> Items);

/// <summary>A key to be made.</summary>
/// <param name="Name" example="ci">Letters, digits, `-`, `_`, `.` and `@`.</param>
/// <param name="Role">What it may do.</param>
/// <param name="Expires" example="90d">How long from now it is good; absent: until it is revoked.</param>
public sealed record KeyRequest(string Name, Role Role, string? Expires);

/// <summary>How a key is rotated.</summary>
/// <param name="Overlap" example="24h">How long the secret that is replaced stays good; absent: it ends at once.</param>
public sealed record RotateRequest(string? Overlap);
