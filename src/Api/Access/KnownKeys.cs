using System.Collections.Concurrent;
using NeuralCapacitance.Infrastructure.Access;

namespace NeuralCapacitance.Api.Access;

/// <summary>
/// Spares the database the same question at every request. What it knows it believes for a few seconds: so long a revoked key may still be let in. Secrets that
/// are no key's are not kept, so they cannot fill the memory; nor are others, but for their hashes.
/// </summary>
internal sealed class KnownKeys(ApiKeyStore store, TimeProvider clock)
{
    public static readonly TimeSpan Belief = TimeSpan.FromSeconds(5);

    private const int MostKept = 10_000;

    private readonly ConcurrentDictionary<string, (ApiKey Key, long Asked)> _known = new(StringComparer.Ordinal);
    private volatile bool _anyMade;
    private long _askedForAny;

    /// <summary>As <see cref="FindByHashAsync"/> takes it.</summary>
    public static string HashOf(string secret) => Convert.ToHexStringLower(ApiKeySecret.HashOf(secret));

    /// <summary>Null: no key that is live has the secret.</summary>
    public ValueTask<ApiKey?> FindAsync(string secret, CancellationToken cancellationToken)
        => ApiKeySecret.IsOne(secret) ? FindByHashAsync(HashOf(secret), cancellationToken) : default;

    /// <summary>Null: no key that is live has a secret of this hash.</summary>
    public async ValueTask<ApiKey?> FindByHashAsync(string hash, CancellationToken cancellationToken)
    {
        if (_known.TryGetValue(hash, out var known) && clock.GetElapsedTime(known.Asked) < Belief && known.Key.IsLive(clock.GetUtcNow())) return known.Key;
        if (await store.FindByHashAsync(Convert.FromHexString(hash), cancellationToken) is not { } key)
        {
            _known.TryRemove(hash, out _);
            return null;
        }
        if (_known.Count >= MostKept) _known.Clear();
        _known[hash] = (key, clock.GetTimestamp());
        return key;
    }

    /// <summary>Whether the secret was a key's when it was last asked for.</summary>
    public bool HasMet(string secret) => ApiKeySecret.IsOne(secret) && _known.ContainsKey(HashOf(secret));

    /// <summary>The key was changed here: this node need not believe what it knew of it.</summary>
    public void Forget(Guid id)
    {
        foreach (var (hash, known) in _known)
            if (known.Key.Id == id) _known.TryRemove(hash, out _);
    }

    /// <summary>Whether a key was ever made. Once it is so it stays so.</summary>
    public async ValueTask<bool> AnyMadeAsync(CancellationToken cancellationToken)
    {
        if (_anyMade) return true;
        if (Interlocked.Read(ref _askedForAny) is > 0 and var asked && clock.GetElapsedTime(asked) < Belief) return false;
        _anyMade = await store.AnyAsync(cancellationToken);
        Interlocked.Exchange(ref _askedForAny, clock.GetTimestamp());
        return _anyMade;
    }

    /// <summary>One was made here: from now on it takes one.</summary>
    public void NoteMade() => _anyMade = true;
}
