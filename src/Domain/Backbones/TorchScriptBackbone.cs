namespace NeuralCapacitance.Domain.Backbones;

/// <summary>The backbone that a user brings along as a TorchScript file. The file holds the network and its weights, so no catalogue knows it.</summary>
public static class TorchScriptBackbone
{
    public const string Name = "torchscript";

    public static BackbonePattern Pattern { get; } = new(
        Name,
        "A network of your own: weights names a TorchScript file that takes images N×3×S×S (float32, normalised with ImageNet's mean and deviation) "
        + "and returns features N×F, or maps N×C×H×W, which are averaged to N×C. With module, the features are those of the submodule of that name.",
        """{ "backbone": "torchscript", "weights": "file:my.pt", "module": "features" }""",
        ["file"]);
}
