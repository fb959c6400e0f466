using System.Text;
using TorchSharp;
using static TorchSharp.torch;

namespace NeuralCapacitance.Worker.Tests.Backbones;

/// <summary>Tensors from a formula over their name and shape, bit for bit those of tools/goldens_backbones.py, which states it.</summary>
internal static class Fill
{
    public static Tensor Images(int batch, int size) => Unit("images", [batch, 3, size, size]);

    /// <summary>Variance 1.</summary>
    public static Tensor Unit(string name, long[] shape) => Of(name, shape, u => u * Math.Sqrt(3));

    /// <summary>A parameter or buffer of a backbone.</summary>
    public static Tensor State(string name, long[] shape)
    {
        if (shape.Length >= 2)
        {
            var scale = Math.Sqrt(6.0 / shape.Skip(1).Aggregate((a, b) => a * b));
            return Of(name, shape, u => u * scale);
        }

        if (name.EndsWith("running_var", StringComparison.Ordinal))
            return Of(name, shape, u => 1 + (u / 2));
        return name.EndsWith(".weight", StringComparison.Ordinal) ? Of(name, shape, u => 1 + (u / 5)) : Of(name, shape, u => u / 10);
    }

    private static Tensor Of(string name, long[] shape, Func<double, double> value)
    {
        var seed = Encoding.UTF8.GetBytes(name).Aggregate(2166136261u, (h, octet) => (h ^ octet) * 16777619u);
        var values = new float[shape.Aggregate(1L, (a, b) => a * b)];
        Parallel.For(0, values.Length, i => values[i] = (float)value((Mix((uint)i + seed) / 2147483648.0) - 1));
        return tensor(values, shape);
    }

    private static uint Mix(uint x)
    {
        x ^= x >> 16;
        x *= 0x7FEB352D;
        x ^= x >> 15;
        x *= 0x846CA68B;
        return x ^ (x >> 16);
    }
}
