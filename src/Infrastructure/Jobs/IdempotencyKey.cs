using Microsoft.EntityFrameworkCore;
using NeuralCapacitance.Domain.Access;
using NeuralCapacitance.Infrastructure.Postgres;

namespace NeuralCapacitance.Infrastructure.Jobs;

/// <summary>A client's Idempotency-Key with a hash of what it sent.</summary>
public sealed record IdempotencyKey(string Key, string RequestHash)
{
    /// <summary>Whose key it is, as in <see cref="Caller.Owner"/>: two may use the same.</summary>
    public string Owner { get; init; } = Caller.LocalOwner;

    /// <summary>How long a key is remembered.</summary>
    public static TimeSpan Lifetime { get; } = TimeSpan.FromHours(24);

    /// <summary>Notes in the running transaction which job it made. False, once the other transaction has ended: another request took it.</summary>
    internal async Task<bool> TakeAsync(ServiceDbContext context, Guid jobId, DateTimeOffset now, CancellationToken cancellationToken)
        => await context.Database.ExecuteSqlAsync(
            $"INSERT INTO idempotency_keys (owner, key, request_hash, job_id, created_at) VALUES ({Owner}, {Key}, {RequestHash}, {jobId}, {now}) ON CONFLICT DO NOTHING",
            cancellationToken) == 1;
}

/// <summary>The key was used with another body.</summary>
public sealed class IdempotencyConflictException(string key)
    : Exception($"Idempotency-Key '{key}' was used before with a different request.");
