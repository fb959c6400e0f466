using NeuralCapacitance.Domain.Backbones;
using NeuralCapacitance.Domain.Jobs;
using NeuralCapacitance.Worker.Backbones;
using NeuralCapacitance.Worker.Estimates;
using NeuralCapacitance.Worker.Probe;
using NeuralCapacitance.Worker.Tests.Estimates;
using NeuralCapacitance.Worker.Training;
using static TorchSharp.torch;

namespace NeuralCapacitance.Worker.Tests.Training;

[Collection(OwnMemory.Name)]
public sealed class MemoryTests : IDisposable
{
    private const int StepsInRound = 20;
    private const int BatchSize = 8;

    private readonly Trials trials = new();

    /// <summary>Whatever a step makes is freed by the end of the step, not whenever the garbage collector comes by.</summary>
    [Theory]
    [InlineData("resnet8")]
    [InlineData("mobilenet-small")]
    public void Two_hundred_steps_leave_memory_flat(string name)
    {
        using var data = trials.LoadData();
        var network = new BackboneCatalogue().Create(new CandidateSpec { Name = name, Backbone = name, Weights = "random" }, Trials.ImageSize, trials.Artifacts);
        using var tuning = new FineTuning(
            network, new NeuralCapacitanceProbe(network.FeatureWidth, new ProbeSpec(), Trials.Classes), new TrainingSpec { BatchSize = BatchSize }, ComputeDevice.Choose("cpu", threads: 1));
        int[] order = [.. Enumerable.Range(0, StepsInRound * BatchSize).Select(i => i % data.Train.Count)];
        Round();
        Round();
        GC.Collect();
        GC.WaitForPendingFinalizers();
        var tensors = Tensor.TotalCount;
        var resident = PeakMemory.Reset();
        for (var round = 0; round < 10; round++)
        {
            Round();
            Tensor.TotalCount.ShouldBe(tensors);
        }
        // Null where the system does not tell.
        if (resident is { } before) (PeakMemory.Read() - before).ShouldBeLessThan(48L << 20);

        void Round() => tuning.Train(data.Train, order, CancellationToken.None);
    }

    public void Dispose() => trials.Dispose();
}
