using System.Text.Json;
using TorchSharp;
using static TorchSharp.torch;

namespace NeuralCapacitance.Worker.Tests;

/// <summary>Reference numbers made by the scripts in tools/.</summary>
internal static class Golden
{
    public static JsonElement Read(string file) =>
        JsonSerializer.Deserialize<JsonElement>(File.ReadAllBytes(Path.Combine(AppContext.BaseDirectory, "Goldens", file)));

    /// <summary>All numbers of a nested array, in order.</summary>
    public static double[] Numbers(this JsonElement element) =>
        element.ValueKind == JsonValueKind.Array ? [.. element.EnumerateArray().SelectMany(Numbers)] : [element.GetDouble()];

    public static double[] Numbers(this Tensor tensor)
    {
        using var scope = NewDisposeScope();
        return tensor.detach().cpu().to(ScalarType.Float64).contiguous().data<double>().ToArray();
    }

    /// <summary>Fails unless the largest difference is within <paramref name="relative"/> of the largest expected magnitude.</summary>
    public static void ShouldBeNear(this double[] actual, double[] expected, double relative)
    {
        actual.Length.ShouldBe(expected.Length);
        var error = actual.Zip(expected, (a, b) => Math.Abs(a - b)).Max();
        error.ShouldBeLessThanOrEqualTo(relative * expected.Max(Math.Abs));
    }
}
