using System.Text.Json;
using static TorchSharp.torch;

namespace TorchSharp.Tests;

/// <summary>Reference numbers that tools/goldens_torch.py wrote.</summary>
internal sealed record Golden(long[] Shape, double[] Values)
{
    private static readonly JsonSerializerOptions Format = new(JsonSerializerDefaults.Web);

    public Tensor AsTensor(ScalarType? type = null) => tensor(Values, Shape, type ?? ScalarType.Float32);

    /// <summary>Shape and values agree; the error is relative to the largest value.</summary>
    public void ShouldEqual(Tensor actual, double tolerance = 1e-5, string? what = null)
    {
        actual.shape.ShouldBe(Shape, what);
        using var numbers = actual.detach().to(ScalarType.Float64, copy: true).contiguous();
        var scale = Math.Max(1e-3, Values.Select(Math.Abs).DefaultIfEmpty(0).Max());
        var error = numbers.data<double>().Zip(Values, (x, y) => Math.Abs(x - y)).DefaultIfEmpty(0).Max();
        (error / scale).ShouldBeLessThanOrEqualTo(tolerance, what);
    }

    public static Dictionary<string, T> Load<T>(string name) => Read<Dictionary<string, T>>(name);

    public static T Read<T>(string name) => JsonSerializer.Deserialize<T>(File.ReadAllText(PathOf(name + ".json")), Format)!;

    public static string PathOf(string file) => Path.Combine(AppContext.BaseDirectory, "Goldens", file);
}
