using NeuralCapacitance.Domain.Backbones;
using NeuralCapacitance.Domain.Jobs;
using NeuralCapacitance.Worker.Backbones;
using NeuralCapacitance.Worker.Datasets;
using NeuralCapacitance.Worker.Probe;
using NeuralCapacitance.Worker.Training;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace NeuralCapacitance.Worker.Tests.Training;

[Collection(OwnGenerator.Name)]
public sealed class FineTuningTests : IDisposable
{
    private readonly Trials trials = new();

    [Fact]
    public void A_real_backbone_learns_the_images_that_it_is_shown()
    {
        using var data = trials.LoadData();
        var shown = Enumerable.Range(0, 60).ToArray();
        manual_seed(1);
        using var tuning = Tune(new BackboneCatalogue().Create("resnet8"), featureWidth: 64, batchSize: 20, dropout: 0);

        var first = tuning.Train(data.Train, shown, CancellationToken.None);
        for (var epoch = 2; epoch <= 30; epoch++)
        {
            tuning.Train(data.Train, EpochOrder.Shuffle(shown, seed: 1, epoch), CancellationToken.None);
        }

        var learned = tuning.Evaluate(data.Train, shown, CancellationToken.None);
        learned.Accuracy.ShouldBeGreaterThan(0.9);
        learned.Loss.ShouldBeLessThan(0.5 * first.Loss);
    }

    [Fact]
    public void Cancelling_takes_effect_within_one_step()
    {
        using var cancel = new CancellationTokenSource();
        using var data = trials.LoadData();
        var backbone = new TinyBackbone(onStep: step =>
        {
            if (step == 3)
            {
                cancel.Cancel();
            }
        });
        using var tuning = Tune(backbone);

        Should.Throw<OperationCanceledException>(() => tuning.Train(data.Train, Enumerable.Range(0, 100).ToArray(), cancel.Token));

        backbone.Steps.ShouldBe(3);
    }

    [Fact]
    public void Evaluation_can_be_cancelled_too()
    {
        using var data = trials.LoadData();
        using var tuning = Tune(new TinyBackbone());

        Should.Throw<OperationCanceledException>(() => tuning.Evaluate(data.Train, [0, 1], new CancellationToken(canceled: true)));
        Should.Throw<OperationCanceledException>(() => tuning.MeasureBetaEff(data.Train, [0, 1], new CancellationToken(canceled: true)));
    }

    [Fact]
    public void The_backbone_learns_and_of_the_probe_only_the_running_statistics_follow()
    {
        using var data = trials.LoadData();
        using var tuning = Tune(new TinyBackbone());
        var backbone = Copy(tuning.Backbone);
        var probe = Copy(tuning.Head);

        tuning.Train(data.Train, Enumerable.Range(0, 60).ToArray(), CancellationToken.None);

        Changed(backbone, tuning.Backbone).ShouldBe(backbone.Keys, ignoreOrder: true);
        Changed(probe, tuning.Head).ShouldBe(probe.Keys.Where(k => k.Contains("running_", StringComparison.Ordinal) || k.EndsWith("num_batches_tracked", StringComparison.Ordinal)), ignoreOrder: true);
    }

    [Fact]
    public void Measuring_changes_nothing()
    {
        using var data = trials.LoadData();
        using var tuning = Tune(new TinyBackbone());
        var backbone = Copy(tuning.Backbone);
        var probe = Copy(tuning.Head);

        tuning.Evaluate(data.Train, [0, 1, 2], CancellationToken.None);
        tuning.MeasureBetaEff(data.Train, [0, 1, 2], CancellationToken.None);

        Changed(backbone, tuning.Backbone).ShouldBeEmpty();
        Changed(probe, tuning.Head).ShouldBeEmpty();
    }

    [Fact]
    public void Evaluation_does_not_depend_on_the_batches()
    {
        using var data = trials.LoadData();
        var indices = Enumerable.Range(0, 100).ToArray();
        using var tuning = Tune(new TinyBackbone(), batchSize: 10);
        var together = tuning.Evaluate(data.Train, indices, CancellationToken.None);

        var parts = indices.Chunk(7).Select(part => tuning.Evaluate(data.Train, part, CancellationToken.None)).ToArray();

        together.Count.ShouldBe(100);
        (parts.Sum(p => p.Loss * p.Count) / 100).ShouldBe(together.Loss, 1e-5);
        (parts.Sum(p => p.Accuracy * p.Count) / 100).ShouldBe(together.Accuracy, 1e-12);
    }

    [Theory]
    [InlineData(21, 2)]
    [InlineData(22, 3)]
    public void A_last_batch_of_one_image_is_left_out(int images, int steps)
    {
        using var data = trials.LoadData();
        var backbone = new TinyBackbone();
        using var tuning = Tune(backbone, batchSize: 10);

        tuning.Train(data.Train, Enumerable.Range(0, images).ToArray(), CancellationToken.None);

        backbone.Steps.ShouldBe(steps);
    }

    public void Dispose() => trials.Dispose();

    private static FineTuning Tune(TinyBackbone backbone, int batchSize = 20) => Tune(backbone, TinyBackbone.Width, batchSize, dropout: 0.4);

    private static FineTuning Tune(Module<Tensor, Tensor> backbone, int featureWidth, int batchSize, double dropout)
    {
        manual_seed(1);
        return new FineTuning(
            new BeheadedNetwork(backbone, featureWidth, new InputSize(Trials.ImageSize, Trials.ImageSize), PixelScaling.ImageNet, "resnet"),
            new NeuralCapacitanceProbe(featureWidth, new ProbeSpec { Hidden = [16, 8], Dropout = dropout }, Trials.Classes),
            new TrainingSpec { BatchSize = batchSize, LearningRate = 0.01 },
            ComputeDevice.Choose("cpu", threads: 1));
    }

    private static Dictionary<string, byte[]> Copy(Module module)
        => module.state_dict().ToDictionary(t => t.Key, t => t.Value.bytes.ToArray(), StringComparer.Ordinal);

    private static IEnumerable<string> Changed(Dictionary<string, byte[]> before, Module module)
        => module.state_dict().Where(t => !t.Value.bytes.SequenceEqual(before[t.Key])).Select(t => t.Key);

    /// <summary>One Dense layer on the mean colour; counts its training steps.</summary>
    private sealed class TinyBackbone : Module<Tensor, Tensor>
    {
        public const int Width = 6;

        private readonly Action<int>? onStep;
        private readonly TorchSharp.Modules.Linear dense = Linear(3, Width);

        public TinyBackbone(Action<int>? onStep = null)
            : base(nameof(TinyBackbone))
        {
            this.onStep = onStep;
            RegisterComponents();
        }

        public int Steps { get; private set; }

        public override Tensor forward(Tensor input)
        {
            if (training)
            {
                Steps++;
                onStep?.Invoke(Steps);
            }
            return dense.call(input.mean([2L, 3L]));
        }
    }
}
