namespace NeuralCapacitance.Worker.Probe;

/// <summary>Training left the finite numbers. Repeating it with the same settings ends the same way.</summary>
public sealed class DivergedException(string message) : Exception(message);
