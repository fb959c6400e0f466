using NeuralCapacitance.Domain.Jobs;

namespace NeuralCapacitance.Domain.Tests.Jobs;

public sealed class NearestNamesTests
{
    [Theory]
    [InlineData("", "abc", 3)]
    [InlineData("vgg16", "vgg16", 0)]
    [InlineData("weigths", "weights", 1)]
    [InlineData("resnet5", "resnet50", 1)]
    [InlineData("kitten", "sitting", 3)]
    public void Distance_counts_slips(string a, string b, int expected)
    {
        NearestNames.Distance(a, b).ShouldBe(expected);
        NearestNames.Distance(b, a).ShouldBe(expected);
    }

    [Fact]
    public void Nothing_is_suggested_for_something_else() => NearestNames.To("transformer", ["vgg16", "resnet50"]).ShouldBeEmpty();
}
