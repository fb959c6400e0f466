using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using NeuralCapacitance.Domain.Datasets;
using NeuralCapacitance.Domain.Jobs;
using NeuralCapacitance.Worker.Datasets;
using NeuralCapacitance.Worker.Tests.Datasets.Folders;
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
        list.Select(dataset => dataset.Name).ShouldBe(["cifar10", "cifar10~2", "nested/deep/flowers", "pets", "too/deep/to/find", "pets~2", "whole", "synthetic"]);
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
    [InlineData("nested/../pets")]
    [InlineData("../data/pets")]
    [InlineData(".hidden")]
    [InlineData("svhn")]
    [InlineData("whole/left")]
    public void What_is_not_listed_is_not_found(string name) => new DatasetNames(Catalogue(), options).Find(name).ShouldBeNull();

    /// <summary>A folder around a data set, and a link to one.</summary>
    [Theory]
    [InlineData("nested", "nested")]
    [InlineData("link", "pets")]
    public void What_a_path_may_name_is_found_by_that(string name, string expected) => new DatasetNames(Catalogue(), options).Find(name).ShouldNotBeNull().Name.ShouldBe(expected);

    [Fact]
    public void What_is_there_and_cannot_be_used_is_listed_with_its_reason()
    {
        data.Add("unsorted/train", 2).Add("unsorted/test", 2).Add("alone/cat", 2).Add("flat", 2);
        var names = new DatasetNames(Catalogue(), options);
        foreach (var (name, reason) in new[] { ("unsorted", "lie in no class folders"), ("alone", "one class folder only, 'cat'"), ("flat", "lie in it directly") })
        {
            names.List().Single(dataset => dataset.Name == name).Info.Fault.ShouldNotBeNull().ShouldContain(reason);
            names.Find(name).ShouldNotBeNull().Info.Fault.ShouldNotBeNull().ShouldContain(reason);
        }
    }

    /// <summary>Whatever lies in an upload, it goes by the name that it was uploaded under.</summary>
    [Theory]
    [InlineData("images/a:3 images/b:3 masks/a:3", null)]
    [InlineData("Training/a:3 Training/b:3 Testing/a:3 Testing/b:3", null)]
    [InlineData("wrap/a:3 wrap/b:3", null)]
    [InlineData("first/a:3 first/b:3 second/a:3 second/b:3", "folders of the same names")]
    public void An_upload_is_listed_under_its_own_name_and_nothing_in_it_is(string tree, string? fault)
    {
        options.Value.UploadRoot = Path.Combine(data.Base, "uploads");
        data.Grow("../uploads/mine", tree);
        var names = new DatasetNames(Catalogue(), options);
        var listed = names.List().Where(dataset => dataset.Info.Spec.Path is not null && dataset.Name.StartsWith("mine", StringComparison.Ordinal)).ToList();
        listed.ShouldHaveSingleItem().Name.ShouldBe("mine");
        names.Find("mine").ShouldNotBeNull().Name.ShouldBe("mine");
        if (fault is null) listed[0].Info.Fault.ShouldBeNull();
        else listed[0].Info.Fault.ShouldNotBeNull().ShouldContain(fault);
    }

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
