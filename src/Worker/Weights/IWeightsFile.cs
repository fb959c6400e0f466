using static TorchSharp.torch;

namespace NeuralCapacitance.Worker.Weights;

/// <summary>One tensor of a file of weights.</summary>
public record WeightsEntry(string Name, ScalarType Dtype, IReadOnlyList<long> Shape)
{
    /// <summary>Whether both are the same numbers of the same file.</summary>
    internal virtual bool IsSameAs(WeightsEntry other) => ReferenceEquals(this, other);
}

/// <summary>The tensors of one dict in a file: of a checkpoint that holds several, one of them.</summary>
/// <param name="Path">The keys that lead to it, joined by dots; empty: it is what the file holds.</param>
/// <param name="Entries">Names are unique.</param>
/// <param name="Read">
/// The tensor of that name on the CPU, contiguous, with the shape and type that the file gives it. Throws <see cref="KeyNotFoundException"/> where none has the name,
/// and <see cref="WeightsException"/> where the file is damaged.
/// </param>
public sealed record WeightsDict(string Path, IReadOnlyList<WeightsEntry> Entries, Func<string, Tensor> Read)
{
    /// <summary>Tensors of kinds that are not read (quantized, sparse, complex), and what each is.</summary>
    public IReadOnlyDictionary<string, string> Unread { get; init; } = new Dictionary<string, string>(StringComparer.Ordinal);
}

/// <summary>An open file of named tensors, in whatever format. Opening reads names and shapes only.</summary>
public interface IWeightsFile : IDisposable
{
    /// <summary>At least one.</summary>
    IReadOnlyList<WeightsDict> Dicts { get; }

    /// <summary>Numbers that the file tells beside its tensors, by their names: <c>best_prec1</c>, <c>epoch</c>, … Empty where its format has no place for them.</summary>
    IReadOnlyDictionary<string, double> Figures { get; }

    /// <summary>Class of a whole model that the file holds too, and that is not rebuilt; null: none.</summary>
    string? WholeModel => null;
}
