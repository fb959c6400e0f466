using NeuralCapacitance.Domain.Jobs;
using TorchSharp.Modules;

namespace NeuralCapacitance.Worker.Training.Optimization;

internal static class Optimizers
{
    /// <summary>The optimizer that the spec names, with PyTorch's defaults for what the spec does not.</summary>
    /// <param name="spec">Of the training.</param>
    /// <param name="learning">As <see cref="FlatOptimizer"/> takes them.</param>
    /// <param name="channelsLast">Likewise.</param>
    /// <exception cref="ArgumentException">None has that name.</exception>
    public static FlatOptimizer Create(TrainingSpec spec, IReadOnlyList<(string Name, Parameter Parameter)> learning, bool channelsLast) => spec.Optimizer switch
    {
        "sgd" => new Sgd(learning, channelsLast, spec.LearningRate, spec.Momentum, spec.WeightDecay),
        "adam" => new Adam(learning, channelsLast, spec.LearningRate, spec.WeightDecay),
        "adamw" => new AdamW(learning, channelsLast, spec.LearningRate, spec.WeightDecay),
        _ => throw new ArgumentException($"Optimizer '{spec.Optimizer}' is not known; accepted are 'sgd', 'adam' and 'adamw'.", nameof(spec)),
    };
}
