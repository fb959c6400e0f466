using System.Globalization;
using System.Text.Json;
using NeuralCapacitance.Worker.Backbones;
using NeuralCapacitance.Worker.Tests.Backbones;
using NeuralCapacitance.Worker.Tests.Training;
using NeuralCapacitance.Worker.Weights;
using TorchSharp;
using static TorchSharp.torch;

namespace NeuralCapacitance.Worker.Tests.Weights;

/// <summary>
/// Whole .h5 files with Keras' names and layouts (tools/keras_h5_sample.py): every number arrives where it belongs, to the bit, and our backbone then
/// gives the features that the reference of tools/goldens_keras.py computed without any file.
/// </summary>
[Trait("Category", "Slow")]
public sealed class KerasFilesTests : IDisposable
{
    private const double Tolerance = 1e-4;
    private static readonly JsonElement Goldens = Golden.Read("keras.json");
    private static readonly BackboneCatalogue Catalogue = new();

    private readonly TemporaryFolder folder = new();

    private string Sample => folder.File("in.h5");

    [PythonTheory]
    [InlineData("resnet50v2")]
    [InlineData("mobilenet", "--nested")]
    [InlineData("mobilenet", "--version", "3")]
    [InlineData("inceptionresnetv2", "--first", "204")]
    [InlineData("xception", "--first", "95")]
    [InlineData("xception", "--first", "0", "--no-top")]
    [InlineData("xception", "--version", "1")]
    public void Weights_are_loaded_to_the_bit_and_give_the_features_of_the_reference(string network, params string[] variant)
    {
        using var scope = NewDisposeScope();
        using var _ = no_grad();
        var golden = Goldens.GetProperty("cases").EnumerateArray().Single(entry => entry.GetProperty("name").GetString() == network);
        var (gain, shift) = (golden.GetProperty("gain").GetDouble(), golden.GetProperty("shift").GetDouble());
        Write(network, ["--gain", Number(gain), "--shift", Number(shift), .. variant]);
        using var backbone = Catalogue.Create(network);

        Load(backbone, network).Unused.ShouldBe(variant.Contains("--no-top") ? [] : ["predictions.bias", "predictions.weight"]);

        foreach (var (name, value) in backbone.state_dict().Where(entry => entry.Value.is_floating_point()))
        {
            using var expected = Fill.State(name, value.shape, gain, shift);
            value.bytes.SequenceEqual(expected.bytes).ShouldBeTrue(name);
        }
        backbone.eval();
        var evaluated = golden.GetProperty("evaluated")[0];
        var features = backbone.call(Fill.Images(Goldens.GetProperty("batch").GetInt32(), evaluated.GetProperty("size").GetInt32()));
        features[.., ..8].Numbers().ShouldBeNear(evaluated.GetProperty("features").Numbers(), Tolerance);
    }

    [PythonTheory]
    [InlineData("mobilenet")]
    [InlineData("resnet50v2")]
    public void The_classifier_is_kept_aside_to_the_bit(string network)
    {
        Write(network, []);
        using var file = WeightsFile.Open(Sample);
        using var backbone = Catalogue.Create(network);

        using var head = WeightsLoader.ReadHead(backbone, Catalogue.Get(network), file, "imagenet").ShouldNotBeNull();

        using var weight = Fill.State("predictions.weight", [1000, Catalogue.Get(network).FeatureWidth]);
        using var bias = Fill.State("predictions.bias", [1000]);
        head.Weight.bytes.SequenceEqual(weight.bytes).ShouldBeTrue();
        head.Bias.bytes.SequenceEqual(bias.bytes).ShouldBeTrue();
    }

    [PythonTheory]
    [InlineData("mobilenet")]
    public void A_user_s_own_file_is_found_by_its_path(string network)
    {
        using var trials = new Trials();
        Write(network, ["--nested"]);
        Directory.CreateDirectory(trials.Artifacts.Root);
        File.Move(Sample, Path.Combine(trials.Artifacts.Root, "mine.h5"));
        using var backbone = Catalogue.Create(network);

        new WeightsLoader(trials.Weights, Catalogue).Load(backbone, network, "file:mine.h5", CancellationToken.None).Unused.ShouldBe(["predictions.bias", "predictions.weight"]);

        using var expected = Fill.State("conv1.weight", [32, 3, 3, 3]);
        backbone.state_dict()["conv1.weight"].bytes.SequenceEqual(expected.bytes).ShouldBeTrue();
    }

    [PythonTheory]
    [InlineData("mobilenet", "missing: conv_dw_3.weight, conv_pw_4.weight; save", "--drop", "conv_dw_3", "--drop", "conv_pw_4")]
    [InlineData("mobilenet", "missing: conv1.weight; unexpected: conv_first.weight; save", "--rename", "conv1", "conv_first")]
    [InlineData("mobilenet", "of another shape: conv_pw_2.weight [128, 64, 0, 1] instead of [128, 64, 1, 1]; save", "--cut", "conv_pw_2")]
    [InlineData("xception", "no weights under the names of xception: its names begin with 'conv1.weight'")]
    public void File_that_does_not_fit_is_refused_with_what_and_where(string network, string reason, params string[] variant)
    {
        Write("mobilenet", variant);
        using var backbone = Catalogue.Create(network);

        Should.Throw<WeightsException>(() => Load(backbone, network)).Message.ShouldContain(reason);
    }

    [PythonTheory]
    [InlineData("block2_sepconv1", "unexpected: conv2d_1.weight, conv2d_2.weight, conv2d_3.weight, conv2d_4.weight")]
    public void Numbers_are_not_guessed_at_where_a_layer_is_missing(string dropped, string reason)
    {
        Write("xception", ["--drop", dropped]);
        using var backbone = Catalogue.Create("xception");

        Should.Throw<WeightsException>(() => Load(backbone, "xception")).Message.ShouldContain(reason);
    }

    /// <summary>An HDF5 file can name another one, by a link or for the numbers alone.</summary>
    [PythonTheory]
    [InlineData("layer['kernel:0'] = h5py.ExternalLink(os.path.abspath('other.h5'), '/x')", "it is damaged: Could not find part of the path 'kernel:0'")]
    [InlineData("layer.create_dataset('kernel:0', (2, 3), 'f4', external=[(os.path.abspath('other.h5'), 0, 24)])", "tensor 'dense.weight' cannot be read: its numbers are not in this file")]
    [InlineData("layer.create_dataset('kernel:0', (2, 3), 'f4')", "tensor 'dense.weight' cannot be read: its numbers are not in this file")]
    public void Numbers_that_are_not_in_the_file_are_not_taken(string kernel, string reason)
    {
        var (status, _, errors) = Python.Run(["-c", $"""
            import os, h5py, numpy
            os.chdir('{folder.Path}')
            with h5py.File('other.h5', 'w') as other: other['x'] = numpy.ones((2, 3), 'f4')
            with h5py.File('in.h5', 'w') as file:
                file['filler'] = numpy.zeros(64, 'f4')
                del file['filler']
                layer = file.create_group('dense')
                layer.attrs['weight_names'] = [b'kernel:0']
                {kernel}
            """]);
        status.ShouldBe(0, errors);

        Should.Throw<WeightsException>(() =>
        {
            using var file = WeightsFile.Open(Sample);
            using var tensor = file.Dicts[0].Read("dense.weight");
        }).Message.ShouldContain(reason);
    }

    public void Dispose() => folder.Dispose();

    private LoadedWeights Load(nn.Module backbone, string network)
    {
        using var file = WeightsFile.Open(Sample);
        return WeightsLoader.Load(backbone, Catalogue.Get(network), file, "imagenet");
    }

    private void Write(string network, string[] variant)
    {
        var (status, _, errors) = Python.Run(["-B", Repository.Tool("keras_h5_sample.py"), network, Sample, .. variant]);
        status.ShouldBe(0, errors);
    }

    private static string Number(double number) => number.ToString(CultureInfo.InvariantCulture);
}
