using NeuralCapacitance.Domain.Jobs;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace NeuralCapacitance.Worker.Training;

internal static class Optimizers
{
    // PyTorch's defaults. They are given because TorchSharp's default for the second one is 0.99.
    private const double Beta1 = 0.9;
    private const double Beta2 = 0.999;

    /// <summary>The optimizer that the spec names, over the given parameters.</summary>
    /// <exception cref="ArgumentException">None has that name.</exception>
    public static OptimizerHelper Create(TrainingSpec spec, IEnumerable<Parameter> parameters) => spec.Optimizer switch
    {
        "sgd" => optim.SGD(parameters, spec.LearningRate, momentum: spec.Momentum, weight_decay: spec.WeightDecay),
        "adam" => optim.Adam(parameters, spec.LearningRate, Beta1, Beta2, weight_decay: spec.WeightDecay),
        "adamw" => optim.AdamW(parameters, spec.LearningRate, Beta1, Beta2, weight_decay: spec.WeightDecay),
        _ => throw new ArgumentException($"Optimizer '{spec.Optimizer}' is not known; accepted are 'sgd', 'adam' and 'adamw'.", nameof(spec)),
    };
}
