using NeuralCapacitance.Domain.Backbones;
using NeuralCapacitance.Domain.Jobs;
using NeuralCapacitance.Worker.Backbones;
using NeuralCapacitance.Worker.TorchScript;
using NeuralCapacitance.Worker.Estimates;
using NeuralCapacitance.Worker.Probe;
using NeuralCapacitance.Worker.Tests.Training;
using NeuralCapacitance.Worker.Training;
using TorchSharp;
using static TorchSharp.torch;

namespace NeuralCapacitance.Worker.Tests.Backbones;

/// <summary>The paper's 17 networks, three cells of its NAS benchmark and a network of the user's own: two training steps of each under the probe.</summary>
[Collection(OwnGenerator.Name), Trait("Category", "Slow")]
public sealed class EveryBackboneTrainsTests : IDisposable
{
    private const int Images = 8;
    private const int Steps = 2;

    /// <summary>
    /// That two steps add to the test process. vgg19, the largest, has 140 million parameters: 0.6 GB for each of weights, gradients and the copy that
    /// this test compares with, and as much again while oneDNN orders them in its own way.
    /// </summary>
    private const long MostMemory = 3L << 30;

    private readonly Trials trials = new();

    public static TheoryData<string> Paper =>
    [
        "alexnet", "vgg16", "vgg19", "resnet50", "resnet101", "resnet152", "resnet50v2", "resnet101v2", "resnet152v2",
        "densenet121", "densenet169", "densenet201", "mobilenet", "mobilenetv2", "inceptionv3", "inceptionresnetv2", "xception",
    ];

    public static TheoryData<string> Cells =>
    [
        "nasbench201:|nor_conv_3x3~0|+|nor_conv_3x3~0|nor_conv_3x3~1|+|nor_conv_3x3~0|nor_conv_3x3~1|nor_conv_3x3~2|",
        "nasbench201:|nor_conv_1x1~0|+|none~0|avg_pool_3x3~1|+|skip_connect~0|nor_conv_3x3~1|none~2|",
        "nasbench201:|avg_pool_3x3~0|+|skip_connect~0|nor_conv_1x1~1|+|nor_conv_3x3~0|none~1|skip_connect~2|",
    ];

    [Theory, MemberData(nameof(Paper)), MemberData(nameof(Cells))]
    public void Two_steps_move_every_parameter_of_the_backbone_and_none_of_the_probe(string backbone) => Train(new CandidateSpec { Name = "it", Backbone = backbone });

    [Fact]
    public void So_they_do_with_a_torchscript_model()
    {
        File.Copy(Path.Combine(AppContext.BaseDirectory, "Goldens", "own.pt"), Path.Combine(Directory.CreateDirectory(trials.Artifacts.Root).FullName, "own.pt"));

        Train(new CandidateSpec { Name = "it", Backbone = TorchScriptBackbone.Name, Weights = "file:own.pt" });
    }

    public void Dispose() => trials.Dispose();

    private void Train(CandidateSpec candidate)
    {
        var before = PeakMemory.Reset();
        manual_seed(1);
        using (var data = trials.LoadData())
        using (var tuning = Tune(candidate))
        {
            var backbone = Copy(tuning.Backbone);
            var probe = Copy(tuning.Head);
            int[] images = [.. Enumerable.Range(0, Images)];

            for (var step = 0; step < Steps; step++) tuning.Train(data.Train, images, CancellationToken.None);
            var beta = tuning.MeasureBetaEff(data.Train, images, CancellationToken.None).Absolute;

            double.IsFinite(beta).ShouldBeTrue();
            beta.ShouldBeGreaterThan(0);
            Unmoved(tuning.Backbone, backbone).ShouldBeEmpty();
            Unmoved(tuning.Head, probe).ShouldBe(probe.Keys, ignoreOrder: true);
            foreach (var copy in backbone.Values.Concat(probe.Values)) copy.Dispose();
        }
        // Null where the system does not tell.
        if (before is { } resident) (PeakMemory.Read() - resident).ShouldBeLessThan(MostMemory);
    }

    private FineTuning Tune(CandidateSpec candidate)
    {
        var network = new BackboneCatalogue(TorchScriptPolicy.Of("true")).Create(candidate, Trials.ImageSize, trials.Artifacts);
        return new FineTuning(
            network,
            new NeuralCapacitanceProbe(network.FeatureWidth, new ProbeSpec(), Trials.Classes),
            // No momentum: its state would be one more copy of the weights.
            new TrainingSpec { BatchSize = Images, Optimizer = "sgd", LearningRate = 0.01, Momentum = 0 },
            ComputeDevice.Choose("cpu", threads: Environment.ProcessorCount));
    }

    private static Dictionary<string, Tensor> Copy(nn.Module module)
        => module.named_parameters().ToDictionary(p => p.name, p => p.parameter.detach().clone(), StringComparer.Ordinal);

    private static IEnumerable<string> Unmoved(nn.Module module, Dictionary<string, Tensor> before)
        => module.named_parameters().Where(p => p.parameter.detach().eq(before[p.name]).all().item<bool>()).Select(p => p.name);
}
