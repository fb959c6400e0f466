namespace NeuralCapacitance.Domain.Backbones;

/// <summary>Backbones that are too many to list, or that users bring along.</summary>
/// <param name="Name">As in a job spec; words in capitals stand for something else.</param>
/// <param name="Description">What can stand there, and what the network is.</param>
/// <param name="Example">An entry of <c>candidates</c>, as JSON.</param>
/// <param name="Weights"><c>random</c>, <c>file</c>, …</param>
public sealed record BackbonePattern(string Name, string Description, string Example, IReadOnlyList<string> Weights);

/// <summary>Why a name that follows a <see cref="BackbonePattern"/> names no backbone.</summary>
/// <param name="Problem">What is wrong, and where in the name.</param>
/// <param name="Accepted">What would be accepted.</param>
public sealed record BackboneFault(string Problem, string Accepted);
