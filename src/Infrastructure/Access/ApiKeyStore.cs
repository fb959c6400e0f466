using Microsoft.EntityFrameworkCore;
using NeuralCapacitance.Domain.Access;
using NeuralCapacitance.Infrastructure.Postgres;
using NeuralCapacitance.Infrastructure.Postgres.Model;
using Npgsql;

namespace NeuralCapacitance.Infrastructure.Access;

/// <param name="Secret">Shown to who made the key, and kept nowhere.</param>
public sealed record NewApiKey(ApiKey Key, string Secret);

/// <summary>Another key that was not revoked has the name.</summary>
public sealed class KeyNameTakenException(string name) : Exception($"There is a key '{name}' already. Rotate or revoke it, or choose another name.");

/// <summary>Keys in Postgres.</summary>
public sealed class ApiKeyStore
{
    private static readonly TimeSpan LastUsePrecision = TimeSpan.FromMinutes(1);

    private readonly IDbContextFactory<ServiceDbContext> _contexts;
    private readonly TimeProvider _clock;

    internal ApiKeyStore(IDbContextFactory<ServiceDbContext> contexts, TimeProvider clock)
    {
        _contexts = contexts;
        _clock = clock;
    }

    /// <param name="name">As <see cref="KeyRules.IsName"/> accepts.</param>
    /// <param name="expiresAt">In the future; null: never.</param>
    /// <exception cref="KeyNameTakenException" />
    public async Task<NewApiKey> CreateAsync(string name, Role role, DateTimeOffset? expiresAt, Actor by, CancellationToken cancellationToken)
    {
        var now = _clock.GetPostgresNow();
        if (!KeyRules.IsName(name)) throw new ArgumentException($"'{name}' is no name of a key; accepted is {KeyRules.AcceptedName}.", nameof(name));
        if (expiresAt <= now) throw new ArgumentOutOfRangeException(nameof(expiresAt), expiresAt, "A key expires in the future.");
        var secret = ApiKeySecret.Create();
        var row = new ApiKeyRow { Id = Guid.CreateVersion7(now), Name = name, Role = role, SecretHash = ApiKeySecret.HashOf(secret), CreatedAt = now, ExpiresAt = expiresAt?.ToUniversalTime() };
        await using var context = await _contexts.CreateDbContextAsync(cancellationToken);
        context.Add(row);
        context.Note(by, AuditAction.Created, AuditSubject.Key(name), now, $"role {StateText.Of(role)}{(expiresAt is { } end ? $", until {end:u}" : "")}");
        try
        {
            await context.SaveChangesAsync(cancellationToken);
        }
        catch (DbUpdateException e) when (e.InnerException is PostgresException { SqlState: PostgresErrorCodes.UniqueViolation })
        {
            throw new KeyNameTakenException(name);
        }
        return new(row.ToKey(), secret);
    }

    /// <summary>Gives the key a new secret. Its owner, role and expiry stay.</summary>
    /// <param name="overlap">How long the old secret is accepted beside the new one, so that clients can be changed one by one.</param>
    /// <returns>Null: no key of this name that was not revoked.</returns>
    public async Task<NewApiKey?> RotateAsync(string name, TimeSpan overlap, Actor by, CancellationToken cancellationToken)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(overlap, TimeSpan.Zero);
        var secret = ApiKeySecret.Create();
        var row = await ChangeAsync(name, by, AuditAction.Rotated, (key, now) =>
        {
            key.PreviousHash = overlap > TimeSpan.Zero ? key.SecretHash : null;
            key.PreviousUntil = overlap > TimeSpan.Zero ? now + overlap : null;
            key.SecretHash = ApiKeySecret.HashOf(secret);
            key.RotatedAt = now;
        }, cancellationToken);
        return row is null ? null : new(row.ToKey(), secret);
    }

    /// <summary>From now on the key is refused. Null: no key of this name that was not revoked.</summary>
    public async Task<ApiKey?> RevokeAsync(string name, Actor by, CancellationToken cancellationToken)
        => (await ChangeAsync(name, by, AuditAction.Revoked, (key, now) => key.RevokedAt = now, cancellationToken))?.ToKey();

    /// <summary>By name; revoked ones last.</summary>
    public async Task<IReadOnlyList<ApiKey>> ListAsync(CancellationToken cancellationToken)
    {
        await using var context = await _contexts.CreateDbContextAsync(cancellationToken);
        var rows = await context.ApiKeys.AsNoTracking().OrderBy(k => k.RevokedAt != null).ThenBy(k => k.Name).ThenByDescending(k => k.CreatedAt).ToListAsync(cancellationToken);
        return [.. rows.Select(row => row.ToKey())];
    }

    /// <summary>The key that the secret belongs to, if it is live. Notes its use, to the minute.</summary>
    public async Task<ApiKey?> FindAsync(string secret, CancellationToken cancellationToken)
        => ApiKeySecret.IsOne(secret) ? await FindByHashAsync(ApiKeySecret.HashOf(secret), cancellationToken) : null;

    /// <summary>The same by what is stored of the secret, which is all that a session knows of it.</summary>
    public async Task<ApiKey?> FindByHashAsync(byte[] hash, CancellationToken cancellationToken)
    {
        var now = _clock.GetPostgresNow();
        await using var context = await _contexts.CreateDbContextAsync(cancellationToken);
        var row = await context.ApiKeys.AsNoTracking()
            .Where(k => k.RevokedAt == null && (k.SecretHash == hash || (k.PreviousHash == hash && k.PreviousUntil > now)))
            .SingleOrDefaultAsync(cancellationToken);
        if (row?.ToKey() is not { } key || !key.IsLive(now)) return null;
        if (key.LastUsedAt is null || now - key.LastUsedAt > LastUsePrecision)
            await context.ApiKeys.Where(k => k.Id == key.Id).ExecuteUpdateAsync(set => set.SetProperty(k => k.LastUsedAt, now), cancellationToken);
        return key;
    }

    /// <summary>Whether a key was ever made. Nobody is let in without one from then on, even when all have expired.</summary>
    public async Task<bool> AnyAsync(CancellationToken cancellationToken)
    {
        await using var context = await _contexts.CreateDbContextAsync(cancellationToken);
        return await context.ApiKeys.AnyAsync(cancellationToken);
    }

    /// <summary>Whether there is a key by which somebody could come in now.</summary>
    public async Task<bool> AnyLiveAsync(CancellationToken cancellationToken)
    {
        var now = _clock.GetPostgresNow();
        await using var context = await _contexts.CreateDbContextAsync(cancellationToken);
        return await context.ApiKeys.AnyAsync(k => k.RevokedAt == null && (k.ExpiresAt == null || k.ExpiresAt > now), cancellationToken);
    }

    private async Task<ApiKeyRow?> ChangeAsync(string name, Actor by, AuditAction action, Action<ApiKeyRow, DateTimeOffset> change, CancellationToken cancellationToken)
    {
        var now = _clock.GetPostgresNow();
        await using var context = await _contexts.CreateDbContextAsync(cancellationToken);
        await using var transaction = await context.BeginTransactionAsync(cancellationToken);
        var row = (await context.ApiKeys.FromSql($"SELECT * FROM api_keys WHERE name = {name} AND revoked_at IS NULL FOR UPDATE").ToListAsync(cancellationToken)).SingleOrDefault();
        if (row is null) return null;
        change(row, now);
        context.Note(by, action, AuditSubject.Key(name), now);
        await context.SaveChangesAsync(cancellationToken);
        await transaction.CommitAsync(cancellationToken);
        return row;
    }
}
