using NeuralCapacitance.Domain.Jobs;

namespace NeuralCapacitance.Domain.Tests.Jobs;

public sealed class DatasetSpecTests
{
    private readonly JobSpecReader _reader = new(new FewBackbones(), new FewDatasets(), new OneWeightsFile());

    [Theory]
    [InlineData("", BrokenImage.Fail)]
    [InlineData(", \"onBrokenImage\": \"fail\"", BrokenImage.Fail)]
    [InlineData(", \"onBrokenImage\": \"skip\"", BrokenImage.Skip)]
    [InlineData(", \"onBrokenImage\": null", BrokenImage.Fail)]
    public void What_becomes_of_broken_images_is_read(string field, BrokenImage expected)
        => Read("birds", field).Spec.ShouldNotBeNull().Dataset.OnBrokenImage.ShouldBe(expected);

    [Fact]
    public void Another_word_is_refused_with_those_that_are_accepted()
    {
        var fault = Read("birds", ", \"onBrokenImage\": \"ignore\"").Faults.ShouldHaveSingleItem();
        fault.Path.ShouldBe("dataset.onBrokenImage");
        fault.Accepted.ShouldContain("skip");
    }

    [Fact]
    public void It_has_no_meaning_where_images_are_no_files()
        => _reader.Read("""{ "dataset": { "name": "cifar10", "onBrokenImage": "skip" }, "candidates": ["resnet50", "vgg16"] }""")
            .Faults.ShouldHaveSingleItem().Problem.ShouldBe("has no meaning for the data set 'cifar10'");

    [Fact]
    public void A_set_whose_broken_files_are_known_is_refused_with_them()
    {
        var fault = Read("damaged", "").Faults.ShouldHaveSingleItem();
        (fault.Path, fault.Value).ShouldBe(("dataset.path", "damaged"));
        fault.Problem.ShouldBe("2 files cannot be decoded: 'a/1.jpg' (empty); 'a/2.jpg' (empty)");
        fault.Accepted.ShouldContain("\"onBrokenImage\": \"skip\"");
        Read("damaged", ", \"onBrokenImage\": \"skip\"").Spec.ShouldNotBeNull();
    }

    [Fact]
    public void Skipping_is_not_offered_where_it_would_be_refused()
    {
        var fault = Read("ruined", "").Faults.ShouldHaveSingleItem();
        fault.Problem.ShouldBe("90 files cannot be decoded: 'a/1.jpg' (empty); and 89 more");
        fault.Accepted.ShouldNotContain("skip");
    }

    [Fact]
    public void What_makes_results_hard_to_believe_is_told_with_the_data_sets_problems()
    {
        Read("scanty", "", """ "training": { "batchSize": 4 } """).Problems.ShouldBe(
        [
            "'extra' is not read.",
            "Fewer than 10 training images in 2 classes: 'class0', 'class1'.",
            "Only 5 validation images: two candidates whose accuracies differ by less than 62 points can hardly be told apart.",
        ]);
        Read("birds", "").Problems.ShouldBeEmpty();
    }

    [Fact]
    public void A_class_of_which_no_image_may_be_set_aside_is_told()
        => Read("scanty", "", """ "training": { "batchSize": 4, "validation": 1 } """).Problems.ShouldContain("The validation images that are set aside may hold none of 'class0', 'class1', of which there are too few.");

    private JobSpecResult Read(string path, string field, string more = """ "name": null """)
        => _reader.Read($$"""{ "dataset": { "name": "image-folder", "path": "{{path}}"{{field}} }, "candidates": ["resnet50", "vgg16"], {{more}} }""");
}
