using System.Text;

namespace NeuralCapacitance.Worker.Weights;

/// <summary>The weights that a job spec names cannot be used for its backbone.</summary>
/// <param name="message">May quote the file: characters that no text has, and that no database takes, are replaced.</param>
public class WeightsException(string message, Exception? innerException = null) : Exception(Readable(message), innerException)
{
    private static string Readable(string message) => string.Concat(message.EnumerateRunes().Select(rune => Rune.IsControl(rune) ? "?" : rune.ToString()));
}
