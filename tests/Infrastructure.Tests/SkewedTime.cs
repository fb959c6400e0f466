namespace NeuralCapacitance.Infrastructure.Tests;

/// <summary>The clock of a node that is wrong by so much; what it measures is right.</summary>
internal sealed class SkewedTime(TimeSpan by) : TimeProvider
{
    public override DateTimeOffset GetUtcNow() => System.GetUtcNow() + by;
}
