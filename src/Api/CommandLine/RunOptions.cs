namespace NeuralCapacitance.Api.CommandLine;

/// <summary>What <c>run</c> was asked for.</summary>
/// <param name="Port">0 takes a free one.</param>
/// <param name="Data">An image folder to use in place of the generated images.</param>
/// <param name="Spec">A job spec to submit in place of the example.</param>
/// <param name="Once">Exit after the ranking.</param>
/// <param name="Verbose">Show the service's log, not just its warnings.</param>
/// <param name="Settings">Configuration as <c>--Section:Key=value</c>.</param>
internal sealed record RunOptions(
    int Port, DirectoryInfo? Data, FileInfo? Spec, bool Once, bool Verbose, IReadOnlyList<string> Settings);
