using System.Text.Json;
using NeuralCapacitance.Domain.Datasets;
using NeuralCapacitance.Domain.Jobs;
using NeuralCapacitance.Worker.Datasets;

namespace NeuralCapacitance.Worker.Tests.Datasets;

public sealed class SplitRuleTests
{
    private static readonly int[] Labels = [.. Enumerable.Range(0, 1_000).Select(i => i < 700 ? 0 : i < 950 ? 1 : 2)];

    [Theory]
    [InlineData(null, 300)]
    [InlineData(0.1, 100)]
    [InlineData(250.0, 250)]
    public void Validation_images_are_set_aside_and_the_rest_is_trained_on(double? validation, int expected)
    {
        var split = SplitRule.SetAside(Labels, validation, null, 1);
        split.Validation.Length.ShouldBe(expected);
        split.Train.Concat(split.Validation).Order().ShouldBe(Enumerable.Range(0, Labels.Length));
    }

    [Fact]
    public void No_more_than_15_000_images_are_set_aside_by_default()
        => SplitRule.SetAside(new int[60_000], null, null, 1).Validation.Length.ShouldBe(15_000);

    /// <summary>The paper's experiments: 15 000 of CIFAR's 50 000 set aside, 10 000 … 35 000 of the others trained on.</summary>
    [Fact]
    public void The_papers_splits_equal_those_of_another_implementation()
    {
        var labels = Enumerable.Range(0, 50_000).Select(i => i % 10).ToArray();
        var cases = JsonSerializer.Deserialize<Case[]>(File.ReadAllText(Path.Combine(ImageFolderFixture.Goldens, "splits.json")), JsonSerializerOptions.Web)!;
        cases.Select(c => c.Limit).Distinct().ShouldBe([10_000, 15_000, 20_000, 25_000, 30_000, 35_000]);
        foreach (var expected in cases)
        {
            var (train, validation) = SplitRule.SetAside(labels, null, expected.Limit, expected.Seed);
            (train.Length, validation.Length).ShouldBe((expected.Limit, 15_000));
            validation[..20].ShouldBe(expected.Validation);
            train[..20].ShouldBe(expected.Train);
            train[^1].ShouldBe(expected.Last);
            (validation.Sum(i => (long)i), train.Sum(i => (long)i)).ShouldBe((expected.ValidationSum, expected.TrainSum));
        }
    }

    [Fact]
    public void A_data_set_is_judged_on_the_validation_images_that_it_brings()
    {
        using var folder = PreSplit();
        using var data = folder.Loader.Load(ImageFolderFixture.Folder("birds"), 8, default);
        data.Validation.ShouldNotBeNull().Labels.ShouldBe([0, 0, 1]);

        var split = SplitRule.Apply(data, new TrainingSpec());

        split.ValidationSet.ShouldBeSameAs(data.Validation);
        split.Validation.ShouldBe([0, 1, 2]);
        split.Train.Order().ShouldBe(Enumerable.Range(0, 10));
        SplitRule.Apply(data, new TrainingSpec { TrainLimit = 4 }).Train.ShouldBe(split.Train[..4]);
        SplitRule.Apply(data, new TrainingSpec { Seed = 2 }).Train.ShouldNotBe(split.Train);
        Should.Throw<DatasetException>(() => SplitRule.Apply(data, new TrainingSpec { Validation = 3 })).Message.ShouldContain("brings its own 3 validation images");
    }

    [Fact]
    public void Without_a_validation_set_images_are_set_aside_from_those_for_training()
    {
        using var folder = PreSplit();
        Directory.Delete(Path.Combine(folder.Root, "birds", "valid"), recursive: true);
        using var data = folder.Loader.Load(ImageFolderFixture.Folder("birds"), 8, default);
        data.Validation.ShouldBeNull();

        var split = SplitRule.Apply(data, new TrainingSpec());

        split.ValidationSet.ShouldBeSameAs(data.Train);
        split.Train.Concat(split.Validation).Order().ShouldBe(Enumerable.Range(0, 10));
        split.Validation.Length.ShouldBe(3);
    }

    [Fact]
    public void A_limit_takes_the_first_of_those_that_no_limit_would_take()
    {
        var all = SplitRule.SetAside(Labels, 300, null, 1);
        var some = SplitRule.SetAside(Labels, 300, 50, 1);
        some.Train.ShouldBe(all.Train[..50]);
        some.Validation.ShouldBe(all.Validation);
        SplitRule.SetAside(Labels, 300, 5_000, 1).Train.ShouldBe(all.Train);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(99)]
    public void Every_part_holds_the_classes_in_their_proportions(long seed)
    {
        var split = SplitRule.SetAside(Labels, 300, 100, seed);
        Counts(split.Validation).ShouldBe([210, 75, 15], 2);
        Counts(split.Train).ShouldBe([70, 25, 5], 2);
    }

    [Fact]
    public void The_seed_decides_who_is_set_aside()
    {
        SplitRule.SetAside(Labels, 300, null, 1).Validation.ShouldBe(SplitRule.SetAside(Labels, 300, null, 1).Validation);
        var common = SplitRule.SetAside(Labels, 300, null, 1).Validation.Intersect(SplitRule.SetAside(Labels, 300, null, 2).Validation).Count();
        common.ShouldBeInRange(60, 120); // 90 expected
    }

    [Theory]
    [InlineData(1_000.0)]
    [InlineData(0.0001)]
    [InlineData(0.9999)]
    public void A_split_with_nothing_on_one_side_is_refused(double validation)
        => Should.Throw<DatasetException>(() => SplitRule.SetAside(Labels, validation, null, 1)).Message.ShouldContain("of the data set's 1000 training images");

    private static ImageFolderFixture PreSplit() => new ImageFolderFixture()
        .Add("birds/train/crow", 5).Add("birds/train/wren", 5, "rgb.png").Add("birds/valid/crow", 2, "grey.jpg").Add("birds/valid/wren", 1, "grey.jpg")
        .Add("birds/test/crow", 1).Add("birds/test/wren", 1);

    private sealed record Case(long Seed, int Limit, int[] Validation, long ValidationSum, int[] Train, int Last, long TrainSum);

    private static double[] Counts(int[] indices) => [.. Enumerable.Range(0, 3).Select(label => (double)indices.Count(i => Labels[i] == label))];
}
