using System.Text.Json.Nodes;
using NeuralCapacitance.Api.Jobs;
using NeuralCapacitance.Domain.Jobs;

namespace NeuralCapacitance.Api.CommandLine;

/// <summary>The job that <c>run</c> submits: a file's, or the example, on generated images or on a folder's.</summary>
internal static class RunSpec
{
    /// <summary>Enough to tell candidates apart (standard error about 1.7 % at most), few enough to be quick.</summary>
    private const int ValidationImages = 860;

    private const double LargestFraction = 0.3;

    /// <exception cref="IOException">A file or folder is missing or unreadable.</exception>
    public static string Build(RunOptions options)
    {
        if (options.Spec is { } file)
        {
            return SpecText.Decode(File.ReadAllBytes(file.FullName), out var text) is { } fault ? throw new InvalidDataException($"--spec {file.FullName}: {fault}.") : text;
        }

        if (options.Data is not { } folder)
        {
            return ExampleSpec.Text;
        }

        var train = Path.Combine(folder.FullName, "train");
        if (!Directory.Exists(train))
        {
            throw new DirectoryNotFoundException($"--data {folder.FullName} has no folder train/; train/CLASS/*.jpg and test/CLASS/*.jpg are expected.");
        }

        var spec = JsonNode.Parse(ExampleSpec.Text)!.AsObject();
        spec["name"] = folder.Name;
        spec["dataset"] = new JsonObject { ["name"] = "image-folder", ["path"] = folder.FullName };
        var training = spec["training"]!.AsObject();
        if (HasMoreFilesThan(train, (int)(ValidationImages / LargestFraction)))
        {
            training["validation"] = ValidationImages;
        }
        else
        {
            training["validation"] = LargestFraction;
            training.Remove("trainLimit");
        }

        return spec.ToJsonString();
    }

    private static bool HasMoreFilesThan(string folder, int count)
        => Directory.EnumerateFiles(folder, "*", SearchOption.AllDirectories).Skip(count).Any();
}
