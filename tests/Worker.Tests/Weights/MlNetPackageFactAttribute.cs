namespace NeuralCapacitance.Worker.Tests.Weights;

/// <summary>Skipped, with the reason, where NuGet's folder lacks ML.NET's ResNet-18, or Debian's Python what tools/mlnet_resnet18.py needs.</summary>
[AttributeUsage(AttributeTargets.Method)]
internal sealed class MlNetPackageFactAttribute : FactAttribute
{
    private const string Package = "microsoft.ml.dnnimagefeaturizer.resnet18";

    public MlNetPackageFactAttribute()
    {
        if (Folder is null) Skip = $"NuGet's folder of packages lacks {Package}";
        else if (!Python.Has("onnx", "torch", "torchvision")) Skip = $"needs {Python.Path} with onnx, torch and torchvision (Debian: python3-onnx, python3-torchvision)";
    }

    /// <summary>Of the package's newest version; null: it was never restored here.</summary>
    public static string? Folder { get; } = Versions().Order(StringComparer.Ordinal).LastOrDefault();

    private static IEnumerable<string> Versions()
    {
        var root = Environment.GetEnvironmentVariable("NUGET_PACKAGES") ?? Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.UserProfile), ".nuget", "packages");
        var package = Path.Combine(root, Package);
        return Directory.Exists(package) ? Directory.EnumerateDirectories(package) : [];
    }
}
