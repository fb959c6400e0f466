namespace NeuralCapacitance.Worker.Tests.Estimates;

/// <summary>A process has one peak of memory: tests that read it run alone.</summary>
[CollectionDefinition(Name, DisableParallelization = true)]
public sealed class OwnMemory
{
    public const string Name = "the process's memory";
}
