using NeuralCapacitance.Domain.Jobs;

namespace NeuralCapacitance.Api.Problems;

/// <summary>The body is no JSON.</summary>
internal sealed class MalformedTextException(TextFault fault) : Exception($"{fault}.");
