namespace NeuralCapacitance.Infrastructure.Jobs;

/// <summary>A client's Idempotency-Key with a hash of what it sent.</summary>
public sealed record IdempotencyKey(string Key, string RequestHash)
{
    /// <summary>How long a key is remembered.</summary>
    public static TimeSpan Lifetime { get; } = TimeSpan.FromHours(24);
}

/// <summary>The key was used with another body.</summary>
public sealed class IdempotencyConflictException(string key)
    : Exception($"Idempotency-Key '{key}' was used before with a different request.");
