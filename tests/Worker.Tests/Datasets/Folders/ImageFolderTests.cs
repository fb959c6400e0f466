using Microsoft.Extensions.Logging.Abstractions;
using NeuralCapacitance.Domain.Datasets;
using NeuralCapacitance.Domain.Jobs;
using NeuralCapacitance.Worker.Datasets.Folders;
using NeuralCapacitance.Worker.Datasets.Kinds;

namespace NeuralCapacitance.Worker.Tests.Datasets.Folders;

public sealed class ImageFolderTests : IDisposable
{
    private readonly ImageFolderFixture folder = new();

    public void Dispose() => folder.Dispose();

    [Fact]
    public void Train_and_test_folders_are_taken_as_they_are()
    {
        folder.Add("birds/train/wren", 4).Add("birds/train/crow", 3).Add("birds/test/wren", 2).Add("birds/test/crow", 1);
        var info = Inspect("birds");
        info.Classes.ShouldBe([new ClassCount("crow", 3, 1), new ClassCount("wren", 4, 2)]);
        info.Problems.ShouldBeEmpty();
    }

    [Theory]
    [InlineData("val")]
    [InlineData("Valid")]
    [InlineData("validation")]
    public void A_validation_folder_is_the_validation_set(string name)
    {
        folder.Add("d/train/a", 3).Add("d/train/b", 3).Add("d/test/a", 1).Add("d/test/b", 2).Add($"d/{name}/a", 5).Add($"d/{name}/b", 4);
        var info = Inspect("d");
        info.Classes.ShouldBe([new ClassCount("a", 3, 1, 5), new ClassCount("b", 3, 2, 4)]);
        info.ValidationImages.ShouldBe(9);
        info.Problems.ShouldBeEmpty();
    }

    [Fact]
    public void Beside_a_validation_folder_alone_a_test_set_is_held_out()
    {
        folder.Add("d/train/a", 5).Add("d/train/b", 5).Add("d/val/a", 2).Add("d/val/b", 3);
        var info = Inspect("d");
        info.Classes.ShouldBe([new ClassCount("a", 4, 1, 2), new ClassCount("b", 4, 1, 3)]);
        info.Problems.ShouldHaveSingleItem().ShouldContain("There is no test set");
    }

    [Fact]
    public void A_part_that_lacks_classes_or_has_others_is_reported()
    {
        folder.Add("d/train/a", 3).Add("d/train/b", 3).Add("d/test/a", 1).Add("d/test/b", 1).Add("d/valid/a", 1).Add("d/valid/z", 1);
        Inspect("d").Problems.ShouldBe(["Class 'z' of 'valid' has no folder in 'train' and is left out.", "Class 'b' has no images in 'valid'."]);
        Inspect("d", "b", "a").ValidationImages.ShouldBe(1);
    }

    [Fact]
    public void A_validation_folder_without_images_is_not_used()
    {
        folder.Add("d/train/a", 3).Add("d/train/b", 3).Add("d/test/a", 1).Add("d/test/b", 1).Add("d/valid/a", 0);
        var info = Inspect("d");
        info.ValidationImages.ShouldBe(0);
        info.Problems.ShouldHaveSingleItem().ShouldBe("'valid' has no images of these classes and is not used.");
    }

    [Fact]
    public void Images_in_folders_of_a_class_folder_belong_to_the_class()
    {
        folder.Add("d/a/2019/june", 3).Add("d/a/2020", 2).Add("d/a", 1).Add("d/b", 4);
        Read("d").Files.Select(f => f.Path).Order(StringComparer.Ordinal).ShouldBe(
            ["a/0000.jpg", "a/2019/june/0000.jpg", "a/2019/june/0001.jpg", "a/2019/june/0002.jpg", "a/2020/0000.jpg", "a/2020/0001.jpg", "b/0000.jpg", "b/0001.jpg", "b/0002.jpg", "b/0003.jpg"]);
    }

    [Fact]
    public void A_folder_of_data_sets_is_not_taken_for_one()
    {
        folder.Add("d/birds/train/a", 3).Add("d/birds/train/b", 3).Add("d/cats/train/a", 3).Add("d/cats/train/b", 3);
        Should.Throw<DatasetException>(() => Inspect("d")).Message.ShouldContain("'birds', 'cats' have parts for training");
    }

    [Fact]
    public void Links_to_folders_of_a_class_folder_are_not_followed_and_said_to_be()
    {
        folder.Add("d/a", 3).Add("d/b", 3);
        Directory.CreateSymbolicLink(Path.Combine(folder.Root, "d", "a", "again"), Path.Combine(folder.Root, "d"));
        var info = Inspect("d");
        info.Classes.Select(c => c.Train + c.Test).ShouldBe([3, 3]);
        info.Problems.ShouldContain(problem => problem.Contains("'a/again'", StringComparison.Ordinal));
    }

    [Fact]
    public void Without_a_test_set_the_same_fifth_of_each_class_is_held_out_every_time()
    {
        folder.Add("d/a", 50).Add("d/b", 5).Add("d/c", 1);
        var info = Inspect("d");
        info.Classes.ShouldBe([new ClassCount("a", 40, 10), new ClassCount("b", 4, 1), new ClassCount("c", 1, 0)]);
        info.Problems.ShouldHaveSingleItem().ShouldContain("20 % of each class, 11 images in all");
        var again = Read("d");
        again.Test[0].ShouldBe(Read("d").Test[0]);
        again.Train[0].Concat(again.Test[0]).Select(f => f.Path).Order(StringComparer.Ordinal).ShouldBe(Enumerable.Range(0, 50).Select(i => $"a/{i:D4}.jpg"));
    }

    [Fact]
    public void Named_classes_come_in_the_order_named()
    {
        folder.Add("d/a", 3).Add("d/b", 3).Add("d/c", 3);
        Inspect("d", "c", "a").Classes.Select(c => c.Class).ShouldBe(["c", "a"]);
    }

    [Fact]
    public void An_unknown_class_is_refused_with_those_that_exist()
    {
        folder.Add("d/a", 3).Add("d/b", 3);
        var fault = Should.Throw<DatasetException>(() => Inspect("d", "a", "x"));
        fault.Field.ShouldBe("classes");
        fault.Message.ShouldContain("Class 'x' does not exist");
        fault.Message.ShouldContain("'a', 'b'");
    }

    [Fact]
    public void An_empty_class_is_left_out_and_said_to_be_and_refused_where_it_was_named()
    {
        folder.Add("d/a", 3).Add("d/b", 3).Add("d/empty", 0);
        var info = Inspect("d");
        info.Classes.Select(c => c.Class).ShouldBe(["a", "b"]);
        info.Problems.ShouldContain("Class 'empty' has no images and is left out.");
        Should.Throw<DatasetException>(() => Inspect("d", "a", "empty")).Message.ShouldContain("Class 'empty' has no images");
    }

    [Fact]
    public void Other_files_are_reported_and_hidden_ones_ignored()
    {
        folder.Add("d/a", 3).Add("d/b", 3).Write("d/a/notes.txt", [1]).Write("d/a/.DS_Store", [1]).Write("d/.git/x.jpg", [1]);
        var info = Inspect("d");
        info.Classes.Select(c => c.Class).ShouldBe(["a", "b"]);
        info.Problems.ShouldContain("1 file is not named as an image (.jpg, .jpeg, .jfif, .png, .webp, .gif, .bmp, .tif, .tiff, .ppm or .pgm) and left out: 'a/notes.txt'.");
    }

    [Fact]
    public void A_folder_without_images_says_what_is_expected()
    {
        folder.Write("d/readme.md", [1]);
        var fault = Should.Throw<DatasetException>(() => Inspect("d"));
        fault.Field.ShouldBe("path");
        fault.Message.ShouldContain("one subfolder per class");
    }

    [Theory]
    [InlineData("../outside")]
    [InlineData("d/../../outside")]
    [InlineData("link")]
    [InlineData("link/deeper")]
    [InlineData("absent")]
    [InlineData("/etc")]
    [InlineData("d/a/0000.jpg")]
    [InlineData("d\0")]
    public void A_path_that_is_no_folder_inside_the_roots_is_refused(string path)
    {
        folder.Add("d/a", 3).Add("d/b", 3).Add("../outside/a", 3).Add("../outside/deeper/b", 3);
        Directory.CreateSymbolicLink(Path.Combine(folder.Root, "link"), Path.Combine("..", "outside"));
        var fault = Should.Throw<DatasetException>(() => Inspect(path));
        fault.Field.ShouldBe("path");
        fault.Message.ShouldNotContain(folder.Root);
    }

    [Fact]
    public void A_neighbour_whose_name_begins_like_a_root_is_outside()
    {
        folder.Add("../data-other/a", 3);
        Should.Throw<DatasetException>(() => Inspect(folder.Root + "-other")).Field.ShouldBe("path");
    }

    [Fact]
    public void Links_inside_the_roots_are_followed_and_those_that_lead_out_are_refused()
    {
        folder.Add("d/a", 3).Add("d/b", 3).Add("elsewhere", 4).Add("../outside", 2);
        Directory.CreateSymbolicLink(Path.Combine(folder.Root, "d", "c"), Path.Combine(folder.Root, "elsewhere"));
        Inspect("d").Classes.Select(c => c.Train + c.Test).ShouldBe([3, 3, 4]);

        File.CreateSymbolicLink(Path.Combine(folder.Root, "d", "a", "x.jpg"), Path.Combine(folder.Base, "outside", "0000.jpg"));
        Should.Throw<DatasetException>(() => Inspect("d")).Message.ShouldContain("'a/x.jpg' is a link that leads out of the data roots");
    }

    [Fact]
    public void A_missing_path_and_a_wrong_name_are_refused()
    {
        Should.Throw<DatasetException>(() => folder.Catalogue.Inspect(new DatasetSpec { Name = DatasetSpec.ImageFolderName })).Field.ShouldBe("path");
        var fault = Should.Throw<DatasetException>(() => folder.Catalogue.Inspect(new DatasetSpec { Name = "mnist" }));
        fault.Field.ShouldBe("name");
        fault.Message.ShouldStartWith("There is no data set 'mnist'; accepted are ");
        folder.Catalogue.Kinds.ShouldAllBe(kind => fault.Message.Contains($"'{kind.Name}'"));
    }

    [Fact]
    public void The_list_holds_the_folders_below_the_roots_and_the_generated_set()
    {
        folder.Add("birds/train/a", 1).Add("birds/train/b", 1).Add("birds/test/a", 1).Add("birds/test/b", 1).Add("deep/er/a", 2).Add("deep/er/b", 2).Add("lonely/a", 2);
        Directory.CreateSymbolicLink(Path.Combine(folder.Root, "again"), Path.Combine(folder.Root, "birds"));
        var listed = folder.Catalogue.List();
        listed.Select(info => info.Spec.Path).ShouldBe([Path.Combine(folder.Root, "birds"), Path.Combine(folder.Root, "deep", "er"), Path.Combine(folder.Root, "lonely"), null]);
        listed[^1].Spec.Name.ShouldBe(DatasetSpec.SyntheticName);
        listed[2].Fault.ShouldNotBeNull().ShouldContain("one class folder only, 'a'");
        listed.Where(info => info.Fault is null).ShouldAllBe(info => info.TrainImages > 0);
    }

    private ImageFolder Read(string path)
    {
        var context = new DatasetContext(folder.Options.Value, downloads: null, TimeProvider.System, NullLogger.Instance);
        return ImageFolder.Read(context.Roots.Resolve(path), wanted: null, context.Roots, default);
    }

    private DatasetInfo Inspect(string path, params string[] classes) => folder.Catalogue.Inspect(ImageFolderFixture.Folder(path, classes));
}
