using NeuralCapacitance.Domain.Datasets;
using NeuralCapacitance.Domain.Jobs;

namespace NeuralCapacitance.Worker.Tests.Datasets.Published;

public sealed class PublishedDatasetTests : IDisposable
{
    private readonly PublishedFixture root = new();

    public void Dispose() => root.Dispose();

    /// <summary>Every size is compared byte for byte: the native one is a copy, the others are resized as PIL and torchvision do.</summary>
    [Theory]
    [InlineData("cifar10", "cifar-10-batches-bin", "cifar-10-batches-bin", null)]
    [InlineData("cifar10", "cifar-10-batches-bin", "", null)]
    [InlineData("cifar10", "cifar-10-batches-bin", "cifar10", null)]
    [InlineData("cifar10", "cifar-10-batches-bin", "mine/of/old", "mine/of/old")]
    [InlineData("cifar10", "cifar-10-batches-bin", "mine/cifar-10-batches-bin", "mine")]
    [InlineData("cifar10", "cifar-10-binary.tar.gz", "cifar-10-binary.tar.gz", null)]
    [InlineData("cifar10", "cifar-10-binary.tar.gz", "mine/cifar-10-binary.tar.gz", "mine")]
    [InlineData("cifar100", "cifar-100-binary", "cifar-100-binary", null)]
    [InlineData("cifar100", "cifar-100-binary", "mine", "mine")]
    [InlineData("cifar100", "cifar-100-binary.tar.gz", "cifar100/cifar-100-binary.tar.gz", null)]
    [InlineData("svhn", "svhn", "svhn", null)]
    [InlineData("svhn", "svhn", "", null)]
    [InlineData("fashion-mnist", "fashion-mnist", "FashionMNIST/raw", null)]
    [InlineData("fashion-mnist", "fashion-mnist", "mine", "mine")]
    public void Images_labels_and_class_names_are_those_of_the_publisher(string name, string golden, string place, string? path)
    {
        root.Put(golden, place);
        var expected = PublishedFixture.Expected[name];
        foreach (var size in expected.Train.Keys)
        {
            using var data = root.Load(new DatasetSpec { Name = name, Path = path }, int.Parse(size));
            if (expected.Classes is { } classes) data.Classes.ShouldBe(classes);
            data.Train.Labels.ShouldBe(expected.TrainLabels);
            data.Test.Labels.ShouldBe(expected.TestLabels);
            PublishedFixture.Digest(data.Train).ShouldBe(expected.Train[size]);
            PublishedFixture.Digest(data.Test).ShouldBe(expected.Test[size]);
            data.Validation.ShouldBeNull();
        }
    }

    [Fact]
    public void Counts_are_told_without_decoding_and_with_a_word_about_missing_images()
    {
        root.Put("cifar-10-batches-bin", "cifar-10-batches-bin");
        var info = root.Catalogue.Inspect(new DatasetSpec { Name = "cifar10" });
        info.Classes[0].ShouldBe(new ClassCount("airplane", 1, 1));
        (info.Classes.Count, info.TrainImages, info.TestImages).ShouldBe((10, 6, 3));
        info.Problems.ShouldHaveSingleItem().ShouldBe("The files hold 6 training and 3 test images; CIFAR-10 as published has 50000 and 10000.");
        root.Catalogue.List().Select(i => i.Spec.Name).ShouldBe(["cifar10", "synthetic"]);
    }

    [Fact]
    public void Names_of_CIFAR_100_are_the_published_ones_where_the_file_of_names_is_absent()
    {
        root.Put("cifar-100-binary", "cifar-100-binary");
        var classes = root.Catalogue.Inspect(new DatasetSpec { Name = "cifar100" }).Classes.Select(c => c.Class).ToArray();
        classes.Length.ShouldBe(100);
        (classes[0], classes[42], classes[99]).ShouldBe(("apple", "leopard", "worm"));
        classes.Order(StringComparer.Ordinal).ShouldBe(classes);
    }

    [Fact]
    public void Names_in_the_files_win()
    {
        root.Put("cifar-10-batches-bin", "cifar-10-batches-bin");
        root.Write("cifar-10-batches-bin/batches.meta.txt", "a\r\nb\r\nc\nd\ne\nf\ng\nh\ni\nj\n\n"u8.ToArray());
        root.Catalogue.Inspect(new DatasetSpec { Name = "cifar10" }).Classes.Select(c => c.Class).ShouldBe(["a", "b", "c", "d", "e", "f", "g", "h", "i", "j"]);
    }

    [Fact]
    public void Chosen_classes_come_in_the_order_chosen()
    {
        root.Put("svhn", "svhn");
        var spec = new DatasetSpec { Name = "svhn", Classes = ["9", "0"] };
        root.Catalogue.Inspect(spec).Classes.ShouldBe([new ClassCount("9", 1, 0), new ClassCount("0", 1, 1)]);
        using var data = root.Load(spec, 32);
        data.Train.Labels.ShouldBe([1, 0]); // 0, 9 in the file
        data.Test.Labels.ShouldBe([1]);
        using var all = root.Load(spec with { Classes = null }, 32);
        PublishedFixture.Digest(data.Test).ShouldNotBe(PublishedFixture.Digest(all.Test));
        Image(data.Train, 0).ShouldBe(Image(all.Train, 1));
        Image(data.Train, 1).ShouldBe(Image(all.Train, 2));
        data.Hash.ShouldNotBe(all.Hash);
        var fault = Should.Throw<DatasetException>(() => root.Catalogue.Inspect(spec with { Classes = ["9", "ten"] }));
        fault.Field.ShouldBe("classes");
        fault.Message.ShouldContain("'ten'; classes are 0, 1, 2");
    }

    [Fact]
    public void An_archive_and_what_it_holds_are_one_data_set()
    {
        root.Put("cifar-10-batches-bin", "a").Put("cifar-10-binary.tar.gz", "b/cifar-10-binary.tar.gz");
        using var unpacked = root.Load(new DatasetSpec { Name = "cifar10", Path = "a" });
        using var packed = root.Load(new DatasetSpec { Name = "cifar10", Path = "b" });
        packed.Hash.ShouldBe(unpacked.Hash);
        Directory.GetFiles(root.CacheRoot, "*.images").ShouldHaveSingleItem();
    }

    [Fact]
    public void A_byte_order_of_its_own_changes_nothing()
    {
        root.Put("svhn", "a").Put("svhn", "b");
        root.Delete("b/train_32x32.mat");
        root.Put("big-endian.mat", "b/train_32x32.mat");
        using var little = root.Load(new DatasetSpec { Name = "svhn", Path = "a" });
        using var big = root.Load(new DatasetSpec { Name = "svhn", Path = "b" });
        big.Hash.ShouldBe(little.Hash);
    }

    [Fact]
    public void A_changed_file_is_read_again()
    {
        root.Put("cifar-100-binary", "cifar100");
        var catalogue = root.Catalogue;
        catalogue.Inspect(new DatasetSpec { Name = "cifar100" }).TestImages.ShouldBe(2);
        root.Write("cifar100/test.bin", PublishedFixture.Golden("cifar-100-binary/test.bin")[..3074]);
        catalogue.Inspect(new DatasetSpec { Name = "cifar100" }).TestImages.ShouldBe(1);
    }

    [Theory]
    [InlineData("cifar10", "cifar-10-binary.tar.gz", "https://www.cs.toronto.edu/~kriz/cifar-10-binary.tar.gz (MD5 c32a1d4ab5d03f1284b67883e8d87530)")]
    [InlineData("cifar100", "train.bin, test.bin", "https://www.cs.toronto.edu/~kriz/cifar-100-binary.tar.gz (MD5 03b5dce01913d631647c71ecec9e9cb8)")]
    [InlineData("svhn", "train_32x32.mat, test_32x32.mat", "https://ufldl.stanford.edu/housenumbers/test_32x32.mat (MD5 eb5a983be6a315427106f1b164d9cef3)")]
    [InlineData("fashion-mnist", "train-images-idx3-ubyte.gz", "t10k-labels-idx1-ubyte.gz (MD5 bb300cfdad3c16e7a12a480ee83cd310)")]
    public void Absent_files_are_an_error_that_says_which_where_to_and_where_from(string name, string files, string url)
    {
        var fault = Should.Throw<DatasetException>(() => root.Catalogue.Inspect(new DatasetSpec { Name = name }));
        fault.Field.ShouldBe("path");
        fault.Message.ShouldContain(files);
        fault.Message.ShouldNotContain(root.Root);
        fault.Message.ShouldContain("Put them into the data roots");
        fault.Message.ShouldContain(url);
    }

    [Fact]
    public void A_folder_without_the_files_is_named()
    {
        root.Put("svhn", "mine");
        Should.Throw<DatasetException>(() => root.Catalogue.Inspect(new DatasetSpec { Name = "cifar100", Path = "mine" }))
            .Message.ShouldContain("'mine' does not hold CIFAR-100: expected is cifar-100-binary.tar.gz, or what it holds (train.bin, test.bin)");
        Should.Throw<DatasetException>(() => root.Catalogue.Inspect(new DatasetSpec { Name = "cifar100", Path = "absent" })).Message.ShouldContain("There is no folder 'absent'");
    }

    [Fact]
    public void Missing_files_are_named()
    {
        root.Put("cifar-10-batches-bin", "cifar10");
        root.Delete("cifar10/data_batch_2.bin");
        root.Delete("cifar10/test_batch.bin");
        Should.Throw<DatasetException>(() => root.Catalogue.Inspect(new DatasetSpec { Name = "cifar10" }))
            .Message.ShouldContain("only a part of CIFAR-10: data_batch_2.bin, test_batch.bin are missing");
    }

    [Theory]
    [InlineData("cifar10", "cifar-10-python.tar.gz", "pickles can run code")]
    [InlineData("cifar10", "cifar10/data_batch_1", "cifar-10-binary.tar.gz, instead")]
    [InlineData("cifar100", "cifar-100-python/train", "cifar-100-binary.tar.gz, instead")]
    [InlineData("svhn", "svhn/train.tar.gz", "cropped digits")]
    public void Another_edition_is_recognised_and_explained(string name, string file, string explanation)
    {
        root.Write(file, [1]);
        Should.Throw<DatasetException>(() => root.Catalogue.Inspect(new DatasetSpec { Name = name })).Message.ShouldContain(explanation);
    }

    [Fact]
    public void Digits_of_another_set_with_the_same_file_names_are_not_taken_unless_named()
    {
        root.Put("fashion-mnist", "");
        Should.Throw<DatasetException>(() => root.Catalogue.Inspect(new DatasetSpec { Name = "fashion-mnist" })).Message.ShouldContain("are not there");
        root.Catalogue.Inspect(new DatasetSpec { Name = "fashion-mnist", Path = "." }).TestImages.ShouldBe(3);
    }

    [Fact]
    public void A_link_that_leads_out_of_the_roots_is_refused()
    {
        root.Put("svhn", "svhn").Put("svhn", "../outside");
        root.Delete("svhn/test_32x32.mat");
        File.CreateSymbolicLink(Path.Combine(root.Root, "svhn", "test_32x32.mat"), Path.Combine(root.Root, "..", "outside", "test_32x32.mat"));
        Should.Throw<DatasetException>(() => root.Catalogue.Inspect(new DatasetSpec { Name = "svhn" })).Message.ShouldContain("leads out of the data roots");
    }

    private static byte[] Image(Worker.Datasets.ImageSet images, int index)
    {
        var pixels = new byte[3 * images.Size * images.Size];
        images.CopyTo([index], pixels);
        return pixels;
    }
}
