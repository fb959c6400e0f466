using NeuralCapacitance.Api.Backbones;
using NeuralCapacitance.Api.Datasets;

namespace NeuralCapacitance.Api.Tests.Catalogues;

[Collection(ServiceCollectionDefinition.Name)]
public sealed class CatalogueTests(ServiceFixture service)
{
    [Fact]
    public async Task Backbones_are_listed_by_name_with_what_one_needs_to_choose()
    {
        var backbones = (await service.GetAsync<BackboneList>("/api/v1/backbones")).Items;

        backbones.Select(backbone => backbone.Name).ShouldBeInOrder(SortDirection.Ascending, StringComparer.Ordinal);
        backbones.Select(backbone => backbone.Name).ShouldContain("resnet8");
        backbones.ShouldAllBe(backbone => backbone.Parameters > 0 && backbone.FeatureWidth > 0 && backbone.MultiplyAdds > 0);
    }

    [Fact]
    public async Task The_generated_data_set_is_always_there()
    {
        var datasets = (await service.GetAsync<DatasetList>("/api/v1/datasets")).Items;

        var synthetic = datasets.ShouldHaveSingleItem();
        synthetic.Spec.Name.ShouldBe("synthetic");
        synthetic.TrainImages.ShouldBe(synthetic.Classes.Sum(count => count.Train));
    }
}
