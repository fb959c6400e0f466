namespace NeuralCapacitance.Worker.Hosting;

/// <summary>Configuration section <c>Torch</c>.</summary>
public sealed class TorchOptions
{
    public const string Section = "Torch";

    /// <summary>
    /// Folder of the libtorch to use, such as <c>torch/lib</c> of an installed PyTorch, instead of the one that the program carries. Null or empty: the one that it
    /// carries, or, where it carries none, the one that the system's loader finds.
    /// </summary>
    public string? LibraryPath { get; set; }
}
