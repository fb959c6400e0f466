using static TorchSharp.torch;

namespace NeuralCapacitance.Worker.Weights;

/// <summary>One tensor of a file of weights.</summary>
public record WeightsEntry(string Name, ScalarType Dtype, IReadOnlyList<long> Shape);

/// <summary>An open file of named tensors, in whatever format. Opening reads names and shapes only.</summary>
public interface IWeightsFile : IDisposable
{
    IReadOnlyList<WeightsEntry> Entries { get; }

    /// <summary>Numbers that the file tells beside its tensors, by their names: <c>best_prec1</c>, <c>epoch</c>, … Empty where its format has no place for them.</summary>
    IReadOnlyDictionary<string, double> Figures { get; }

    /// <summary>The tensor on the CPU, contiguous, with the shape and type that the file gives it.</summary>
    /// <exception cref="KeyNotFoundException">No tensor has that name.</exception>
    /// <exception cref="WeightsException">The file is damaged.</exception>
    Tensor Read(string name);
}
