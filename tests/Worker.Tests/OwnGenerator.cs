namespace NeuralCapacitance.Worker.Tests;

/// <summary>libtorch has one random generator per process: tests that seed it run alone, or tests beside them would draw from their sequence.</summary>
[CollectionDefinition(Name, DisableParallelization = true)]
public sealed class OwnGenerator
{
    public const string Name = "libtorch's random generator";
}
