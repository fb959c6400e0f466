using NeuralCapacitance.Domain.Jobs;

namespace NeuralCapacitance.Worker.Estimates;

/// <summary>What <c>measure</c> reads from its standard input.</summary>
/// <param name="Spec">Resolved.</param>
/// <param name="Candidate">Which of its candidates.</param>
/// <param name="Classes">Of the data set, ≥ 2.</param>
internal sealed record CostRequest(JobSpec Spec, CandidateSpec Candidate, int Classes);
