namespace NeuralCapacitance.Domain.Jobs;

/// <summary>One thing that is wrong with a job spec.</summary>
/// <param name="Path">Where: <c>training.batchSize</c>, <c>candidates[2].backbone</c>; <c>$</c> is the document itself.</param>
/// <param name="Value">What was there, as JSON and shortened; null where nothing was.</param>
/// <param name="Problem">What is wrong with it.</param>
/// <param name="Accepted">What would be accepted.</param>
public sealed record SpecFault(string Path, string? Value, string Problem, string Accepted);

/// <summary>A resolved spec, or every reason why there is none.</summary>
/// <param name="Spec">With all defaults filled in; null where <paramref name="Faults"/> is not empty.</param>
public sealed record JobSpecResult(JobSpec? Spec, IReadOnlyList<SpecFault> Faults);
