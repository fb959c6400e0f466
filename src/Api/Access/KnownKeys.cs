using System.Collections.Concurrent;
using NeuralCapacitance.Infrastructure.Access;

namespace NeuralCapacitance.Api.Access;

/// <summary>
/// Spares the database the same question at every request. What it knows it believes for a few seconds: so long a revoked key may still be let in. Secrets that
/// are no key's are not kept, so they cannot fill the memory.
/// </summary>
internal sealed class KnownKeys(ApiKeyStore store, TimeProvider clock)
{
    public static readonly TimeSpan Belief = TimeSpan.FromSeconds(5);

    private const int MostKept = 10_000;

    private readonly ConcurrentDictionary<string, (ApiKey Key, long Asked)> _known = new(StringComparer.Ordinal);
    private volatile bool _anyMade;
    private long _askedForAny;

    /// <summary>Null: no key that is live has the secret.</summary>
    public async ValueTask<ApiKey?> FindAsync(string secret, CancellationToken cancellationToken)
    {
        if (_known.TryGetValue(secret, out var known) && clock.GetElapsedTime(known.Asked) < Belief && known.Key.IsLive(clock.GetUtcNow())) return known.Key;
        if (await store.FindAsync(secret, cancellationToken) is not { } key)
        {
            _known.TryRemove(secret, out _);
            return null;
        }
        if (_known.Count >= MostKept) _known.Clear();
        _known[secret] = (key, clock.GetTimestamp());
        return key;
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
}
