using NeuralCapacitance.Worker.Backbones;
using NeuralCapacitance.Worker.Tests.Models;
using NeuralCapacitance.Worker.Tests.Training;
using NeuralCapacitance.Worker.Weights;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace NeuralCapacitance.Worker.Tests.Weights;

/// <summary>Files that PyTorch itself writes (tools/checkpoint_samples.py), with objects of many classes beside the weights.</summary>
public sealed class CheckpointSamplesTests : IDisposable
{
    private readonly TemporaryFolder folder = new();

    [TorchTheory]
    [InlineData("ok-*", 6)]
    public void Weights_are_those_of_the_plain_file_to_the_bit(string pattern, int files)
    {
        using var plain = Network();
        Load(plain, "plain.pth");
        var samples = Samples(pattern);
        samples.Count.ShouldBe(files);
        foreach (var sample in samples)
        {
            using var network = Network();
            Load(network, sample);
            foreach (var (name, tensor) in plain.state_dict())
            {
                network.state_dict()[name].bytes.SequenceEqual(tensor.bytes).ShouldBeTrue($"{sample}: {name}");
            }
        }
    }

    [TorchTheory]
    [InlineData("model-*", 3, "a whole model, of class 'torch.nn.modules.container.Sequential', which is not rebuilt")]
    [InlineData("cut-*", 2, "it was cut off")]
    public void What_holds_no_usable_weights_is_refused_with_the_reason(string pattern, int files, string reason)
    {
        using var network = Network();
        var samples = Samples(pattern);
        samples.Count.ShouldBe(files);
        foreach (var sample in samples)
        {
            Should.Throw<WeightsException>(() => Load(network, sample), sample).Message.ShouldContain(reason);
        }
    }

    public void Dispose() => folder.Dispose();

    private static Module<Tensor, Tensor> Network() => Sequential(("0", Linear(3, 4)), ("1", BatchNorm1d(4)));

    private List<string> Samples(string pattern)
    {
        Write();
        return [.. Directory.GetFiles(folder.Path, pattern).Select(path => Path.GetFileName(path)).Order(StringComparer.Ordinal)];
    }

    private void Write()
    {
        if (File.Exists(folder.File("plain.pth"))) return;
        var (status, _, errors) = Python.Run("-B", Repository.Tool("checkpoint_samples.py"), folder.Path);
        status.ShouldBe(0, errors);
    }

    private void Load(Module network, string name)
    {
        Write();
        using var file = WeightsFile.Open(folder.File(name));
        WeightsLoader.Load(network, new Backbone { Name = "test", Create = Network, Parameters = 24, FeatureWidth = 4, MultiplyAdds = 12 }, file, $"file:{name}");
    }
}
