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

    /// <summary>Of the small parameters together, and of each large one.</summary>
    private readonly Piece[] ofSmall;
    private readonly Piece[][] ofLarge;

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
        ofSmall = PiecesOf(0, parameters.Gradients.numel(), length);
        ofLarge = [.. parameters.Large.Select(large => PiecesOf(large.Start, large.Length, length))];
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

    public void ZeroGrad() => parameters.ZeroGradients();

    /// <summary>Changes the parameters by their gradients, which are spent then.</summary>
    public void Step()
    {
        using var frozen = no_grad();
        using var scope = NewDisposeScope();
        Step(Pieces(), ++step);
    }

    public void Dispose()
    {
        foreach (var piece in ofLarge.Append(ofSmall).SelectMany(pieces => pieces)) piece.Dispose();
        foreach (var (_, values) in state) values.Dispose();
        scratch.Dispose();
        parameters.Dispose();
    }

    /// <param name="pieces">All elements, piece by piece.</param>
    /// <param name="number">Of the step, from 1.</param>
    protected abstract void Step(IEnumerable<Piece> pieces, long number);

    private IEnumerable<Piece> Pieces()
    {
        foreach (var piece in ofSmall) yield return piece with { Gradients = parameters.Gradients.narrow(0, piece.Start, piece.Length) };
        for (var i = 0; i < ofLarge.Length; i++)
        {
            var gradients = parameters.GradientOf(i);
            var start = ofLarge[i][0].Start;
            foreach (var piece in ofLarge[i]) yield return piece with { Gradients = gradients.narrow(0, piece.Start - start, piece.Length) };
        }
    }

    private Piece[] PiecesOf(long start, long count, long most)
        => [.. Enumerable.Range(0, (int)((count + most - 1) / most)).Select(i => PieceAt(start + (i * most), Math.Min(most, count - (i * most))))];

    private Piece PieceAt(long start, long length)
    {
        return new Piece(start, length, Part(parameters.Values), [.. state.Select(quantity => Part(quantity.Values))], scratch.narrow(0, 0, length).DetachFromDisposeScope());

        Tensor Part(Tensor flat) => flat.narrow(0, start, length).DetachFromDisposeScope();
    }

    /// <summary>The same elements of all flat tensors: each one-dimensional, of one length.</summary>
    /// <param name="Quantities">In the order in which they were named.</param>
    /// <param name="Scratch">Holds nothing between two steps.</param>
    protected sealed record Piece(long Start, long Length, Tensor Values, Tensor[] Quantities, Tensor Scratch) : IDisposable
    {
        /// <summary>Of this step.</summary>
        public Tensor Gradients { get; init; } = null!;

        public void Dispose()
        {
            Values.Dispose();
            foreach (var quantity in Quantities) quantity.Dispose();
            Scratch.Dispose();
        }
    }
}
