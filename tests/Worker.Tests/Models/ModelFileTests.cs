using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using NeuralCapacitance.Domain.Finalizations;
using NeuralCapacitance.Domain.Jobs;
using NeuralCapacitance.Worker.Backbones;
using NeuralCapacitance.Worker.Models;
using NeuralCapacitance.Worker.Tests.Backbones;
using NeuralCapacitance.Worker.Training;
using TorchSharp;
using static TorchSharp.torch;

namespace NeuralCapacitance.Worker.Tests.Models;

/// <summary>Whole models against PyTorch (tools/goldens_model.py): torchvision's networks, and our own as tools/pytorch_backbones.py has them.</summary>
[Collection(OwnGenerator.Name)]
public sealed class ModelFileTests
{
    private const double Tolerance = 1e-4;
    private static readonly JsonElement Goldens = Golden.Read("models.json");
    private static readonly BackboneCatalogue Catalogue = new();

    public static TheoryData<string, string> Cases
    {
        get
        {
            var cases = new TheoryData<string, string>();
            foreach (var golden in Goldens.GetProperty("cases").EnumerateArray()) cases.Add(golden.GetProperty("name").GetString()!, golden.GetProperty("head").GetString()!);
            return cases;
        }
    }

    [Theory, MemberData(nameof(Cases))]
    public void Names_shapes_and_logits_are_PyTorchs(string name, string headName)
    {
        using var scope = NewDisposeScope();
        using var _ = no_grad();
        var golden = Goldens.GetProperty("cases").EnumerateArray().Single(c => c.GetProperty("name").GetString() == name && c.GetProperty("head").GetString() == headName);
        var (gain, shift) = (golden.GetProperty("gain").GetDouble(), golden.GetProperty("shift").GetDouble());
        var probe = new ProbeSpec { Hidden = [.. Goldens.GetProperty("hidden").EnumerateArray().Select(width => width.GetInt32())] };
        using var backbone = Catalogue.Create(name);
        using var head = Heads.Create(HeadOf(headName), Catalogue.Find(name)!.FeatureWidth, probe, Goldens.GetProperty("classes").GetInt32());

        var tensors = ModelFile.Tensors(backbone, head, ModelFile.HeadName(Catalogue, name));

        string[] lines = [.. tensors.Select(entry => $"{entry.Key} {string.Join('x', entry.Value.shape)}").Order(StringComparer.Ordinal)];
        (lines.Length, Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(string.Join('\n', lines))))).ShouldBe(
            (golden.GetProperty("state").GetProperty("count").GetInt32(), golden.GetProperty("state").GetProperty("sha256").GetString()), string.Join('\n', lines));
        foreach (var (key, tensor) in tensors)
        {
            if (tensor.is_floating_point()) tensor.copy_(Fill.State(key, tensor.shape, gain, shift));
        }
        backbone.eval();
        head.eval();
        var logits = head.call(backbone.call(Fill.Images(Goldens.GetProperty("batch").GetInt32(), golden.GetProperty("size").GetInt32())));
        logits.Numbers().ShouldBeNear(golden.GetProperty("logits").Numbers(), Tolerance);
    }

    [Fact]
    public void Every_backbone_of_our_own_is_in_the_module_for_PyTorch()
    {
        var own = Catalogue.All.Where(backbone => Catalogue.Get(backbone.Name).Head is null).Select(backbone => backbone.Name).ToList();

        own.ShouldNotBeEmpty();
        own.ShouldAllBe(name => PyTorchSnippet.Backbones.Contains($"\"{name}\":", StringComparison.Ordinal));
    }

    [Fact]
    public void A_snippet_says_where_the_network_comes_from()
    {
        Snippet("resnet18", ModelHead.Linear).ShouldContain("torchvision.models.resnet18(num_classes=len(classes))");
        Snippet("vgg16", ModelHead.TrainableProbe).ShouldContain("model.classifier[6] = probe()");
        Snippet("resnet8", ModelHead.Linear).ShouldContain("from pytorch_backbones import create");
        Snippet("xception", ModelHead.Linear).ShouldContain("torchvision has no xception");
        var own = PyTorchSnippet.For(
            Catalogue, new CandidateSpec { Name = "a\nb", Backbone = "torchscript", Weights = "file:a \"b\".pt", Module = "features" }, ModelHead.Linear, "m.safetensors");
        own.ShouldContain("torch.jit.load(\"a \\u0022b\\u0022.pt\").get_submodule(\"features\")");
        own.ShouldStartWith("# a b with the head linear");
    }

    private static ModelHead HeadOf(string name) => Enum.GetValues<ModelHead>().Single(head => ModelHeads.NameOf(head) == name);

    private static string Snippet(string backbone, ModelHead head) => PyTorchSnippet.For(Catalogue, new CandidateSpec { Name = backbone, Backbone = backbone }, head, "m.safetensors");
}
