using System.Runtime.InteropServices;
using System.Text;
using TorchSharp;
using static TorchSharp.torch;

namespace NeuralCapacitance.Worker.Tests.Backbones;

/// <summary>Tensors from a formula over their name and shape, bit for bit those of tools/goldens_backbones.py, which states it.</summary>
internal static class Fill
{
    public static Tensor Images(int batch, int size) => Unit("images", [batch, 3, size, size]);

    /// <summary>Variance 1.</summary>
    public static Tensor Unit(string name, long[] shape) => Of(name, shape, 0, Math.Sqrt(3));

    /// <summary>A parameter or buffer of a backbone.</summary>
    public static Tensor State(string name, long[] shape, double gain = 1, double shift = 0)
    {
        var (centre, spread) = Range(name, shape, gain, shift);
        return Of(name, shape, centre, spread);
    }

    /// <summary>Gives every parameter and buffer of numbers its value, in place: large layers have hundreds of megabytes.</summary>
    public static void StateOf(nn.Module backbone, double gain = 1, double shift = 0)
    {
        foreach (var (key, value) in backbone.state_dict())
        {
            if (!value.is_floating_point())
                continue;
            var (centre, spread) = Range(key, value.shape, gain, shift);
            Write(value, key, centre, spread);
        }
    }

    private static (double Centre, double Spread) Range(string name, long[] shape, double gain, double shift) => name switch
    {
        _ when shape.Length >= 2 => (0, gain * Math.Sqrt(6.0 / shape.Skip(1).Aggregate((a, b) => a * b))),
        _ when name.EndsWith("running_var", StringComparison.Ordinal) => (1, 0.5),
        _ when name.EndsWith(".weight", StringComparison.Ordinal) => (1, 0.2),
        _ when name.EndsWith(".bias", StringComparison.Ordinal) => (shift, 0.1),
        _ => (0, 0.1),
    };

    private static Tensor Of(string name, long[] shape, double centre, double spread)
    {
        var result = empty(shape);
        Write(result, name, centre, spread);
        return result;
    }

    private static void Write(Tensor target, string name, double centre, double spread)
    {
        var seed = Encoding.UTF8.GetBytes(name).Aggregate(2166136261u, (h, octet) => (h ^ octet) * 16777619u);
        var values = MemoryMarshal.Cast<byte, float>(target.bytes);
        for (var i = 0; i < values.Length; i++)
            values[i] = (float)(centre + (spread * ((Mix((uint)i + seed) / 2147483648.0) - 1)));
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
