using System.Text.RegularExpressions;

namespace NeuralCapacitance.Worker.Weights;

/// <summary>Names of a file's tensors without what wrappers of modules put between them.</summary>
internal static partial class ParameterNames
{
    /// <summary>Of <c>torch.compile</c>, FSDP (now and before), and activation checkpointing.</summary>
    private static readonly string[] Wrappers = ["_orig_mod", "_fsdp_wrapped_module", "_fpw_module", "_checkpoint_wrapped_module"];

    /// <summary>Of DataParallel, DistributedDataParallel and AveragedModel. No network here has a member of that name.</summary>
    private const string Replica = "module";

    private const int LongestOfDenseLayer = 300;

    /// <summary>The name that the wrapped network has. torchvision's DenseNets were published before module names lost their dots, and are renamed as there.</summary>
    public static string Bare(string name)
    {
        var bare = name.Contains(Replica, StringComparison.Ordinal) || name.Contains('_', StringComparison.Ordinal)
            ? string.Join('.', name.Split('.').Where(part => !IsWrapper(part)))
            : name;
        return bare.Length <= LongestOfDenseLayer ? DenseLayer().Replace(bare, "${layer}${member}") : bare;
    }

    /// <summary>The wrappers' parts in a name, in its order.</summary>
    public static IEnumerable<string> WrappersIn(string name) => name.Split('.').Where(IsWrapper);

    private static bool IsWrapper(string part) => part is Replica || Wrappers.Contains(part, StringComparer.Ordinal);

    [GeneratedRegex(@"^(?<layer>.*denselayer\d+\.(norm|relu|conv))\.(?<member>[12]\.(weight|bias|running_mean|running_var))$", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex DenseLayer();
}
