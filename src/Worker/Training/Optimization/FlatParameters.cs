using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace NeuralCapacitance.Worker.Training.Optimization;

/// <summary>
/// Parameters that learn, their values side by side in one tensor, so that an optimizer's step is a few operations whatever the network. The parameters stay
/// the module's own: each becomes a view of its part, with the same name, shape and values.
/// <para>
/// Gradients lie side by side too, on a GPU all, on a CPU those of small parameters. A large one's is left to autograd on a CPU, which then hands over the tensor that
/// it computed instead of adding it to zeros. A gradient that a step does not touch is zero, as after PyTorch's <c>zero_grad(set_to_none=False)</c>.
/// </para>
/// </summary>
internal sealed class FlatParameters : IDisposable
{
    /// <summary>Elements from which a gradient is worth a tensor of its own on a CPU.</summary>
    private const long LargeOnCpu = 1 << 14;

    private readonly IReadOnlyList<(string Name, Parameter Parameter, long Start)> learning;
    private readonly bool channelsLast;
    private readonly int small;

    /// <param name="learning">All of one element type, on one device, each requiring gradients; at least one.</param>
    /// <param name="channelsLast">Whether weights of convolutions (O×I×H×W) lie in memory as O×H×W×I, the order that oneDNN prefers.</param>
    public FlatParameters(IReadOnlyList<(string Name, Parameter Parameter)> learning, bool channelsLast)
    {
        this.channelsLast = channelsLast;
        var like = learning[0].Parameter;
        var large = like.device_type == DeviceType.CPU ? LargeOnCpu : long.MaxValue;
        (string Name, Parameter Parameter)[] ordered = [.. learning.OrderBy(l => l.Parameter.numel() >= large)];
        small = ordered.Count(l => l.Parameter.numel() < large);
        var starts = new long[ordered.Length + 1];
        for (var i = 0; i < ordered.Length; i++) starts[i + 1] = starts[i] + ordered[i].Parameter.numel();
        this.learning = [.. ordered.Zip(starts, (l, start) => (l.Name, l.Parameter, start))];

        using var frozen = no_grad();
        using var scope = NewDisposeScope();
        Values = empty(starts[^1], like.dtype, like.device).DetachFromDisposeScope();
        Gradients = zeros(starts[small], like.dtype, like.device).DetachFromDisposeScope();
        foreach (var (_, parameter, start) in this.learning)
        {
            var value = View(Values, start, parameter.shape);
            value.copy_(parameter);
            parameter.set_(value);
            parameter.grad = start < starts[small] ? View(Gradients, start, parameter.shape) : null;
        }
    }

    /// <summary>One-dimensional: first the small parameters, then the large ones.</summary>
    public Tensor Values { get; }

    /// <summary>One-dimensional: those of the small parameters, in the order of <see cref="Values"/>.</summary>
    public Tensor Gradients { get; }

    /// <summary>Where each large parameter begins in <see cref="Values"/>, and how many elements it has.</summary>
    public IEnumerable<(long Start, long Length)> Large => learning.Skip(small).Select(l => (l.Start, l.Parameter.numel()));

    /// <summary>The gradient of a large parameter in the order of <see cref="Values"/>, one-dimensional.</summary>
    /// <param name="index">Among the large ones.</param>
    public Tensor GradientOf(int index)
    {
        var parameter = learning[small + index].Parameter;
        var gradient = parameter.grad ?? zeros_like(parameter);
        return IsConvolution(parameter.shape) ? gradient.permute(0, 2, 3, 1).reshape(-1) : gradient.reshape(-1);
    }

    public void ZeroGradients()
    {
        Gradients.zero_();
        foreach (var (_, parameter, _) in learning.Skip(small)) parameter.grad = null;
    }

    /// <summary>The part of each parameter in a tensor like <see cref="Values"/>, in the parameter's shape and by its name.</summary>
    public IEnumerable<(string Name, Tensor View)> Views(Tensor flat) => learning.Select(l => (l.Name, View(flat, l.Start, l.Parameter.shape)));

    public void Dispose()
    {
        Values.Dispose();
        Gradients.Dispose();
    }

    private Tensor View(Tensor flat, long start, long[] shape)
    {
        var part = flat.narrow(0, start, shape.Aggregate(1L, (product, side) => product * side));
        return IsConvolution(shape) ? part.view(shape[0], shape[2], shape[3], shape[1]).permute(0, 3, 1, 2) : part.view(shape);
    }

    private bool IsConvolution(long[] shape) => channelsLast && shape.Length == 4;
}
