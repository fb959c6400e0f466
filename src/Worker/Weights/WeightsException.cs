namespace NeuralCapacitance.Worker.Weights;

/// <summary>The weights that a job spec names cannot be used for its backbone.</summary>
public class WeightsException(string message, Exception? innerException = null) : Exception(message, innerException);
