using NeuralCapacitance.Worker.Backbones;
using NeuralCapacitance.Worker.Tests.Backbones;
using NeuralCapacitance.Worker.Tests.Training;
using NeuralCapacitance.Worker.Weights;
using NeuralCapacitance.Worker.Weights.Keras;
using PureHDF;
using TorchSharp;
using static TorchSharp.torch;

namespace NeuralCapacitance.Worker.Tests.Weights;

/// <summary>Small files that h5py wrote (tools/keras_h5_sample.py), with Keras' names of three versions, and files that are none of Keras'.</summary>
public sealed class KerasReaderTests : IDisposable
{
    private readonly TemporaryFolder folder = new();

    private string Made => folder.File("made.h5");

    /// <summary>The numbered layers are the shortcuts of Xception's blocks 2 and 3.</summary>
    [Theory]
    [InlineData("keras.h5", 34, "conv2d", "batch_normalization")]
    [InlineData("keras-1.h5", 34, "convolution2d", "batchnormalization")]
    [InlineData("keras-model.h5", 11, "none", "none")]
    public void The_numbers_of_h5py_are_read_to_the_bit(string name, int tensors, string convolution, string norm)
    {
        using var scope = NewDisposeScope();
        using var file = WeightsFile.Open(PyTorchFiles.PathOf(name)).ShouldBeOfType<KerasReader>();

        file.Entries.Count.ShouldBe(tensors);
        foreach (var entry in file.Entries)
        {
            var ours = entry.Name
                .Replace($"{convolution}_1.", "block2.residual_conv.", StringComparison.Ordinal).Replace($"{convolution}_2.", "block3.residual_conv.", StringComparison.Ordinal)
                .Replace($"{norm}_1.", "block2.residual_bn.", StringComparison.Ordinal).Replace($"{norm}_2.", "block3.residual_bn.", StringComparison.Ordinal);
            var tensor = file.Read(entry.Name);
            tensor.shape.ShouldBe(entry.Shape);
            tensor.bytes.SequenceEqual(Fill.State(ours, tensor.shape).bytes).ShouldBeTrue(ours);
        }
    }

    [Fact]
    public void Names_and_shapes_are_ours()
    {
        using var file = WeightsFile.Open(PyTorchFiles.PathOf("keras.h5"));
        string[] entries = [.. file.Dicts[0].Entries.Select(e => $"{e.Name} {string.Join('×', e.Shape)}")];

        entries.ShouldContain("block1.conv1.weight 4×3×3×3");
        entries.ShouldContain("block1.conv1_bn.running_var 4");
        entries.ShouldContain("block2.sepconv1.depthwise.weight 4×1×3×3");
        entries.ShouldContain("block2.sepconv1.pointwise.weight 4×4×1×1");
        entries.ShouldContain("conv2d_1.weight 4×4×1×1");
    }

    [Theory]
    [InlineData("predictions", "predictions/kernel:0", new long[] { 5, 3 }, "predictions.weight", new long[] { 3, 5 })]
    [InlineData("conv_preds", "conv_preds/kernel:0", new long[] { 1, 1, 5, 3 }, "predictions.weight", new long[] { 3, 5 })]
    [InlineData("conv_preds", "conv_preds/bias:0", new long[] { 3 }, "predictions.bias", new long[] { 3 })]
    [InlineData("conv2_block1_preact_bn", "conv2_block1_preact_bn/gamma:0", new long[] { 3 }, "conv2_block1.preact_bn.weight", new long[] { 3 })]
    [InlineData("conv1_conv", "conv1_conv/kernel:0", new long[] { 7, 5, 3, 64 }, "conv1_conv.weight", new long[] { 64, 3, 7, 5 })]
    [InlineData("block35_1_conv", "block35_1_conv/kernel:0", new long[] { 1, 1, 3, 4 }, "block35_1.conv.weight", new long[] { 4, 3, 1, 1 })]
    [InlineData("conv_7b", "conv_7b/kernel:0", new long[] { 1, 1, 3, 4 }, "conv_7b.conv.weight", new long[] { 4, 3, 1, 1 })]
    [InlineData("conv_7b_bn", "conv_7b_bn/moving_mean:0", new long[] { 4 }, "conv_7b.bn.running_mean", new long[] { 4 })]
    [InlineData("conv_dw_1", "conv_dw_1/depthwise_kernel:0", new long[] { 3, 2, 4, 1 }, "conv_dw_1.weight", new long[] { 4, 1, 3, 2 })]
    [InlineData("conv_dw_1", "conv_dw_1/kernel", new long[] { 3, 2, 4, 1 }, "conv_dw_1.weight", new long[] { 4, 1, 3, 2 })]
    [InlineData("batchnormalization_3", "batchnormalization_3_running_std:0", new long[] { 4 }, "batchnormalization_3.running_var", new long[] { 4 })]
    public void A_layer_has_its_place_in_our_networks(string layer, string weight, long[] theirs, string name, long[] ours)
    {
        var tensor = KerasTensor.Of(layer, [(weight, theirs)]).ShouldHaveSingleItem();
        tensor.Name.ShouldBe(name);
        tensor.Shape.ShouldBe(ours);
    }

    /// <summary>What Keras creates, in its order (tools/keras_networks.py), against our networks' own state: all of it, and nothing else.</summary>
    [Theory, Trait("Category", "Slow")]
    [InlineData("resnet50v2")]
    [InlineData("resnet101v2")]
    [InlineData("resnet152v2")]
    [InlineData("mobilenet")]
    [InlineData("inceptionresnetv2")]
    [InlineData("xception")]
    public void Every_weight_of_the_six_networks_has_its_place_and_shape(string network)
    {
        var layers = Golden.Read("keras-layers.json").GetProperty(network).EnumerateArray().Select(layer => (
            Name: layer[0].GetString()!,
            Weights: layer[1].EnumerateArray().Select(w => (Name: w[0].GetString()!, Shape: w[1].EnumerateArray().Select(n => n.GetInt64()).ToArray(), Ours: w[2].GetString()!)).ToArray())).ToArray();
        var tensors = layers.SelectMany(layer => KerasTensor.Of(layer.Name, [.. layer.Weights.Select(w => ($"{layer.Name}/{w.Name}:0", (IReadOnlyList<long>)w.Shape))])).ToArray();
        using var backbone = new BackboneCatalogue().Create(network);
        var state = backbone.state_dict().Where(entry => entry.Value.is_floating_point()).ToDictionary(StringComparer.Ordinal);

        var placed = KerasNumbers.Named(tensors.ToDictionary(t => t.Name, t => new WeightsEntry(t.Name, ScalarType.Float32, t.Shape), StringComparer.Ordinal), backbone.state_dict().Keys)
            .ToDictionary(entry => entry.Value.Name, entry => entry.Key, StringComparer.Ordinal);

        tensors.Select(t => placed[t.Name]).ShouldBe(layers.SelectMany(layer => layer.Weights.Select(w => w.Ours)));
        tensors.Where(t => !t.Name.StartsWith("predictions.", StringComparison.Ordinal)).Select(t => $"{placed[t.Name]} {string.Join('×', t.Shape)}")
            .ShouldBe(state.Select(entry => $"{entry.Key} {string.Join('×', entry.Value.shape)}"), ignoreOrder: true);
    }

    [Fact]
    public void Axes_are_exchanged_as_PyTorch_does_it()
    {
        using var scope = NewDisposeScope();
        var theirs = arange(2 * 3 * 4 * 5, ScalarType.Float32);
        var ours = new float[2 * 3 * 4 * 5];

        AxisOrder.Permute(theirs.data<float>().ToArray(), [2, 3, 4, 5], [3, 2, 0, 1], ours);
        ours.ShouldBe(theirs.reshape(2, 3, 4, 5).permute(3, 2, 0, 1).contiguous().data<float>().ToArray());
        AxisOrder.Permute(theirs.data<float>().ToArray(), [10, 12], [1, 0], ours);
        ours.ShouldBe(theirs.reshape(10, 12).t().contiguous().data<float>().ToArray());
    }

    [Fact]
    public void Numbered_layers_take_the_places_that_nobody_else_has_in_the_order_of_their_numbers()
    {
        string[] targets = ["a.weight", "b.weight", "b.bias", "c.bias", "c.running_mean", "d.weight", "e.weight"];

        Named("conv2d_9.weight", "conv2d_10.bias", "d.weight", "conv2d_10.weight", "conv2d_12.weight", "batch_normalization.running_mean")
            .ShouldBe(["a.weight", "b.bias", "d.weight", "b.weight", "e.weight", "c.running_mean"]);
        // One too few: none is guessed at; the others keep theirs.
        Named("conv2d_9.weight", "conv2d_10.weight", "d.weight", "batch_normalization_4.running_mean").ShouldBe(["conv2d_9.weight", "conv2d_10.weight", "d.weight", "c.running_mean"]);
        Named("x.weight").ShouldBe(["x.weight"]);

        IEnumerable<string> Named(params string[] names) =>
            KerasNumbers.Named(names.ToDictionary(name => name, name => new WeightsEntry(name, ScalarType.Float32, [1]), StringComparer.Ordinal), targets).Keys;
    }

    [Fact]
    public void Another_HDF5_file_is_refused()
    {
        new H5File { ["images"] = new float[] { 1 } }.Write(Made);
        Refused().ShouldContain("no layer of it has weights; accepted is what Keras' save_weights or save wrote as .h5");

        new H5File { ["conv1"] = new H5Group { ["kernel"] = new float[] { 1 } } }.Write(Made);
        Refused().ShouldContain("group 'conv1' has no attribute 'weight_names'");

        new H5File { ["layers"] = new H5Group { ["conv2d"] = new H5Group() }, ["vars"] = new H5Group() }.Write(Made);
        Refused().ShouldContain("it has the layout of Keras 3's .weights.h5, which has no names of layers; save it anew, with Keras: model.save('out.h5')");
    }

    [Fact]
    public void Weights_of_other_kinds_are_refused_with_their_layer()
    {
        Layer(new H5Dataset(new double[] { 1 }));
        Refused().ShouldContain("weight 'kernel:0' of layer 'conv1' holds FloatingPoint of 8 bytes; accepted is float32");

        Layer(new H5Dataset(new int[] { 1 }));
        Refused().ShouldContain("holds FixedPoint of 4 bytes; accepted is float32");

        Layer(new H5Dataset(new float[4, 4], chunks: [2, 2]));
        Refused().ShouldContain("weight 'kernel:0' of layer 'conv1' is stored Chunked; accepted is contiguous, as Keras writes it");

        Layer(new H5Dataset(new float[20, 30, 40]));
        Refused().ShouldContain("layer 'conv1' has the weight 'kernel:0' of shape [20, 30, 40]; accepted are kernels, biases");
    }

    [Fact]
    public void A_file_without_the_weight_that_it_lists_is_refused()
    {
        new H5File { ["conv1"] = new H5Group { Attributes = new() { ["weight_names"] = new[] { "kernel:0" } } } }.Write(Made);

        Refused().ShouldContain("it is damaged");
    }

    /// <summary>Each tree of names in turn, but the empty ones, is made its own child.</summary>
    [Fact]
    public void A_tree_in_a_circle_ends()
    {
        const int Level = 5;
        const int Entries = 6;
        const int FirstChild = 32;
        var whole = File.ReadAllBytes(PyTorchFiles.PathOf("keras-model.h5"));
        int[] trees = [.. Enumerable.Range(0, whole.Length - 4).Where(i => whole.AsSpan(i, 4).SequenceEqual("TREE"u8) && whole[i + Entries] > 0)];
        trees.Length.ShouldBeGreaterThan(3);
        foreach (var tree in trees)
        {
            byte[] circle = [.. whole];
            circle[tree + Level] = 2;
            BitConverter.TryWriteBytes(circle.AsSpan(tree + FirstChild), (long)tree).ShouldBeTrue();
            File.WriteAllBytes(Made, circle);

            Refused().ShouldContain("it describes far more than a file of this size can hold");
        }
    }

    [Fact]
    public void Whoever_reads_from_too_deep_in_the_stack_is_stopped_before_it_overflows()
    {
        File.WriteAllBytes(Made, new byte[1]);
        using var stream = new BoundedStream(File.OpenRead(Made));
        stream.Allow(long.MaxValue);

        Should.Throw<InsufficientExecutionStackException>(() => Deeper(0)).Message.ShouldNotBeEmpty();

        int Deeper(int depth)
        {
            stream.Position = 0;
            return stream.ReadByte() + Deeper(depth + 1) + depth;
        }
    }

    [Fact]
    public void A_Keras_archive_says_how_the_weights_are_read()
    {
        using (var archive = System.IO.Compression.ZipFile.Open(Made, System.IO.Compression.ZipArchiveMode.Create))
        {
            archive.CreateEntry("metadata.json");
            archive.CreateEntry("model.weights.h5");
        }

        Refused().ShouldContain("it is a .keras archive; save the model as .h5, with Keras: model.save('out.h5')");
    }

    public void Dispose() => folder.Dispose();

    private void Layer(H5Dataset kernel) => new H5File
    {
        ["conv1"] = new H5Group { Attributes = new() { ["weight_names"] = new[] { "kernel:0" } }, ["kernel:0"] = kernel },
    }.Write(Made);

    private string Refused()
    {
        var failure = Should.Throw<WeightsException>(() => WeightsFile.Open(Made));
        failure.Message.ShouldContain(Made);
        return failure.Message;
    }
}
