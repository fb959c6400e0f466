using NeuralCapacitance.Domain.Access;

namespace NeuralCapacitance.Api.Access;

/// <summary>Who is let in. Section <c>Auth</c>.</summary>
public sealed class AccessOptions
{
    public const string Section = "Auth";

    /// <summary>Lets everybody who reaches the service do all but make keys, wherever it listens.</summary>
    public bool AllowAnonymous { get; set; }

    /// <summary>What callers see of each other.</summary>
    public Isolation Isolation { get; set; } = Isolation.Team;
}
