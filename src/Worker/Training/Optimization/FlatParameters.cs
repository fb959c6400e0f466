using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace NeuralCapacitance.Worker.Training.Optimization;

/// <summary>
/// Parameters that learn, their values side by side in one tensor and their gradients in another, so that an optimizer's step is a few operations whatever
/// the network. The parameters stay the module's own: each becomes a view of its part, with the same name, shape and values, and its gradient too.
/// A gradient that a step does not touch is zero, as after PyTorch's <c>zero_grad(set_to_none=False)</c>.
/// </summary>
internal sealed class FlatParameters : IDisposable
{
    private readonly IReadOnlyList<(string Name, Parameter Parameter)> learning;
    private readonly bool channelsLast;

    /// <param name="learning">All of one element type, on one device, each requiring gradients; at least one.</param>
    /// <param name="channelsLast">Whether weights of convolutions (O×I×H×W) lie in memory as O×H×W×I, the order that oneDNN prefers.</param>
    public FlatParameters(IReadOnlyList<(string Name, Parameter Parameter)> learning, bool channelsLast)
    {
        this.learning = learning;
        this.channelsLast = channelsLast;
        using var frozen = no_grad();
        using var scope = NewDisposeScope();
        var like = learning[0].Parameter;
        Values = empty(learning.Sum(l => l.Parameter.numel()), like.dtype, like.device).DetachFromDisposeScope();
        Gradients = zeros_like(Values).DetachFromDisposeScope();
        var at = 0L;
        foreach (var (_, parameter) in learning)
        {
            var (value, gradient) = (View(Values, at, parameter.shape), View(Gradients, at, parameter.shape));
            value.copy_(parameter);
            parameter.set_(value);
            parameter.grad = gradient;
            at += parameter.numel();
        }
    }

    /// <summary>One-dimensional.</summary>
    public Tensor Values { get; }

    /// <summary>As <see cref="Values"/>.</summary>
    public Tensor Gradients { get; }

    /// <summary>The part of each parameter in a tensor like <see cref="Values"/>, in the parameter's shape and by its name.</summary>
    public IEnumerable<(string Name, Tensor View)> Views(Tensor flat)
    {
        var at = 0L;
        foreach (var (name, parameter) in learning)
        {
            yield return (name, View(flat, at, parameter.shape));
            at += parameter.numel();
        }
    }

    public void Dispose()
    {
        Values.Dispose();
        Gradients.Dispose();
    }

    private Tensor View(Tensor flat, long at, long[] shape)
    {
        var part = flat.narrow(0, at, shape.Aggregate(1L, (product, side) => product * side));
        return channelsLast && shape is [var o, var i, var h, var w] ? part.view(o, h, w, i).permute(0, 3, 1, 2) : part.view(shape);
    }
}
