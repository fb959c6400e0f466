using NeuralCapacitance.Domain.Datasets;
using NeuralCapacitance.Domain.Jobs;
using NeuralCapacitance.Worker.Datasets.Synthetic;

namespace NeuralCapacitance.Worker.Tests.Datasets.Synthetic;

public sealed class SyntheticImagesTests
{
    private const int Size = 16;

    [Fact]
    public void An_image_depends_on_seed_part_and_index_alone()
    {
        var image = Render(1, test: false, 7);
        Render(1, test: false, 7).ShouldBe(image);
        Render(2, test: false, 7).ShouldNotBe(image);
        Render(1, test: true, 7).ShouldNotBe(image);
        Render(1, test: false, 17).ShouldNotBe(image);
    }

    [Fact]
    public void Classes_are_balanced_and_described()
    {
        using var folder = new ImageFolderFixture();
        var info = folder.Catalogue.Inspect(Spec(new SyntheticSpec { Classes = 3, TrainImages = 10, TestImages = 4 }));
        info.Classes.ShouldBe([new ClassCount("striped-disc", 4, 2), new ClassCount("checked-disc", 3, 1), new ClassCount("striped-square", 3, 1)]);
    }

    [Fact]
    public void Classes_can_be_chosen_by_name()
    {
        var images = new SyntheticImages(Spec(new SyntheticSpec(), "checked-cross", "striped-disc"));
        images.Classes.ShouldBe(["checked-cross", "striped-disc"]);
        Should.Throw<DatasetException>(() => new SyntheticImages(Spec(new SyntheticSpec { Classes = 2 }, "checked-cross"))).Field.ShouldBe("classes");
    }

    [Fact]
    public void Too_many_classes_are_refused()
        => Should.Throw<DatasetException>(() => new SyntheticImages(Spec(new SyntheticSpec { Classes = 11 }))).Message.ShouldContain("2 … 10");

    /// <summary>Mean colour says nothing about the class: a nearest-centroid classifier on it does no better than chance.</summary>
    [Fact]
    public void Colour_does_not_give_the_class_away()
    {
        const int count = 1_000;
        var colours = Enumerable.Range(0, 2 * count).Select(i => MeanColour(Render(1, i >= count, i % count))).ToArray();
        var centroids = Enumerable.Range(0, 10).Select(c => Mean(Enumerable.Range(0, count).Where(i => i % 10 == c).Select(i => colours[i]))).ToArray();
        var right = Enumerable.Range(0, count).Count(i => Nearest(centroids, colours[count + i]) == i % 10);
        right.ShouldBeInRange(count / 20, count / 6);
    }

    private static byte[] Render(long seed, bool test, int index)
    {
        var planes = new byte[3 * Size * Size];
        new SyntheticImages(Spec(new SyntheticSpec { Seed = seed })).Render(test, index, Size, planes);
        return planes;
    }

    private static DatasetSpec Spec(SyntheticSpec synthetic, params string[] classes)
        => new() { Name = DatasetSpec.SyntheticName, Synthetic = synthetic, Classes = classes.Length == 0 ? null : classes };

    private static double[] MeanColour(byte[] planes) => [.. planes.Chunk(Size * Size).Select(plane => plane.Average(b => (double)b))];

    private static double[] Mean(IEnumerable<double[]> values)
    {
        var all = values.ToArray();
        return [.. Enumerable.Range(0, 3).Select(c => all.Average(v => v[c]))];
    }

    private static int Nearest(double[][] centroids, double[] value)
        => Enumerable.Range(0, centroids.Length).MinBy(c => centroids[c].Zip(value, (a, b) => (a - b) * (a - b)).Sum());
}
