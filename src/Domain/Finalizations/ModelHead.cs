using System.Text.Json.Serialization;

namespace NeuralCapacitance.Domain.Finalizations;

/// <summary>What turns a backbone's features into logits, in a model that is trained to the end.</summary>
public enum ModelHead
{
    /// <summary>The frozen probe, as in the selection.</summary>
    Probe,

    /// <summary>One linear layer that learns with the backbone. It has no β_eff.</summary>
    Linear,

    /// <summary>The same probe, but its weights learn with the backbone.</summary>
    [JsonStringEnumMemberName("trainable-probe")]
    TrainableProbe,
}

/// <summary>Heads as they are written in a request.</summary>
public static class ModelHeads
{
    private static readonly (string Name, ModelHead Head)[] Names =
        [("probe", ModelHead.Probe), ("linear", ModelHead.Linear), ("trainable-probe", ModelHead.TrainableProbe)];

    public static IReadOnlyList<string> All { get; } = [.. Names.Select(entry => entry.Name)];

    public static string NameOf(ModelHead head) => Array.Find(Names, entry => entry.Head == head).Name;

    internal static ModelHead Parse(string name) => Array.Find(Names, entry => string.Equals(entry.Name, name, StringComparison.Ordinal)).Head;
}
