using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace NeuralCapacitance.Worker.Training.Optimization;

/// <summary>An optimizer over <see cref="FlatParameters"/>. Of every element it keeps some quantities, each in one more flat tensor.</summary>
internal abstract class FlatOptimizer : IDisposable
{
    /// <summary>On a CPU a step goes through so many elements at a time: they stay in a core's cache from one of its operations to the next.</summary>
    private const long PieceOnCpu = 1 << 17;

    private const string StepName = "step";

    private readonly FlatParameters parameters;
    private readonly (string Name, Tensor Values)[] state;
    private readonly Tensor scratch;
    private readonly Piece[] pieces;

    /// <summary>Steps taken; the first is 1.</summary>
    private long step;

    /// <param name="learning">Parameters of one element type, on one device, each requiring gradients; at least one. Names tell their state apart.</param>
    /// <param name="channelsLast">As <see cref="FlatParameters"/> takes it.</param>
    /// <param name="quantities">What is kept of every element, by PyTorch's names.</param>
    protected FlatOptimizer(IReadOnlyList<(string Name, Parameter Parameter)> learning, bool channelsLast, params IReadOnlyList<string> quantities)
    {
        parameters = new FlatParameters(learning, channelsLast);
        using var scope = NewDisposeScope();
        state = [.. quantities.Select(name => (name, zeros_like(parameters.Values).DetachFromDisposeScope()))];
        var all = parameters.Values.numel();
        var length = parameters.Values.device_type == DeviceType.CPU ? Math.Min(PieceOnCpu, all) : all;
        scratch = empty(length, parameters.Values.dtype, parameters.Values.device).DetachFromDisposeScope();
        pieces = [.. Enumerable.Range(0, (int)((all + length - 1) / length)).Select(i => PieceAt(i * length, Math.Min(length, all - (i * length))))];
    }

    /// <summary>By name: <c>QUANTITY.PARAMETER</c> in the parameter's shape, and <c>step</c>, the steps taken. Views; the caller disposes them.</summary>
    public IReadOnlyDictionary<string, Tensor> State() => state
        .SelectMany(quantity => parameters.Views(quantity.Values).Select(view => KeyValuePair.Create($"{quantity.Name}.{view.Name}", view.View)))
        .Append(KeyValuePair.Create(StepName, tensor(step)))
        .ToDictionary(StringComparer.Ordinal);

    /// <summary>Goes on from a state that <see cref="State"/> gave: of an optimizer of this kind over parameters of these names and shapes, laid out in any way.</summary>
    public void Load(IReadOnlyDictionary<string, Tensor> saved)
    {
        using var frozen = no_grad();
        using var scope = NewDisposeScope();
        foreach (var (name, target) in State())
        {
            if (!string.Equals(name, StepName, StringComparison.Ordinal)) target.copy_(saved[name]);
        }
        step = saved[StepName].item<long>();
    }

    public void ZeroGrad() => parameters.Gradients.zero_();

    /// <summary>Changes the parameters by their gradients, which are spent then.</summary>
    public void Step()
    {
        using var frozen = no_grad();
        using var scope = NewDisposeScope();
        Step(pieces, ++step);
    }

    public void Dispose()
    {
        foreach (var piece in pieces) piece.Dispose();
        foreach (var (_, values) in state) values.Dispose();
        scratch.Dispose();
        parameters.Dispose();
    }

    /// <param name="pieces">All elements, piece by piece.</param>
    /// <param name="number">Of the step, from 1.</param>
    protected abstract void Step(IEnumerable<Piece> pieces, long number);

    private Piece PieceAt(long start, long length)
    {
        return new Piece(Part(parameters.Values), Part(parameters.Gradients), [.. state.Select(quantity => Part(quantity.Values))], scratch.narrow(0, 0, length).DetachFromDisposeScope());

        Tensor Part(Tensor flat) => flat.narrow(0, start, length).DetachFromDisposeScope();
    }

    /// <summary>The same elements of all flat tensors: each one-dimensional, of one length.</summary>
    /// <param name="Quantities">In the order in which they were named.</param>
    /// <param name="Scratch">Holds nothing between two steps.</param>
    protected sealed record Piece(Tensor Values, Tensor Gradients, Tensor[] Quantities, Tensor Scratch) : IDisposable
    {
        public void Dispose()
        {
            Values.Dispose();
            Gradients.Dispose();
            foreach (var quantity in Quantities) quantity.Dispose();
            Scratch.Dispose();
        }
    }
}
