using NeuralCapacitance.Domain.Datasets;
using NeuralCapacitance.Domain.Jobs;

namespace NeuralCapacitance.Worker.Tests.Datasets.Kinds;

public sealed class DatasetKindsTests : IDisposable
{
    private readonly ImageFolderFixture folder = new();

    public void Dispose() => folder.Dispose();

    [Fact]
    public void Every_name_of_the_paper_can_be_used()
        => folder.Catalogue.Kinds.Select(kind => kind.Name).ShouldBe(["birds", "cifar10", "cifar100", "fashion-mnist", "image-folder", "svhn", "synthetic"]);

    [Fact]
    public void A_kind_that_takes_a_path_says_what_it_names()
        => folder.Catalogue.Kinds.ShouldAllBe(kind => kind.Path == PathUse.None == (kind.PathMeaning.Length == 0));

    [Theory]
    [InlineData("birds", null)]
    [InlineData("100-bird-species", null)]
    [InlineData("my/birds", "my/birds")]
    public void Birds_are_found_in_their_usual_places_and_where_the_path_says(string place, string? path)
    {
        folder.Add($"{place}/train/wren", 4).Add($"{place}/train/crow", 3).Add($"{place}/test/wren", 2).Add($"{place}/test/crow", 1);
        var spec = new DatasetSpec { Name = "birds", Path = path };
        folder.Catalogue.Inspect(spec).Classes.ShouldBe([new ClassCount("crow", 3, 1), new ClassCount("wren", 4, 2)]);
        using var data = folder.Loader.Load(spec, 8, default);
        (data.Train.Count, data.Test.Count).ShouldBe((7, 3));
        using var same = folder.Loader.Load(ImageFolderFixture.Folder(place), 8, default);
        same.Hash.ShouldBe(data.Hash);
    }

    [Fact]
    public void Absent_birds_are_an_error_that_says_where_to_put_them()
    {
        var fault = Should.Throw<DatasetException>(() => folder.Catalogue.Inspect(new DatasetSpec { Name = "birds" }));
        fault.Field.ShouldBe("path");
        fault.Message.ShouldContain("'birds' or '100-bird-species'");
        fault.Message.ShouldContain("in one of the data roots");
        fault.Message.ShouldNotContain(folder.Root);
    }
}
