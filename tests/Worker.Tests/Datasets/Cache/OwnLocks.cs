namespace NeuralCapacitance.Worker.Tests.Datasets.Cache;

/// <summary>
/// Eviction asks once whether a file is in use. A process that another test starts meanwhile has, until it runs its program, all that this one has
/// open, locks among them: these tests run alone.
/// </summary>
[CollectionDefinition(Name, DisableParallelization = true)]
public sealed class OwnLocks
{
    public const string Name = "locks that are not waited for";
}
