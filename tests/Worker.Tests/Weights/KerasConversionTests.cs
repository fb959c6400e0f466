using System.Globalization;
using System.Text.Json;
using NeuralCapacitance.Infrastructure.Downloads;
using NeuralCapacitance.Infrastructure.Weights;
using NeuralCapacitance.Worker.Backbones;
using NeuralCapacitance.Worker.Tests.Backbones;
using NeuralCapacitance.Worker.Tests.Training;
using NeuralCapacitance.Worker.Weights;
using TorchSharp;
using static TorchSharp.torch;

namespace NeuralCapacitance.Worker.Tests.Weights;

/// <summary>
/// tools/keras_to_safetensors.py on .h5 files with Keras' names and layouts (tools/keras_h5_sample.py): our backbone with the converted
/// weights gives the features that the reference of tools/goldens_keras.py computed without either.
/// </summary>
[Trait("Category", "Slow")]
public sealed class KerasConversionTests : IDisposable
{
    private const double Tolerance = 1e-4;
    private static readonly JsonElement Goldens = Golden.Read("keras.json");

    private readonly TemporaryFolder folder = new();

    [PythonTheory]
    [InlineData("mobilenet", "--nested")]
    [InlineData("xception", "--first", "95")]
    [InlineData("xception", "--first", "0", "--no-top")]
    public void Converted_weights_give_the_features_of_the_reference(string network, params string[] variant)
    {
        using var scope = NewDisposeScope();
        using var _ = no_grad();
        var golden = Goldens.GetProperty("cases").EnumerateArray().Single(entry => entry.GetProperty("name").GetString() == network);
        Sample(network, ["--gain", Number(golden, "gain"), "--shift", Number(golden, "shift"), .. variant]);

        Convert().ShouldBe((0, ""));

        var backbone = new BackboneCatalogue().Create(network);
        using (var reader = SafetensorsReader.Open(folder.File("out.safetensors")))
        {
            var state = backbone.state_dict();
            reader.Entries.Select(entry => entry.Name).Where(name => !name.StartsWith("predictions.", StringComparison.Ordinal))
                .ShouldBe(state.Keys.Where(name => !name.EndsWith("num_batches_tracked", StringComparison.Ordinal)), ignoreOrder: true);
            reader.Entries.Count(entry => entry.Name is "predictions.weight" or "predictions.bias").ShouldBe(variant.Contains("--no-top") ? 0 : 2);
            foreach (var entry in reader.Entries.Where(entry => state.ContainsKey(entry.Name)))
                state[entry.Name].copy_(reader.Read(entry.Name));
        }

        backbone.eval();
        var evaluated = golden.GetProperty("evaluated")[0];
        var features = backbone.call(Fill.Images(Goldens.GetProperty("batch").GetInt32(), evaluated.GetProperty("size").GetInt32()));
        features[.., ..8].Numbers().ShouldBeNear(evaluated.GetProperty("features").Numbers(), Tolerance);
        backbone.Dispose();
    }

    [PythonTheory]
    [InlineData("mobilenet")]
    public void Converted_file_is_taken_for_the_weights_of_the_file_that_it_was_made_from_only(string network)
    {
        using var trials = new Trials();
        Sample(network, []);
        Convert().ShouldBe((0, ""));
        var published = ImageNetManifest.Find(network).ShouldNotBeNull();
        Directory.CreateDirectory(trials.Weights.Folder);
        File.Move(folder.File("out.safetensors"), Path.Combine(trials.Weights.Folder, published.File));
        var sha256 = DigestOf(Checksum.Sha256(new string('0', 64)));
        var md5 = DigestOf(Checksum.Md5(new string('0', 32)));

        var reasons = trials.Weights.WhyUnavailable([published, published with { Sha256 = sha256 }, published with { Sha256 = null, Md5 = md5 }]);

        reasons[0].ShouldNotBeNull().ShouldContain($"was converted from a file of SHA256 {sha256}, not from the published one of SHA256 {published.Sha256}");
        reasons.Skip(1).ShouldBe([null, null]);

        string DigestOf(Checksum checksum) => checksum.DigestOfAsync(folder.File("in.h5"), CancellationToken.None).GetAwaiter().GetResult();
    }

    [PythonTheory]
    [InlineData("mobilenet", "layers missing: conv_dw_3, conv_pw_4.", "--drop", "conv_dw_3", "--drop", "conv_pw_4")]
    [InlineData("mobilenet", "layers missing: conv1; unknown layers: conv_first.", "--rename", "conv1", "conv_first")]
    [InlineData("mobilenet", "'kernel' of layer 'conv_pw_2' has the shape [0, 1, 64, 128]; expected: [1, 1, 64, 128].", "--cut", "conv_pw_2")]
    [InlineData("mobilenet", "layer 'conv1' has the weights beta, gamma, moving_mean, moving_variance; expected: kernel.", "--rename", "conv1", "conv1_bn", "--rename", "conv1_bn", "conv1")]
    [InlineData("xception", "the file has 0 unnamed layers of the kind conv2d (as 'conv2d_1'), the network 4.")]
    public void File_that_does_not_fit_is_refused_with_what_and_where(string network, string reason, params string[] variant)
    {
        Sample("mobilenet", variant);

        var (status, errors) = Convert("--network", network);

        status.ShouldBe(1);
        errors.ShouldContain(reason);
        File.Exists(folder.File("out.safetensors")).ShouldBeFalse();
    }

    [PythonTheory]
    [InlineData("conv1")]
    public void File_of_none_of_the_networks_is_refused_with_their_names(string dropped)
    {
        Sample("mobilenet", ["--drop", dropped]);

        Convert().Errors.ShouldContain("none of resnet50v2, resnet101v2, resnet152v2, mobilenet, inceptionresnetv2, xception");
    }

    [PythonTheory]
    [InlineData("no h5 at all")]
    public void File_of_another_format_is_refused(string content)
    {
        File.WriteAllText(folder.File("in.h5"), content);

        var (status, errors) = Convert();

        status.ShouldBe(1);
        errors.ShouldContain("in.h5");
        errors.ShouldNotContain("Traceback");
    }

    public void Dispose() => folder.Dispose();

    private void Sample(string network, string[] variant)
    {
        var (status, _, errors) = Python.Run(["-B", Repository.Tool("keras_h5_sample.py"), network, folder.File("in.h5"), .. variant]);
        status.ShouldBe(0, errors);
    }

    private (int Status, string Errors) Convert(params string[] options)
    {
        var (status, _, errors) = Python.Run(["-B", Repository.Tool("keras_to_safetensors.py"), .. options, folder.File("in.h5"), folder.File("out.safetensors")]);
        return (status, errors);
    }

    private static string Number(JsonElement golden, string name) => golden.GetProperty(name).GetDouble().ToString(CultureInfo.InvariantCulture);
}
