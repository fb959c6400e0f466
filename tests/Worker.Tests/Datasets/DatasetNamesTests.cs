using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using NeuralCapacitance.Domain.Datasets;
using NeuralCapacitance.Domain.Jobs;
using NeuralCapacitance.Worker.Datasets;
using NeuralCapacitance.Worker.Tests.Datasets.Published;

namespace NeuralCapacitance.Worker.Tests.Datasets;

public sealed class DatasetNamesTests : IDisposable
{
    private readonly ImageFolderFixture data = new();
    private readonly IOptions<DatasetOptions> options;

    public DatasetNamesTests()
    {
        options = data.Options;
        var second = Path.Combine(data.Base, "second");
        var whole = Path.Combine(data.Base, "whole");
        foreach (var root in new[] { second, whole }) options.Value.DataRoots.Add(root);
        data.Add("pets/cat", 1).Add("pets/dog", 1).Add("nested/deep/flowers/train/a", 1).Add("nested/deep/flowers/train/b", 1)
            .Add("too/deep/to/find/a", 1).Add("too/deep/to/find/b", 1).Add(".hidden/a", 1).Add(".hidden/b", 1)
            .Add("cifar10/a", 1).Add("cifar10/b", 1).Write("cifar-10-binary.tar.gz", PublishedFixture.Golden("cifar-10-binary.tar.gz"))
            .Add($"{second}/pets/x", 1).Add($"{second}/pets/y", 1).Add($"{whole}/left", 1).Add($"{whole}/right", 1);
        Directory.CreateSymbolicLink(Path.Combine(data.Root, "link"), Path.Combine(data.Root, "pets"));
    }

    public void Dispose() => data.Dispose();

    [Fact]
    public void What_is_listed_is_found_by_its_name()
    {
        var names = new DatasetNames(Catalogue(), options);
        var list = names.List();
        list.Select(dataset => dataset.Name).ShouldBe(["cifar10", "cifar10~2", "nested/deep/flowers", "pets", "pets~2", "whole", "synthetic"]);
        foreach (var dataset in list)
        {
            var found = names.Find(dataset.Name).ShouldNotBeNull();
            (found.Name, found.Info.Spec).ShouldBe((dataset.Name, dataset.Info.Spec));
            found.Info.Classes.ShouldBe(dataset.Info.Classes);
        }
    }

    [Theory]
    [InlineData("")]
    [InlineData("/")]
    [InlineData("pets/")]
    [InlineData("/pets")]
    [InlineData("pets/cat")]
    [InlineData("pets~3")]
    [InlineData("pe\0ts")]
    [InlineData("nested")]
    [InlineData("nested/../pets")]
    [InlineData("../data/pets")]
    [InlineData("too/deep/to/find")]
    [InlineData(".hidden")]
    [InlineData("link")]
    [InlineData("svhn")]
    [InlineData("whole/left")]
    public void What_is_not_listed_is_not_found(string name) => new DatasetNames(Catalogue(), options).Find(name).ShouldBeNull();

    [Theory]
    [InlineData("pets", true)]
    [InlineData("cifar10", true)]
    [InlineData("whole", true)]
    [InlineData("absent", false)]
    public void One_is_found_without_a_list_of_all(string name, bool found)
        => (new DatasetNames(new Unlisted(Catalogue()), options).Find(name) is not null).ShouldBe(found);

    private DatasetCatalogue Catalogue() => new(options, TimeProvider.System, NullLogger<DatasetCatalogue>.Instance);

    private sealed class Unlisted(DatasetCatalogue catalogue) : IDatasetCatalogue
    {
        public IReadOnlyList<DatasetKind> Kinds => catalogue.Kinds;

        public IReadOnlyList<DatasetInfo> List() => throw new InvalidOperationException("All are listed.");

        public IReadOnlyList<DatasetInfo> ListOf(string kind)
            => kind == DatasetSpec.ImageFolderName ? throw new InvalidOperationException("All folders are listed.") : catalogue.ListOf(kind);

        public DatasetInfo Inspect(DatasetSpec spec) => catalogue.Inspect(spec);
    }
}
