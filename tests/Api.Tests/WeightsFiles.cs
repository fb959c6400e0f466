using System.Text.Json;
using NeuralCapacitance.Worker.Weights;

namespace NeuralCapacitance.Api.Tests;

/// <summary>Small files of weights.</summary>
internal static class WeightsFiles
{
    /// <summary>Zeros; by default of no tensor.</summary>
    public static byte[] Safetensors(IEnumerable<StateShape>? shapes = null)
    {
        var header = new Dictionary<string, object>(StringComparer.Ordinal);
        var end = 0L;
        foreach (var shape in shapes ?? [])
        {
            var length = shape.Shape.Aggregate(4L, (product, size) => product * size);
            header[shape.Name] = new { dtype = "F32", shape = shape.Shape, data_offsets = new[] { end, end + length } };
            end += length;
        }
        var json = JsonSerializer.SerializeToUtf8Bytes(header);
        return [.. BitConverter.GetBytes((long)json.Length), .. json, .. new byte[end]];
    }
}
