using TorchSharp.Native;
using static TorchSharp.torch;

namespace TorchSharp.Extensions;

/// <summary>
/// N × C × H × W in the memory order N, H, W, C, which libtorch's convolutions keep once they are given it.
/// TorchSharp has no counterpart: callers need a twin that does nothing.
/// </summary>
public static class ChannelsLast
{
    private static readonly Operator Contiguous = new("contiguous");
    private static readonly Operator SetData = new("set_data");

    /// <summary>The same values in channels-last order.</summary>
    public static Tensor ToChannelsLast(this Tensor tensor) => Contiguous.Call(tensor, (long)memory_format.channels_last);

    /// <summary>Reorders every parameter and buffer of four dimensions in place: whoever else holds one, such as a script, sees it reordered.</summary>
    public static T ToChannelsLast<T>(this T module) where T : nn.Module
    {
        using var mode = no_grad();
        foreach (var tensor in module.parameters().Concat(module.buffers()).Where(tensor => tensor.Dimensions == 4))
        {
            using var ordered = tensor.ToChannelsLast();
            SetData.Run(tensor, ordered);
        }
        return module;
    }
}
