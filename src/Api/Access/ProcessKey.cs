using System.Security.Cryptography;
using System.Text;
using NeuralCapacitance.Domain.Access;
using NeuralCapacitance.Infrastructure.Access;

namespace NeuralCapacitance.Api.Access;

/// <summary>
/// By which a command that runs the service in its own process talks to it, whether or not keys were made. Random, in memory only, and gone with the process;
/// one that only serves has none.
/// </summary>
internal sealed class ProcessKey
{
    /// <summary>No more than the command does.</summary>
    public static readonly Caller Caller = new(Caller.LocalOwner, "run", Role.Submit);

    public string Secret { get; } = ApiKeySecret.Create();

    public bool Is(string secret) => CryptographicOperations.FixedTimeEquals(Encoding.UTF8.GetBytes(secret), Encoding.UTF8.GetBytes(Secret));
}
