using System.Net;
using NeuralCapacitance.Infrastructure.Access;

namespace NeuralCapacitance.Api.Access;

/// <summary>Judges a key that somebody sends or signs in with.</summary>
internal sealed class KeyCheck(KnownKeys keys, FailedAttempts failures)
{
    private static readonly AccessFault Unknown = new("The key is not known here: it was mistyped, revoked, rotated, or has expired.");

    /// <returns>The key, or why it is none.</returns>
    public async ValueTask<(ApiKey? Key, AccessFault? Fault)> CheckAsync(string secret, IPAddress? address, CancellationToken cancellationToken)
    {
        // Many may come from one address, a proxy's: one with a wrong key does not shut out those whose keys were right before.
        if (failures.WaitFor(address) is { } wait && !keys.HasMet(secret)) return (null, new AccessFault("Too many wrong keys.") { Wait = wait });
        if (await keys.FindAsync(secret, cancellationToken) is { } key) return (key, null);
        failures.Note(address);
        return (null, Unknown);
    }
}
