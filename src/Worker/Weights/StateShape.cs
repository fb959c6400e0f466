using static TorchSharp.torch;

namespace NeuralCapacitance.Worker.Weights;

/// <summary>A parameter or buffer of a network.</summary>
public sealed record StateShape(string Name, IReadOnlyList<long> Shape)
{
    /// <summary>All of a network, in the order of its state.</summary>
    public static IReadOnlyList<StateShape> Of(nn.Module network) => [.. network.state_dict().Select(t => new StateShape(t.Key, t.Value.shape))];
}
