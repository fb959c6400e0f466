using NeuralCapacitance.Domain.Access;

namespace NeuralCapacitance.Infrastructure.Access;

/// <summary>Who does something that the audit keeps.</summary>
/// <param name="Address">Where the request came from; null: from the service's own process.</param>
public sealed record Actor(Caller Caller, string? Address)
{
    /// <summary>The service itself, or the command line on its machine.</summary>
    public static Actor Service { get; } = new(Caller.Local, null);

    public string Owner => Caller.Owner;
}
