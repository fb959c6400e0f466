using NeuralCapacitance.Domain.Backbones;

namespace NeuralCapacitance.Worker.Backbones.NasBench201;

/// <summary>The 15 625 networks of NAS-Bench-201 by the names <c>nasbench201:CELL</c>.</summary>
internal static class NasBench201Pattern
{
    public const string Family = "nasbench201";

    private const string Prefix = Family + ":";

    public static BackbonePattern Pattern { get; } = new(
        Prefix + "CELL",
        "A cell of NAS-Bench-201, written |OP~0|+|OP~0|OP~1|+|OP~0|OP~1|OP~2|: each OP is one of none, skip_connect, nor_conv_1x1, nor_conv_3x3, avg_pool_3x3, "
        + "and the number after ~ the node that it comes from. The network has 16, 32 and 64 channels in three stages of five cells, 64 features, and is made for 32×32.",
        "\"nasbench201:|nor_conv_3x3~0|+|nor_conv_3x3~0|nor_conv_3x3~1|+|skip_connect~0|nor_conv_3x3~1|nor_conv_1x1~2|\"",
        ["random", "file"]);

    /// <param name="fault">What is wrong with a name that has the prefix; null for any other name.</param>
    public static Backbone? Find(string name, out BackboneFault? fault)
    {
        fault = null;
        if (!name.StartsWith(Prefix, StringComparison.Ordinal) || Architecture.Parse(name[Prefix.Length..], out fault) is not { } architecture)
            return null;
        return new()
        {
            Name = name, Create = () => Network.Create(architecture),
            Parameters = Network.Parameters(architecture), FeatureWidth = Network.FeatureWidth, MultiplyAdds = Network.MultiplyAdds(architecture),
            MinimumSize = Network.MinimumSize, NativeSize = Network.NativeSize, Head = "classifier",
        };
    }
}
