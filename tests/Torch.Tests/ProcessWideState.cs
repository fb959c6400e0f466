namespace TorchSharp.Tests;

/// <summary>Tests that seed the default generator or count native tensors: both belong to the whole process, so nothing runs beside them.</summary>
[CollectionDefinition(Name, DisableParallelization = true)]
public sealed class ProcessWideState
{
    public const string Name = "process-wide state";
}
