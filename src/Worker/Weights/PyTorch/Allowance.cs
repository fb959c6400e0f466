namespace NeuralCapacitance.Worker.Weights.PyTorch;

/// <summary>
/// Memory that a file may cost before its tensors are read: its own size and a fixed part. One byte of a pickle can ask for a new dictionary,
/// so without it a hostile file would take many times its size.
/// </summary>
internal sealed class Allowance(long fileLength)
{
    /// <summary>Enough for the names and shapes of thousands of tensors.</summary>
    private const long Fixed = 8 << 20;

    private long left = fileLength + Fixed;

    /// <param name="bytes">Roughly what an object costs.</param>
    /// <exception cref="InvalidDataException">The file asks for more than it may.</exception>
    public void Charge(long bytes)
    {
        left -= bytes;
        if (left < 0)
        {
            throw new InvalidDataException("it describes far more than a file of this size can hold");
        }
    }
}
