using NeuralCapacitance.Domain.Backbones;
using NeuralCapacitance.Domain.Jobs;
using NeuralCapacitance.Infrastructure.Stalls;
using NeuralCapacitance.Worker.Backbones;
using NeuralCapacitance.Worker.Datasets;
using NeuralCapacitance.Worker.Probe;
using NeuralCapacitance.Worker.Training.Optimization;
using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace NeuralCapacitance.Worker.Training;

/// <summary>
/// A beheaded backbone under a head, and the optimizer of the weights that learn. The head of a selection is the frozen probe: its Dense weights and
/// batch-norm scale never change; its running statistics follow the backbone, and its dropout is active, while training.
/// </summary>
internal sealed class FineTuning : IDisposable
{
    private const int LargestEvaluationBatch = 256;

    private readonly TrainingSpec spec;
    private readonly Device device;

    private readonly MemoryLayout layout;
    private readonly InputSize inputSize;
    private readonly PixelScaling scaling;

    /// <summary>
    /// Takes the modules over: moves them to <paramref name="compute"/>'s device and disposes them in the end. What of the head requires gradients learns.
    /// </summary>
    /// <param name="layout">Null: the fastest.</param>
    public FineTuning(BeheadedNetwork network, Module<Tensor, Tensor> head, TrainingSpec spec, ComputeDevice compute, MemoryLayout? layout = null)
    {
        this.spec = spec;
        inputSize = network.InputSize;
        scaling = network.Scaling;
        device = compute.Torch;
        this.layout = layout ?? MemoryLayout.Of(network.Family, device.type);
        Backbone = network.Module.to(device);
        Head = head.to(device);
        Optimizer = NewOptimizer();
    }

    public Module<Tensor, Tensor> Backbone { get; }

    /// <summary>Features N×F to logits N×C.</summary>
    public Module<Tensor, Tensor> Head { get; }

    /// <summary>The head, where it is one that has a β_eff; else null.</summary>
    public NeuralCapacitanceProbe? Probe => Head as NeuralCapacitanceProbe;

    public FlatOptimizer Optimizer { get; private set; }

    /// <summary>Images at once where no gradients are needed.</summary>
    public int EvaluationBatch => Math.Min(LargestEvaluationBatch, 4 * spec.BatchSize);

    /// <summary>Forgets what the optimizer has learnt.</summary>
    public void RenewOptimizer()
    {
        Optimizer.Dispose();
        Optimizer = NewOptimizer();
    }

    /// <summary>One pass over the images in the given order. A last batch of one image is left out: batch norm cannot train on it.</summary>
    /// <exception cref="DivergedException">The loss is no longer finite.</exception>
    public Measure Train(ImageSet images, ReadOnlySpan<int> order, CancellationToken cancellationToken)
    {
        Backbone.train();
        Head.train();
        using var meter = new Meter();
        for (var start = 0; start + 1 < order.Length; start += spec.BatchSize)
        {
            cancellationToken.ThrowIfCancellationRequested();
            Step(images, order[start..Math.Min(start + spec.BatchSize, order.Length)], meter);
            Steps.Made();
            ThrowIfDiverged(meter);
        }
        var measure = meter.Result();
        ThrowIfDiverged(meter);
        return measure;
    }

    /// <summary>Loss and accuracy in eval mode.</summary>
    /// <exception cref="DivergedException">The loss is not finite.</exception>
    public Measure Evaluate(ImageSet images, ReadOnlySpan<int> indices, CancellationToken cancellationToken)
    {
        using var meter = new Meter();
        ForEachBatch(images, indices, cancellationToken, (features, labels) =>
        {
            var logits = Head.call(features);
            meter.Add(functional.cross_entropy(logits, labels), logits, labels);
        });
        var measure = meter.Result();
        return double.IsFinite(measure.Loss) ? measure : throw new DivergedException($"The loss in eval mode is {measure.Loss}.");
    }

    /// <summary>β_eff of the probe in eval mode over the given images.</summary>
    /// <exception cref="DivergedException">The features are not finite.</exception>
    /// <exception cref="InvalidOperationException">The head is no probe.</exception>
    public BetaEffValues MeasureBetaEff(ImageSet images, ReadOnlySpan<int> indices, CancellationToken cancellationToken)
    {
        using var accumulator = new BetaEffAccumulator(Probe ?? throw new InvalidOperationException("Only a probe has a β_eff."));
        ForEachBatch(images, indices, cancellationToken, accumulator.Add);
        return accumulator.Result();
    }

    /// <summary>What the backbone makes of the given images in eval mode: N×F, float32, on the CPU.</summary>
    public Tensor Features(ImageSet images, ReadOnlySpan<int> indices, CancellationToken cancellationToken)
    {
        using var scope = NewDisposeScope();
        var batches = new List<Tensor>();
        ForEachBatch(images, indices, cancellationToken, (features, _) => batches.Add(features.cpu().DetachFromDisposeScope()));
        try
        {
            return cat(batches).MoveToOuterDisposeScope();
        }
        finally
        {
            batches.ForEach(batch => batch.Dispose());
        }
    }

    public void Dispose()
    {
        Optimizer.Dispose();
        Head.Dispose();
        Backbone.Dispose();
    }

    private FlatOptimizer NewOptimizer() => Optimizers.Create(spec, [.. Learning("backbone", Backbone), .. Learning("head", Head)], layout.WeightsLast);

    private static IEnumerable<(string Name, Parameter Parameter)> Learning(string part, nn.Module module)
        => module.named_parameters().Where(p => p.parameter.requires_grad).Select(p => ($"{part}.{p.name}", p.parameter));

    private void Step(ImageSet images, ReadOnlySpan<int> batch, Meter meter)
    {
        using var scope = NewDisposeScope();
        var (inputs, labels) = Batch(images, batch);
        Optimizer.ZeroGrad();
        var logits = Head.call(Backbone.call(inputs));
        var loss = functional.cross_entropy(logits, labels);
        loss.backward();
        Optimizer.Step();
        meter.Add(loss, logits, labels);
    }

    private void ForEachBatch(
        ImageSet images, ReadOnlySpan<int> indices, CancellationToken cancellationToken, Action<Tensor, Tensor> useFeaturesAndLabels)
    {
        Backbone.eval();
        Head.eval();
        using var frozen = no_grad();
        for (var start = 0; start < indices.Length; start += EvaluationBatch)
        {
            cancellationToken.ThrowIfCancellationRequested();
            using var scope = NewDisposeScope();
            var (inputs, labels) = Batch(images, indices[start..Math.Min(start + EvaluationBatch, indices.Length)]);
            useFeaturesAndLabels(Backbone.call(inputs), labels);
            Steps.Made();
        }
    }

    /// <summary>N×3×S×S normalised float images and N labels, on the device.</summary>
    internal (Tensor Inputs, Tensor Labels) Batch(ImageSet images, ReadOnlySpan<int> indices)
    {
        var inputs = inputSize.Apply(Normalization.Apply(images.Images(indices), scaling, device));
        return (layout.Lay(inputs), images.LabelsOf(indices).to(device));
    }

    private static void ThrowIfDiverged(Meter meter)
    {
        if (meter.FirstNonFiniteStep is { } step)
        {
            throw new DivergedException($"The training loss became infinite or NaN in step {step}.");
        }
    }
}
