using NeuralCapacitance.Domain.Finalizations;
using NeuralCapacitance.Domain.Jobs;
using NeuralCapacitance.Worker.Probe;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace NeuralCapacitance.Worker.Training;

internal static class Heads
{
    /// <summary>A new head with random weights: features N×<paramref name="featureWidth"/> to logits N×<paramref name="classes"/>.</summary>
    /// <param name="probe">Of the two heads that are probes.</param>
    public static Module<Tensor, Tensor> Create(ModelHead head, int featureWidth, ProbeSpec probe, int classes) => head switch
    {
        ModelHead.Probe => new NeuralCapacitanceProbe(featureWidth, probe, classes),
        ModelHead.TrainableProbe => new NeuralCapacitanceProbe(featureWidth, probe, classes, isTrainable: true),
        ModelHead.Linear => Linear(featureWidth, classes),
        _ => throw new ArgumentOutOfRangeException(nameof(head), head, "no head of a model"),
    };
}
