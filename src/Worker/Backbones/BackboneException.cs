namespace NeuralCapacitance.Worker.Backbones;

/// <summary>A model that a user brought along cannot serve as a backbone.</summary>
public sealed class BackboneException(string message, Exception? innerException = null) : Exception(message, innerException);

/// <summary>No backbone has this name.</summary>
public sealed class UnknownBackboneException(string message) : Exception(message);
