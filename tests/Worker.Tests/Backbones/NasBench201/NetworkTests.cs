using System.Text.Json;
using NeuralCapacitance.Worker.Backbones;
using TorchSharp;
using static TorchSharp.torch;

namespace NeuralCapacitance.Worker.Tests.Backbones.NasBench201;

/// <summary>Networks of the benchmark against a plain PyTorch model of its description, and against its published figures (tools/goldens_nasbench201.py).</summary>
public sealed class NetworkTests
{
    private const double Tolerance = 1e-4;
    private static readonly JsonElement Goldens = Golden.Read("nasbench201.json");
    private static readonly BackboneCatalogue Catalogue = new();

    public static TheoryData<string> Cells => [.. Goldens.GetProperty("cases").EnumerateArray().Select(golden => golden.GetProperty("cell").GetString()!)];

    [Theory, MemberData(nameof(Cells))]
    public void Figures_are_those_of_the_module_and_hold_at_other_sizes(string cell)
    {
        var info = Catalogue.Find($"nasbench201:{cell}")!;
        using var backbone = Catalogue.Create(info.Name);

        var trace = ShapeTrace.Of(backbone, info.NativeSize);

        (info.Name, info.Family, info.FeatureWidth, info.NativeSize).ShouldBe(($"nasbench201:{cell}", "nasbench201", 64, 32));
        (info.Parameters, info.MultiplyAdds).ShouldBe((Of(cell).GetProperty("parameters").GetInt64(), Of(cell).GetProperty("multiplyAdds").GetInt64()));
        (backbone.parameters().Sum(p => p.numel()), trace.MultiplyAdds).ShouldBe((info.Parameters, info.MultiplyAdds));
        foreach (var size in new[] { info.MinimumSize, info.MinimumSize + 5, 30, 64 })
            ShapeTrace.Of(backbone, size).Features.ShouldBe([0, 64], $"at {size} px");
    }

    [Fact]
    public void Published_figures_are_met()
    {
        var classes = Goldens.GetProperty("classes").GetInt32();
        foreach (var golden in Goldens.GetProperty("cases").EnumerateArray().Where(golden => golden.GetProperty("published").ValueKind == JsonValueKind.Array))
        {
            var info = Catalogue.Find($"nasbench201:{golden.GetProperty("cell").GetString()}")!;
            var classifier = (info.FeatureWidth + 1) * classes;

            // In millions, as the benchmark gives them.
            new[] { (info.Parameters + classifier) / 1e6, (info.MultiplyAdds + classifier) / 1e6 }.ShouldBe(golden.GetProperty("published").Numbers(), tolerance: 1e-9);
        }
    }

    [Theory, MemberData(nameof(Cells))]
    public void Features_are_the_references(string cell)
    {
        using var scope = NewDisposeScope();
        using var _ = no_grad();
        var backbone = Catalogue.Create($"nasbench201:{cell}");
        Fill.StateOf(backbone, Goldens.GetProperty("gain").GetDouble(), Goldens.GetProperty("shift").GetDouble());
        var images = Fill.Images(Goldens.GetProperty("batch").GetInt32(), size: 32);

        backbone.eval();
        backbone.call(images)[.., ..8].Numbers().ShouldBeNear(Of(cell).GetProperty("eval").Numbers(), Tolerance);
        backbone.train();
        backbone.call(images)[.., ..8].Numbers().ShouldBeNear(Of(cell).GetProperty("train").Numbers(), Tolerance);
        backbone.Dispose();
    }

    private static JsonElement Of(string cell) =>
        Goldens.GetProperty("cases").EnumerateArray().Single(golden => golden.GetProperty("cell").GetString() == cell);
}
