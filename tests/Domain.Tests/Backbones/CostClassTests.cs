using NeuralCapacitance.Domain.Backbones;

namespace NeuralCapacitance.Domain.Tests.Backbones;

public sealed class CostClassTests
{
    [Theory]
    [InlineData(0, CostClass.Cheap)]
    [InlineData(49_999_999, CostClass.Cheap)]
    [InlineData(50_000_000, CostClass.Medium)]
    [InlineData(499_999_999, CostClass.Medium)]
    [InlineData(500_000_000, CostClass.Dear)]
    [InlineData(1e15, CostClass.Dear)]
    public void A_class_ends_where_its_bound_says(double multiplyAdds, CostClass expected) => CostBound.ClassOf(multiplyAdds).ShouldBe(expected);

    /// <summary>ResNet-50: 4.09 G at 224 pixels, a quarter at half the side, and what is smaller than its minimum is fed as large as that.</summary>
    [Fact]
    public void Multiply_adds_go_with_the_area_that_the_network_is_fed()
    {
        var resnet50 = new BackboneInfo
        {
            Name = "resnet50", Family = "resnet", Parameters = 23_508_032, FeatureWidth = 2048, MinimumSize = 32, NativeSize = 224, MultiplyAdds = 4_089_000_000, Weights = ["random"],
        };

        resnet50.MultiplyAddsAt(224).ShouldBe(4_089_000_000);
        resnet50.MultiplyAddsAt(112).ShouldBe(4_089_000_000 / 4.0);
        resnet50.MultiplyAddsAt(8).ShouldBe(resnet50.MultiplyAddsAt(32));
        resnet50.CostClass.ShouldBe(CostClass.Medium);
    }
}
