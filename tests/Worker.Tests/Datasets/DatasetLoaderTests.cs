using NeuralCapacitance.Domain.Datasets;
using NeuralCapacitance.Domain.Jobs;
using NeuralCapacitance.Worker.Datasets;
using NeuralCapacitance.Worker.Datasets.Decoding;
using static TorchSharp.torch;

namespace NeuralCapacitance.Worker.Tests.Datasets;

public sealed class DatasetLoaderTests : IDisposable
{
    private readonly ImageFolderFixture folder = new();

    public void Dispose() => folder.Dispose();

    [Fact]
    public void Images_and_labels_come_in_the_order_of_the_indices()
    {
        folder.Add("d/train/a", 2, "baseline.jpg").Add("d/train/b", 2, "rgb.png").Add("d/test/a", 1, "grey.jpg").Add("d/test/b", 1, "cmyk.jpg");
        using var data = Load("d");
        using var scope = NewDisposeScope();
        data.Classes.ShouldBe(["a", "b"]);
        data.Train.Labels.ShouldBe([0, 0, 1, 1]);
        data.Test.Labels.ShouldBe([0, 1]);

        var images = data.Train.Images([3, 0, 3]);
        images.shape.ShouldBe([3, 3, 16, 16]);
        images.bytes.ToArray().ShouldBe(Decoded("rgb.png", "baseline.jpg", "rgb.png"));
        data.Test.Images([1, 0]).bytes.ToArray().ShouldBe(Decoded("cmyk.jpg", "grey.jpg"));
        data.Train.LabelsOf([3, 0, 3]).data<long>().ToArray().ShouldBe([1L, 0, 1]);
    }

    [Fact]
    public void An_index_beyond_the_set_is_refused()
    {
        folder.Add("d/train/a", 2).Add("d/train/b", 2).Add("d/test/a", 1).Add("d/test/b", 1);
        using var data = Load("d");
        Should.Throw<ArgumentOutOfRangeException>(() => data.Train.Images([4]));
        Should.Throw<ArgumentOutOfRangeException>(() => data.Test.LabelsOf([-1]));
    }

    [Fact]
    public void Tensors_outlive_the_data_set_and_nothing_else_can_be_read_after_it()
    {
        folder.Add("d/a", 5).Add("d/b", 5);
        var data = Load("d");
        using var images = data.Train.Images([0]);
        data.Dispose();
        images.bytes.ToArray().ShouldBe(Decoded("small.jpg"));
        Should.Throw<ObjectDisposedException>(() => data.Train.Images([0]));
    }

    [Fact]
    public void Copies_of_a_data_set_have_one_hash_and_one_cache_file()
    {
        folder.Add("d/a", 5).Add("d/b", 5).Add("copy/a", 5).Add("copy/b", 5);
        foreach (var file in Directory.GetFiles(Path.Combine(folder.Root, "copy"), "*", SearchOption.AllDirectories)) File.SetLastWriteTimeUtc(file, DateTime.UnixEpoch);
        using var first = Load("d");
        using var second = Load("copy");
        second.Hash.ShouldBe(first.Hash);
        CacheFiles().ShouldHaveSingleItem();
    }

    [Fact]
    public void A_changed_image_changes_the_hash()
    {
        folder.Add("d/a", 5).Add("d/b", 5);
        using var before = Load("d");
        File.Copy(ImageFolderFixture.Golden("baseline.jpg"), Path.Combine(folder.Root, "d", "a", "0002.jpg"), overwrite: true);
        using var after = Load("d");
        after.Hash.ShouldNotBe(before.Hash);
        CacheFiles().Length.ShouldBe(2);
    }

    [Fact]
    public void Classes_in_another_order_are_another_data_set()
    {
        folder.Add("d/a", 5).Add("d/b", 5);
        using var first = Load("d", "a", "b");
        using var second = Load("d", "b", "a");
        second.Classes.ShouldBe(["b", "a"]);
        second.Hash.ShouldNotBe(first.Hash);
    }

    [Fact]
    public void Another_image_size_is_another_cache_file_of_the_same_data_set()
    {
        folder.Add("d/a", 5).Add("d/b", 5);
        using var small = Load("d");
        using var large = folder.Loader.Load(ImageFolderFixture.Folder("d"), 24, default);
        large.Hash.ShouldBe(small.Hash);
        large.Train.Size.ShouldBe(24);
    }

    [Fact]
    public void Turned_images_are_another_data_set()
    {
        foreach (var name in new[] { "a", "b" })
            for (var i = 0; i < 5; i++) folder.Write($"d/{name}/{i}.jpg", File.ReadAllBytes(Path.Combine(ImageFolderFixture.Goldens, "images-turned", "6.jpg")));
        var spec = ImageFolderFixture.Folder("d");
        using var stored = folder.Loader.Load(spec, 12, default);
        using var turned = folder.Loader.Load(spec with { Exif = ExifOrientation.Apply }, 12, default);

        turned.Hash.ShouldNotBe(stored.Hash);
        CacheFiles().Length.ShouldBe(2);
        PixelsOf(turned).ShouldNotBe(PixelsOf(stored));

        static byte[] PixelsOf(LoadedDataset dataset)
        {
            var pixels = new byte[3 * 12 * 12];
            dataset.Train.CopyTo([0], pixels);
            return pixels;
        }
    }

    [Fact]
    public void Images_of_every_format_lie_side_by_side()
    {
        string[] names = ["baseline.jpg", "rgb.png", "lossy.webp", "plain.gif", "rgb.bmp", "lzw.tif", "binary.ppm", "binary.pgm"];
        foreach (var (i, name) in names.Index())
            folder.Write($"d/a/{name}", File.ReadAllBytes(ImageFolderFixture.Golden(name))).Write($"d/b/{i}{Path.GetExtension(name).ToUpperInvariant()}", File.ReadAllBytes(ImageFolderFixture.Golden(name)));
        folder.Write("d/a/a.jfif", File.ReadAllBytes(ImageFolderFixture.Golden("small.jpg"))).Write("d/b/b.tiff", File.ReadAllBytes(ImageFolderFixture.Golden("deflate.tif")));

        using var dataset = Load("d");

        (dataset.Train.Count + dataset.Test.Count).ShouldBe(2 * (names.Length + 1));
    }

    [Fact]
    public void All_broken_images_are_named_with_the_decoders_message_and_leave_no_cache()
    {
        folder.Add("d/a", 5).Add("d/b", 5).Write("d/a/broken.jpg", File.ReadAllBytes(ImageFolderFixture.Golden("baseline.jpg"))[..900]).Write("d/b/empty.png", []);
        var fault = Should.Throw<DatasetException>(() => Load("d"));
        fault.Field.ShouldBe("path");
        fault.Message.ShouldStartWith("2 of 12 images");
        fault.Message.ShouldContain("'a/broken.jpg': its compressed data is damaged or ends early: of 47 rows of pixels those from ");
        fault.Message.ShouldContain("'b/empty.png': file is empty");
        CacheFiles().ShouldBeEmpty();

        File.Delete(Path.Combine(folder.Root, "d", "a", "broken.jpg"));
        File.Delete(Path.Combine(folder.Root, "d", "b", "empty.png"));
        using var repaired = Load("d");
        repaired.Train.Count.ShouldBe(8);
    }

    [Fact]
    public void A_generated_set_is_the_same_from_any_number_of_threads()
    {
        var spec = new DatasetSpec { Name = DatasetSpec.SyntheticName, Synthetic = new SyntheticSpec { TrainImages = 50, TestImages = 20 } };
        using var data = folder.Loader.Load(spec, 16, default);
        var expected = new byte[3 * 16 * 16];
        new Worker.Datasets.Synthetic.SyntheticImages(spec).Render(test: true, 13, 16, expected);
        using var image = data.Test.Images([13]);
        image.bytes.ToArray().ShouldBe(expected);
        data.Test.Labels[13].ShouldBe(3);
    }

    [SharedDataFact("cifar10-images.tar.xz")]
    public void The_test_images_of_CIFAR_10_load()
    {
        Extract("test/", Path.Combine(folder.Root, "cifar10"));
        using var data = Load(Path.Combine("cifar10", "test"));
        data.Classes.ShouldBe(["airplane", "automobile", "bird", "cat", "deer", "dog", "frog", "horse", "ship", "truck"]);
        (data.Train.Count, data.Test.Count).ShouldBe((8_000, 2_000));
        using var images = data.Train.Images([.. Enumerable.Range(0, data.Train.Count)]);
        images.bytes.ToArray().Average(b => (double)b).ShouldBeInRange(115, 127); // 0.473 · 255 = 120.7, the mean of CIFAR-10
    }

    private LoadedDataset Load(string path, params string[] classes) => folder.Loader.Load(ImageFolderFixture.Folder(path, classes), 16, default);

    private string[] CacheFiles() => Directory.GetFiles(folder.CacheRoot, "*.images*").Where(path => !path.EndsWith(".lock", StringComparison.Ordinal)).ToArray();

    private static byte[] Decoded(params string[] goldens)
    {
        var pixels = new byte[goldens.Length * 3 * 16 * 16];
        ImageDecoder.Decode([.. goldens.Select(ImageFolderFixture.Golden)], 16, 1, pixels).ShouldBeEmpty();
        return pixels;
    }

    private static void Extract(string part, string target)
    {
        Directory.CreateDirectory(target);
        using var tar = System.Diagnostics.Process.Start("tar", ["-xJf", SharedDataFactAttribute.PathOf("cifar10-images.tar.xz"), "-C", target, "--wildcards", $"{part}*"]);
        tar.WaitForExit();
        tar.ExitCode.ShouldBe(0);
    }
}
