namespace NeuralCapacitance.Domain.Backbones;

/// <summary>
/// How dear training is, told from the multiply-adds of one forward pass of one image of the side that the network is fed (<see cref="BackboneInfo.MultiplyAddsAt"/>).
/// A training step takes about three times as many for each image. A class says nothing of seconds: a dry run measures those.
/// </summary>
public enum CostClass
{
    /// <summary>Below 50 million: for a few CPU cores.</summary>
    Cheap,

    /// <summary>Below 500 million: on a CPU for few epochs.</summary>
    Medium,

    /// <summary>All above: for a GPU.</summary>
    Dear,
}

/// <summary>A class and where it ends.</summary>
/// <param name="Below">Multiply-adds of an image; null: it has no end.</param>
public sealed record CostBound(CostClass Class, long? Below)
{
    /// <summary>All classes, the cheapest first.</summary>
    public static IReadOnlyList<CostBound> All { get; } = [new(CostClass.Cheap, 50_000_000), new(CostClass.Medium, 500_000_000), new(CostClass.Dear, null)];

    /// <param name="multiplyAdds">Of one image, ≥ 0.</param>
    public static CostClass ClassOf(double multiplyAdds) => All.First(bound => bound.Below is not { } below || multiplyAdds < below).Class;
}
