using NeuralCapacitance.Domain.Datasets;
using NeuralCapacitance.Domain.Jobs;

namespace NeuralCapacitance.Worker.Tests.Datasets.Published;

/// <summary>CIFAR as folders of images.</summary>
public sealed class PublishedFolderTests : IDisposable
{
    private static readonly string[] Classes = ["airplane", "automobile", "bird", "cat", "deer", "dog", "frog", "horse", "ship", "truck"];

    private readonly ImageFolderFixture data = new();

    public void Dispose() => data.Dispose();

    [Theory]
    [InlineData("cifar10", null)]
    [InlineData("cifar-10", null)]
    [InlineData("mine/images", "mine/images")]
    [InlineData("mine/cifar10", "mine")]
    public void Images_are_taken_where_no_binary_files_are(string place, string? path)
    {
        Fill(place);
        var spec = new DatasetSpec { Name = "cifar10", Path = path };

        var info = data.Catalogue.Inspect(spec);
        info.Spec.ShouldBe(spec);
        info.Classes.ShouldBe(Classes.Select(name => new ClassCount(name, 2, 1)));
        info.Problems.ShouldHaveSingleItem().ShouldContain("hold 20 training and 10 test images; CIFAR-10 as published has 50000 and 10000");

        using var loaded = data.Loader.Load(spec, 16, default);
        loaded.Classes.ShouldBe(Classes);
        using var same = data.Loader.Load(ImageFolderFixture.Folder(place), 16, default);
        loaded.Train.Labels.ShouldBe(same.Train.Labels);
        PublishedFixture.Digest(loaded.Test).ShouldBe(PublishedFixture.Digest(same.Test));
    }

    [Fact]
    public void Wanted_classes_are_taken_in_their_order()
    {
        Fill("cifar10");
        using var loaded = data.Loader.Load(new DatasetSpec { Name = "cifar10", Classes = ["ship", "cat"] }, 16, default);
        loaded.Classes.ShouldBe(["ship", "cat"]);
        loaded.Test.Labels.ShouldBe([0, 1]);
    }

    [Fact]
    public void Binary_files_come_first()
    {
        Fill("cifar10");
        data.Write("cifar-10-binary.tar.gz", PublishedFixture.Golden("cifar-10-binary.tar.gz"));
        data.Catalogue.Inspect(new DatasetSpec { Name = "cifar10" }).TrainImages.ShouldBe(6);
    }

    [Fact]
    public void A_data_root_with_a_folder_train_is_not_taken_for_CIFAR()
    {
        Fill("");
        Should.Throw<DatasetAbsentException>(() => data.Catalogue.Inspect(new DatasetSpec { Name = "cifar10" }));
    }

    [Theory]
    [InlineData("train/frog", "train' should hold the 10 classes of CIFAR-10, but lacks the classes 'frog'.")]
    [InlineData("test/frog", "test' should hold the 10 classes of CIFAR-10, but lacks the classes 'frog'.")]
    [InlineData("test", "no folder 'test' beside it")]
    public void A_missing_class_is_an_error(string folder, string message)
    {
        Fill("cifar10");
        Directory.Delete(Path.Combine(data.Root, "cifar10", folder), recursive: true);
        Fault("cifar10").ShouldContain(message);
    }

    [Theory]
    [InlineData("train/ship")]
    [InlineData("test/ship")]
    public void A_class_without_images_is_an_error(string folder)
    {
        Fill("cifar10");
        foreach (var file in Directory.GetFiles(Path.Combine(data.Root, "cifar10", folder))) File.Delete(file);
        Fault("cifar10").ShouldStartWith($"Class 'ship' has no images in 'cifar10/{folder.Split('/')[0]}'");
    }

    [Fact]
    public void Other_classes_are_an_error()
    {
        Fill("cifar10");
        data.Add("cifar10/train/yacht", 1);
        Fault("cifar10").ShouldContain("but has 'yacht', no classes of it");
        Fill("cifar100");
        Fault("cifar100").ShouldContain("lacks the classes 'apple', 'aquarium_fish', 'baby', 'bear', 'beaver', 'bed', 'bee', 'beetle', 'bicycle', 'bottle' and 90 more and has 'airplane'");
    }

    private string Fault(string name)
    {
        var fault = Should.Throw<DatasetException>(() => data.Catalogue.Inspect(new DatasetSpec { Name = name }));
        fault.Field.ShouldBeOneOf("path", "classes");
        Should.Throw<DatasetException>(() => data.Loader.Load(new DatasetSpec { Name = name }, 16, default)).Message.ShouldBe(fault.Message);
        return fault.Message;
    }

    private void Fill(string place)
    {
        foreach (var name in Classes) data.Add(Path.Combine(place, "train", name), 2).Add(Path.Combine(place, "test", name), 1, "rgb.png");
    }
}
