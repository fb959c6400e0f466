using System.Diagnostics;
using NeuralCapacitance.Domain.Jobs;
using NeuralCapacitance.Worker.Backbones;
using NeuralCapacitance.Worker.Datasets;
using NeuralCapacitance.Worker.Tests.Datasets;
using NeuralCapacitance.Worker.Tests.Training;
using NeuralCapacitance.Worker.Training;
using NeuralCapacitance.Worker.Weights;
using TorchSharp;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace NeuralCapacitance.Worker.Tests.Weights;

/// <summary>
/// Networks that others trained on CIFAR-10, with their own classifier, on its 10 000 test images: an oracle for loading, decoding, normalisation, layout
/// and evaluation at once. The errors are those that PyTorch and PIL have (tools/goldens_cifar_resnet.py --errors). They are twice the published ones, since the images are JPEGs.
/// </summary>
[Collection(OwnGenerator.Name), Trait("Category", "Slow")]
public sealed class PublishedNetworksTests(PublishedNetworksTests.TestImages images) : IClassFixture<PublishedNetworksTests.TestImages>
{
    private const string Archive = "cifar10-images.tar.xz";
    private const double Tolerance = 0.001;

    [SharedDataTheory(Archive, "weights")]
    [InlineData("cifar-resnet20", "resnet20-12fca82f.th", 0.1897, 0.9178)]
    [InlineData("cifar-resnet32", "resnet32-d509ac18.th", 0.1744, 0.9278)]
    [InlineData("cifar-resnet44", "resnet44-014dd654.th", 0.1733, 0.9314)]
    [InlineData("cifar-resnet56", "resnet56-4bfd9763.th", 0.1680, 0.9362)]
    public void Error_is_PyTorchs_and_the_file_tells_the_published_accuracy(string name, string file, double error, double published)
    {
        var data = images.Data;
        File.Copy(SharedDataFactAttribute.PathOf(Path.Combine("weights", file)), Path.Combine(images.Trials.Data, file), overwrite: true);
        var (weights, catalogue) = ($"file:{file}", new BackboneCatalogue());
        var loader = new WeightsLoader(images.Trials.Weights, catalogue);
        var network = catalogue.Create(new CandidateSpec { Name = name, Backbone = name, Weights = weights }, data.Test.Size, images.Trials.Artifacts);
        using var source = loader.ReadHead(network.Module, name, weights, default).ShouldNotBeNull();
        using var tuning = new FineTuning(network, Classifier(source), new TrainingSpec { BatchSize = 64 }, ComputeDevice.Choose("cpu", Environment.ProcessorCount));

        loader.Load(tuning.Backbone, name, weights, default).Unused.ShouldBe(["module.linear.bias", "module.linear.weight"]);
        var measure = tuning.Evaluate(data.Test, [.. Enumerable.Range(0, data.Test.Count)], default);

        measure.Count.ShouldBe(10_000);
        (1 - measure.Accuracy).ShouldBe(error, Tolerance);
        loader.SourceAccuracy(name, weights, default).ShouldNotBeNull().ShouldBe(published, tolerance: 1e-6);
    }

    private static Module<Tensor, Tensor> Classifier(SourceHead source)
    {
        using var _ = no_grad();
        var classifier = Linear(source.Weight.shape[1], source.Classes);
        classifier.weight.copy_(source.Weight);
        classifier.bias!.copy_(source.Bias);
        return classifier;
    }

    /// <summary>CIFAR-10's test images as the product decodes them, once for all networks.</summary>
    public sealed class TestImages : IDisposable
    {
        private readonly Lazy<LoadedDataset> data;

        public TestImages() => data = new Lazy<LoadedDataset>(Load);

        internal Trials Trials { get; } = new();

        internal LoadedDataset Data => data.Value;

        public void Dispose()
        {
            if (data.IsValueCreated) data.Value.Dispose();
            Trials.Dispose();
        }

        private LoadedDataset Load()
        {
            var target = Directory.CreateDirectory(Path.Combine(Trials.Data, "cifar10")).FullName;
            using var tar = Process.Start("tar", ["-xJf", SharedDataFactAttribute.PathOf(Archive), "-C", target, "--wildcards", "test/*", "train/*/0001.jpg"]);
            tar.WaitForExit();
            tar.ExitCode.ShouldBe(0);
            return Trials.LoadData(new DatasetSpec { Name = "image-folder", Path = "cifar10" });
        }
    }
}
