using Microsoft.Extensions.Logging.Abstractions;
using NeuralCapacitance.Domain.Datasets;
using NeuralCapacitance.Domain.Jobs;
using NeuralCapacitance.Worker.Datasets;
using NeuralCapacitance.Worker.Datasets.Reports;

namespace NeuralCapacitance.Worker.Tests.Datasets;

public sealed class BrokenImagesTests : IDisposable
{
    private readonly ImageFolderFixture data = new();

    public void Dispose() => data.Dispose();

    [Fact]
    public void A_few_are_skipped_and_named()
    {
        Break(1);
        var spec = Skipping("d");

        using var loaded = data.Loader.Load(spec, 16, default);

        (loaded.Train.Count + loaded.Test.Count).ShouldBe(40);
        loaded.Problems.ShouldContain(problem => problem.StartsWith("1 file cannot be decoded: 'a/broken0.jpg' (", StringComparison.Ordinal) && problem.EndsWith("It is skipped.", StringComparison.Ordinal));
    }

    [Fact]
    public void Skipping_none_changes_nothing()
    {
        data.Add("d/a", 20).Add("d/b", 20);
        using var strict = data.Loader.Load(ImageFolderFixture.Folder("d"), 16, default);
        using var lenient = data.Loader.Load(Skipping("d"), 16, default);

        lenient.Hash.ShouldBe(strict.Hash);
        lenient.Problems.ShouldBe(strict.Problems);
    }

    [Fact]
    public void More_than_one_in_twenty_are_refused()
    {
        Break(3);

        var fault = Should.Throw<DatasetException>(() => data.Loader.Load(Skipping("d"), 16, default));

        fault.Field.ShouldBe("onBrokenImage");
        fault.Message.ShouldContain("of 43, 3 files cannot be decoded: 'a/broken");
    }

    [Fact]
    public void All_images_of_a_class_are_refused()
    {
        data.Add("d/a", 20).Add("d/b", 20).Write("d/c/broken.jpg", [0xFF, 0xD8, 0xFF, 0xE0]);

        Should.Throw<DatasetException>(() => data.Loader.Load(Skipping("d"), 16, default)).Message.ShouldContain("class 'c' has no training images");
    }

    [Fact]
    public async Task What_an_inspection_has_found_is_known_before_a_job_is_made()
    {
        Break(1);
        data.Catalogue.Inspect(ImageFolderFixture.Folder("d")).Broken.ShouldBeNull();
        await new DatasetInspector(data.Options, TimeProvider.System, NullLogger<DatasetInspector>.Instance).InspectAsync(ImageFolderFixture.Folder("d"));

        var known = data.Catalogue.Inspect(ImageFolderFixture.Folder("d"));
        known.Broken.ShouldNotBeNull().Named.ShouldHaveSingleItem().ShouldStartWith("'a/broken0.jpg' (");
        known.Remarks.ShouldContain(remark => remark.StartsWith("1 file cannot be decoded", StringComparison.Ordinal));
        data.Catalogue.Inspect(ImageFolderFixture.Folder("d") with { Exif = ExifOrientation.Apply }).Broken.ShouldNotBeNull().Count.ShouldBe(1);
        data.Catalogue.Inspect(ImageFolderFixture.Folder("d", "b", "a")).Broken.ShouldNotBeNull().Count.ShouldBe(1);

        var skipping = data.Catalogue.Inspect(Skipping("d"));
        skipping.Broken.ShouldBeNull();
        skipping.Classes.Sum(c => c.Train + c.Test).ShouldBe(40);
    }

    [Fact]
    public async Task Images_that_training_and_test_share_are_told_once_they_are_known()
    {
        data.Write("d/train/a/1.jpg", Image(1)).Write("d/train/b/2.jpg", Image(2)).Write("d/test/a/3.jpg", Image(1)).Write("d/test/b/4.jpg", Image(4));
        await new DatasetInspector(data.Options, TimeProvider.System, NullLogger<DatasetInspector>.Instance).InspectAsync(ImageFolderFixture.Folder("d"));

        data.Catalogue.Inspect(ImageFolderFixture.Folder("d")).Problems.ShouldHaveSingleItem().ShouldContain("'test/a/3.jpg' is 'train/a/1.jpg'");
    }

    [Fact]
    public void In_a_contact_sheet_they_are_crossed_out()
    {
        data.Add("d/train/a", 5).Add("d/train/b", 5).Add("d/test/a", 1).Add("d/test/b", 1).Write("d/train/a/broken.jpg", [0xFF, 0xD8, 0xFF, 0xE0]);
        data.Add("whole/a", 21).Add("whole/b", 20);
        var inspector = new DatasetInspector(data.Options, TimeProvider.System, NullLogger<DatasetInspector>.Instance);

        RedPixels(inspector.ContactSheetOf(ImageFolderFixture.Folder("d"), default)).ShouldBeGreaterThan(200);
        RedPixels(inspector.ContactSheetOf(ImageFolderFixture.Folder("whole"), default)).ShouldBe(0);

        static int RedPixels(byte[] png)
        {
            using var picture = SkiaSharp.SKBitmap.Decode(png);
            return picture.Pixels.Count(pixel => (pixel.Red, pixel.Green, pixel.Blue) == (0xC0, 0, 0));
        }
    }

    /// <summary>20 images in each of two classes, and so many broken ones in one of them.</summary>
    private void Break(int count)
    {
        data.Add("d/a", 20).Add("d/b", 20);
        for (var i = 0; i < count; i++) data.Write($"d/a/broken{i}.jpg", [0xFF, 0xD8, 0xFF, 0xE0]);
    }

    private static byte[] Image(int shade) => [.. "P5 2 2 255\n"u8, (byte)shade, 0, 0, 0];

    private static DatasetSpec Skipping(string path) => ImageFolderFixture.Folder(path) with { OnBrokenImage = BrokenImage.Skip };
}
