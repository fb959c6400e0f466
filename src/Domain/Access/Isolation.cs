namespace NeuralCapacitance.Domain.Access;

/// <summary>What callers see of each other.</summary>
public enum Isolation
{
    /// <summary>Everybody sees everything.</summary>
    Team,

    /// <summary>Everybody sees one's own; what belongs to others is not there. Those who may <see cref="Role.Operate"/> see everything.</summary>
    Owner,
}
