namespace NeuralCapacitance.Worker.Scores;

/// <summary>A score does not exist here; the message is the reason that the user reads.</summary>
internal sealed class NoScoreException(string reason) : Exception(reason);
