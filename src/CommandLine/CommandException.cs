namespace NeuralCapacitance.CommandLine;

/// <summary>The command line asks for something that cannot be; the message says what could.</summary>
internal sealed class CommandException(string message) : Exception(message);
