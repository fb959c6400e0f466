using NeuralCapacitance.Worker.Backbones;
using NeuralCapacitance.Worker.Tests.Training;
using NeuralCapacitance.Worker.Weights;
using TorchSharp;
using static TorchSharp.torch;

namespace NeuralCapacitance.Worker.Tests.Weights;

/// <summary>What people's training programs save, for a backbone whose published weights nobody has. docs/inputs.md lists the same.</summary>
public sealed class CheckpointLayoutTests : IDisposable
{
    private const string Network = "resnet8";

    private static readonly BackboneCatalogue Catalogue = new();

    private static readonly Made Arguments = new("argparse Namespace") { IsNew = true, State = new Items { ["lr"] = 0.1, ["arch"] = Network } };

    /// <summary>Values of classes that a training program leaves beside its weights.</summary>
    private static readonly Items Opaque = new()
    {
        ["args"] = Arguments,
        ["best"] = new Made("numpy.core.multiarray scalar", new Made("numpy dtype", "f8", false, true) { State = new object?[] { 3, "<", null } }, new Made("_codecs encode", "abc", "latin1")),
        ["array"] = new Made("numpy.core.multiarray _reconstruct", new Global("numpy ndarray"), new object?[] { 0 }, new byte[] { 98 }) { State = new object?[] { 1, new byte[] { 1, 2, 255 } } },
        ["path"] = new Made("pathlib PosixPath", "runs", "1"),
        ["tags"] = new PythonSet("a", "b"),
        ["frozen"] = new Made("builtins set", new List<object?> { "x" }),
        ["device"] = new Made("torch device", "cuda", 0),
        ["dtype"] = new Global("torch float32"),
        ["size"] = new Made("torch Size", [new object?[] { 1, 2 }]),
        ["config"] = new Made("omegaconf.dictconfig DictConfig") { IsNew = true, State = new Items { ["_content"] = new Items { ["lr"] = 0.1 } } },
        ["counts"] = new Made("collections defaultdict", new Global("builtins int")) { Items = new Items { ["a"] = 1 } },
        ["loss"] = new Made("torch.nn.modules.loss CrossEntropyLoss") { IsNew = true, State = new Items { ["_parameters"] = new Items(), ["_modules"] = new Items() } },
        ["rng"] = new object?[] { 3, new object?[] { 1, 2, 3 }, null },
    };

    private readonly TemporaryFolder folder = new();
    private readonly nn.Module<Tensor, Tensor> source = Catalogue.Create(Network);
    private readonly nn.Module<Tensor, Tensor> backbone = Catalogue.Create(Network);

    private string Saved => folder.File("saved.pth");

    private Dictionary<string, Tensor> State => source.state_dict();

    public static TheoryData<string, string, string> Layouts => new()
    {
        { "torch.save(model.state_dict())", "", "" },
        { "PyTorch's ImageNet example", "state_dict", "" },
        { "the model beside numbers and generators", "model", "" },
        { "nested", "trainer.model", "" },
        { "in a list", "models.0", "" },
        { "twice the same", "model", "" },
        { "objects of many classes beside it", "state_dict", "" },
        { "a defaultdict of it", "net", "" },
        { "DataParallel", "", "module." },
        { "torch.compile", "", "_orig_mod." },
        { "DistributedDataParallel of a compiled network", "", "module._orig_mod." },
        { "a compiled DistributedDataParallel", "", "_orig_mod.module." },
        { "Lightning", "state_dict", "model." },
        { "a member of a class", "", "net." },
        { "mmpretrain", "state_dict", "backbone." },
        { "torchvision detection", "model", "backbone.body." },
        { "nn.Sequential(backbone, head)", "", "0." },
        { "MoCo", "state_dict", "module.encoder_q." },
        { "AveragedModel", "", "module." },
        { "FSDP", "", "_fsdp_wrapped_module." },
        { "a head called linear", "", "" },
        { "a head of several layers", "", "" },
        { "half precision", "", "" },
        { "bfloat16", "", "" },
        { "parameters with attributes", "", "" },
    };

    [Theory]
    [MemberData(nameof(Layouts))]
    public void Weights_are_found_wherever_a_program_has_put_them(string layout, string part, string stripped)
    {
        TorchSave.Write(Saved, Checkpoint(layout));

        var loaded = Load();

        (loaded.Part, loaded.Stripped).ShouldBe((part, stripped));
        ShouldBeLoaded(layout switch { "half precision" => 1e-3, "bfloat16" => 1e-2, _ => 0 });
        if (part.Length + stripped.Length > 0)
        {
            loaded.Notes("file:saved.pth").First().ShouldContain(stripped.Length > 0 ? $"'{stripped}' was stripped from the names" : $"under '{part}'");
        }
    }

    [Fact]
    public void The_page_lists_these_layouts()
    {
        var rows = File.ReadAllLines(Repository.PathOf("docs/inputs.md")).SkipWhile(line => line is not "| what a program saved | what is in the file |").Skip(2).TakeWhile(line => line.StartsWith('|'));
        rows.Select(row => row.Split('|')[1].Trim()).ShouldBe(Layouts.Select(layout => (string)layout[0]));
    }

    [Theory]
    [InlineData("a head called linear", "linear.bias, linear.weight")]
    [InlineData("AveragedModel", "n_averaged")]
    [InlineData("MoCo", "module.… (")]
    public void What_is_not_used_is_told(string layout, string unused)
    {
        TorchSave.Write(Saved, Checkpoint(layout));
        Load().Notes("file:saved.pth").Last().ShouldContain(unused);
    }

    [Fact]
    public void Weights_that_compete_are_named_and_the_spec_chooses()
    {
        using var other = Catalogue.Create(Network);
        TorchSave.Write(Saved, new Items { ["model"] = Items.Of(other.state_dict()), ["model_ema"] = Items.Of(State, name => $"module.{name}"), ["epoch"] = 3 });

        Should.Throw<WeightsException>(() => Load()).Message.ShouldContain(
            "holds several sets of weights that fit resnet8: 'model', 'model_ema'; name the one that is meant: \"file:saved.pth#model_ema\"");
        Load("model_ema").Part.ShouldBe("model_ema");
        ShouldBeLoaded(0);
        Should.Throw<WeightsException>(() => Load("ema")).Message.ShouldContain("names the part 'ema', and the file holds no such weights; it has 'model', 'model_ema'");
    }

    [Fact]
    public void A_part_of_a_file_without_parts_is_told()
    {
        TorchSave.Write(Saved, Items.Of(State));
        Should.Throw<WeightsException>(() => Load("ema")).Message.ShouldContain("the file holds one set of weights and no parts; leave '#ema' out");
    }

    [Theory]
    [InlineData("teacher")]
    [InlineData("teacher.backbone")]
    public void A_teacher_is_chosen_by_its_dict_or_by_the_whole_path(string part)
    {
        using var other = Catalogue.Create(Network);
        TorchSave.Write(Saved, new Items
        {
            ["student"] = Items.Of(other.state_dict(), name => $"module.backbone.{name}").With([new("module.head.mlp.0.weight", zeros(4, 4))]),
            ["teacher"] = Items.Of(State, name => $"backbone.{name}").With([new("head.mlp.0.weight", zeros(4, 4))]),
            ["args"] = Arguments,
        });

        Should.Throw<WeightsException>(() => Load()).Message.ShouldContain("'student', 'teacher'");
        Load(part);
        ShouldBeLoaded(0);
    }

    [Fact]
    public void A_momentum_encoder_is_chosen_by_its_prefix()
    {
        TorchSave.Write(Saved, Checkpoint("MoCo"));
        Load("state_dict.module.encoder_k");
        backbone.state_dict()["conv1.weight"].sum().ToDouble().ShouldBe(0);
    }

    [Fact]
    public void Weights_of_another_network_are_told_by_both_sides()
    {
        TorchSave.Write(Saved, new Items { ["state_dict"] = new Items { ["features.0.0.kernel"] = zeros(3, 3), ["features.0.1.kernel"] = zeros(3) } });
        Should.Throw<WeightsException>(() => Load()).Message
            .ShouldMatch("has no weights under the names of resnet8: its names begin with 'features.0.0.kernel', expected 'conv1.weight', 'bn1.weight', 'layer1.0.conv1.weight', .*; rename them");
    }

    [Fact]
    public void Layers_that_the_backbone_lacks_are_another_network()
    {
        TorchSave.Write(Saved, Items.Of(State).With([new("layer9.0.conv1.weight", zeros(8, 8, 3, 3)), new("layer1.0.se.fc.weight", zeros(8, 8))]));
        Should.Throw<WeightsException>(() => Load()).Message.ShouldContain("unexpected: layer9.0.conv1.weight, layer1.0.se.fc.weight; save");
    }

    [Fact]
    public void A_tensor_of_a_kind_that_is_not_read_is_told_only_where_it_is_needed()
    {
        using var complex = zeros(2, ScalarType.ComplexFloat32);
        var quantized = new Made("torch._utils _rebuild_qtensor", 1, 2);
        TorchSave.Write(Saved, Items.Of(State).With([new("spectrum", complex), new("extra", quantized)]));
        Load();

        TorchSave.Write(Saved, Items.Of(State.Where(entry => entry.Key != "conv1.weight")).With([new("conv1.weight", quantized)]));
        Should.Throw<WeightsException>(() => Load()).Message.ShouldContain("missing: conv1.weight (it is a 'torch._utils._rebuild_qtensor', which is not read)");
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void A_whole_model_is_refused_with_the_way_out(bool isInside)
    {
        var model = new Made("torchvision.models.resnet ResNet")
        {
            IsNew = true, State = new Items { ["training"] = true, ["_parameters"] = new Items(), ["_modules"] = new Items { ["conv1"] = new Items { ["weight"] = zeros(3) } } },
        };
        TorchSave.Write(Saved, isInside ? new Items { ["epoch"] = 3, ["model"] = model, ["optimizer"] = new Items { ["state"] = new Items { [0] = new Items { ["exp_avg"] = zeros(3) } } } } : model);
        Should.Throw<WeightsException>(() => Load()).Message
            .ShouldContain("a whole model, of class 'torchvision.models.resnet.ResNet', which is not rebuilt, since that would run the code that the file names; save only the weights");
    }

    [Fact]
    public void Nothing_that_a_file_names_is_run()
    {
        var proof = folder.File("proof");
        TorchSave.Write(Saved, Items.Of(State).With([new("hook", new Made("os system", $"touch {proof}")), new("build", new Made("builtins exec", "raise SystemExit"))]));
        Load();
        ShouldBeLoaded(0);
        File.Exists(proof).ShouldBeFalse();
    }

    [SharedCaseTheory]
    [InlineData("plain.pth", "", "")]
    [InlineData("best-accuracy-as-number.pth.tar", "state_dict", "module.")]
    [InlineData("best-accuracy-as-tensor.pth.tar", "state_dict", "module.")]
    [InlineData("compiled.pth", "", "_orig_mod.")]
    [InlineData("ddp-of-compiled.pth", "", "module._orig_mod.")]
    public void Files_of_PyTorch_itself_give_the_same_weights(string name, string part, string stripped)
    {
        Load(SharedCaseTheoryAttribute.PathOf($"weights/plain.pth"), source);

        var loaded = Load(SharedCaseTheoryAttribute.PathOf($"weights/{name}"), backbone);

        (loaded.Part, loaded.Stripped).ShouldBe((part, stripped));
        // The compiled ones were saved before any image had passed: their norms have other statistics.
        ShouldBeLoaded(0, except: name.Contains("compiled", StringComparison.Ordinal) ? "running_" : null);
    }

    public void Dispose()
    {
        source.Dispose();
        backbone.Dispose();
        folder.Dispose();
    }

    private LoadedWeights Load(string? part = null) => Load(Saved, backbone, part);

    private static LoadedWeights Load(string path, nn.Module into, string? part = null)
    {
        using var file = WeightsFile.Open(path);
        return WeightsLoader.Load(into, Catalogue.Get(Network), file, "file:saved.pth", part);
    }

    /// <param name="except">Part of names that are not compared.</param>
    private void ShouldBeLoaded(double tolerance, string? except = null)
    {
        var loaded = backbone.state_dict();
        foreach (var (name, tensor) in State.Where(entry => !entry.Key.EndsWith("num_batches_tracked", StringComparison.Ordinal) && (except is null || !entry.Key.Contains(except, StringComparison.Ordinal))))
        {
            (tolerance == 0 ? tensor.bytes.SequenceEqual(loaded[name].bytes) : tensor.allclose(loaded[name], tolerance, tolerance)).ShouldBeTrue(name);
        }
    }

    private object Checkpoint(string layout)
    {
        Items Renamed(Func<string, string> rename) => Items.Of(State, rename);
        Items Prefixed(string prefix) => Renamed(name => prefix + name);
        return layout switch
        {
            "torch.save(model.state_dict())" => Items.Of(State),
            "PyTorch's ImageNet example" => new Items
            {
                ["epoch"] = 90, ["arch"] = Network, ["state_dict"] = Items.Of(State), ["best_acc1"] = tensor(71.5f),
                ["optimizer"] = new Items { ["state"] = new Items { [0] = new Items { ["momentum_buffer"] = zeros(8, 3, 3, 3) }, [1] = new Items { ["momentum_buffer"] = zeros(8) } }, ["param_groups"] = new List<object?> { new Items { ["lr"] = 0.1 } } },
                ["scheduler"] = new Items { ["last_epoch"] = 90 },
            },
            "the model beside numbers and generators" => new Items { ["epoch"] = tensor(3L), ["torch_rng_state"] = zeros(16, ScalarType.Byte), ["model"] = Items.Of(State), ["cuda_rng"] = new List<object?> { zeros(16, ScalarType.Byte) } },
            "nested" => new Items { ["trainer"] = new Items { ["model"] = Items.Of(State), ["step"] = 7 } },
            "in a list" => new Items { ["models"] = new List<object?> { Items.Of(State) } },
            "twice the same" => new Items { ["model"] = Items.Of(State), ["state_dict"] = Items.Of(State) },
            "objects of many classes beside it" => new Items { ["state_dict"] = Items.Of(State) }.With(Opaque.Select(entry => KeyValuePair.Create((string)entry.Key, entry.Value))),
            "a defaultdict of it" => new Made("collections defaultdict", new Global("builtins dict")) { Items = new Items { ["net"] = Items.Of(State) } },
            "DataParallel" => Prefixed("module."),
            "torch.compile" => Prefixed("_orig_mod."),
            "DistributedDataParallel of a compiled network" => Prefixed("module._orig_mod."),
            "a compiled DistributedDataParallel" => Prefixed("_orig_mod.module."),
            "Lightning" => new Items
            {
                ["epoch"] = 3, ["pytorch-lightning_version"] = "2.4.0", ["state_dict"] = Prefixed("model.").With([new("criterion.weight", zeros(10)), new("model.fc.weight", zeros(10, 64))]),
                ["hyper_parameters"] = Arguments, ["callbacks"] = new Items { ["ModelCheckpoint"] = new Items { ["best_model_score"] = tensor(0.5f), ["dirpath"] = new Made("pathlib PosixPath", "a") } },
            },
            "a member of a class" => Prefixed("net."),
            "mmpretrain" => new Items { ["meta"] = new Items { ["epoch"] = 3 }, ["state_dict"] = Prefixed("backbone.").With([new("head.fc.weight", zeros(10, 64)), new("head.fc.bias", zeros(10))]) },
            "torchvision detection" => new Items { ["model"] = Prefixed("backbone.body.").With([new("backbone.fpn.inner_blocks.0.0.weight", zeros(8, 8, 1, 1)), new("rpn.head.conv.0.0.weight", zeros(8, 8, 3, 3))]) },
            "nn.Sequential(backbone, head)" => Prefixed("0.").With([new("1.weight", zeros(10, 64))]),
            "MoCo" => new Items
            {
                ["state_dict"] = Prefixed("module.encoder_q.").With(State.Select(entry => KeyValuePair.Create($"module.encoder_k.{entry.Key}", (object?)entry.Value.zeros_like())))
                    .With([new("module.queue", zeros(4, 8)), new("module.queue_ptr", zeros(1, ScalarType.Int64)), new("module.encoder_q.fc.0.weight", zeros(4, 4))]),
            },
            "AveragedModel" => Prefixed("module.").With([new("n_averaged", tensor(5L))]),
            "FSDP" => Renamed(name => "_fsdp_wrapped_module." + name.Replace("layer1.", "layer1._fsdp_wrapped_module.", StringComparison.Ordinal)),
            "a head called linear" => Items.Of(State).With([new("linear.weight", zeros(10, 64)), new("linear.bias", zeros(10))]),
            "a head of several layers" => Items.Of(State).With([new("projector.0.weight", zeros(8, 64)), new("projector.1.running_mean", zeros(8)), new("projector.3.weight", zeros(8, 8))]),
            "half precision" => Items.Of(State.ToDictionary(entry => entry.Key, entry => entry.Value.is_floating_point() ? entry.Value.to(ScalarType.Float16) : entry.Value)),
            "bfloat16" => Items.Of(State.ToDictionary(entry => entry.Key, entry => entry.Value.is_floating_point() ? entry.Value.to(ScalarType.BFloat16) : entry.Value)),
            "parameters with attributes" => new Items().With(State.Select(entry => KeyValuePair.Create(entry.Key, (object?)(entry.Key.EndsWith("weight", StringComparison.Ordinal)
                ? new Made("torch._utils _rebuild_parameter_with_state", entry.Value, true, new Made("collections OrderedDict"), new Items { ["note"] = "mine" })
                : entry.Value)))),
            _ => throw new ArgumentOutOfRangeException(nameof(layout), layout, "no such layout"),
        };
    }
}
