using System.Globalization;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using FsCheck;
using FsCheck.Fluent;
using NeuralCapacitance.Domain.Jobs;

namespace NeuralCapacitance.Domain.Tests.Jobs;

/// <summary>What a message offers is accepted: no range is empty, and both ends of one pass the next check.</summary>
public sealed partial class SpecOffersTests
{
    private static readonly string[] Paths =
        ["training.epochs", "training.batchSize", "training.imageSize", "training.trainLimit", "training.validation", "selection.observe", "selection.start"];

    private readonly JobSpecReader _reader = new(new FewBackbones(), new FewDatasets());

    [Fact]
    public void Every_offer_of_a_number_can_be_accepted()
    {
        var offers = 0;
        Check.One(Config.QuickThrowOnFailure.WithMaxTest(5_000), Prop.ForAll(Specs.ToArbitrary(), text =>
        {
            foreach (var fault in _reader.Read(text).Faults.Where(fault => Paths.Contains(fault.Path)))
            {
                if (Range().Match(fault.Accepted) is not { Success: true } range) continue;
                var (min, max) = (long.Parse(range.Groups["min"].ValueSpan, CultureInfo.InvariantCulture), long.Parse(range.Groups["max"].ValueSpan, CultureInfo.InvariantCulture));
                min.ShouldBeLessThanOrEqualTo(max, $"{fault} of {text}");
                foreach (var offered in new[] { min, max })
                {
                    _reader.Read(With(text, fault.Path, offered)).Faults.ShouldAllBe(other => other.Path != fault.Path, $"{fault} with {offered} of {text}");
                    offers++;
                }
            }
        }));
        offers.ShouldBeGreaterThan(1_000);
    }

    [Theory]
    [InlineData("""{ "validation": 999 }""", "training.validation", "a count from 1 to 936, a fraction that sets as many aside, or null")]
    [InlineData("""{ "validation": 999, "batchSize": 2 }""", "training.validation", "a count from 1 to 998, a fraction that sets as many aside, or null")]
    [InlineData("""{ "validation": 999, "trainLimit": 900 }""", "training.validation", "a count from 1 to 100, a fraction that sets as many aside")]
    [InlineData("""{ "batchSize": 100000 }""", "training.batchSize", "a whole number from 2 to 700")]
    [InlineData("""{ "batchSize": 100000, "trainLimit": 100 }""", "training.batchSize", "a whole number from 2 to 100")]
    [InlineData("""{ "trainLimit": 1 }""", "training.trainLimit", "a whole number from 64 to 700, or null for all")]
    [InlineData("""{ "epochs": 1 }""", "training.epochs", "a whole number from 2 to 10000")]
    [InlineData("""{ "imageSize": 2000 }""", "training.imageSize", "a whole number from 8 to 1024")]
    [InlineData("""{ "imageSize": 2000, "batchSize": 690 }""", "training.imageSize", "a whole number from 8 to 1018")]
    public void An_offer_follows_from_the_rest_of_the_spec(string training, string path, string accepted)
    {
        var fault = _reader.Read($$"""{ "dataset": { "name": "image-folder", "path": "birds" }, "candidates": ["vgg16", "resnet50"], "training": {{training}} }""").Faults.ShouldHaveSingleItem();
        (fault.Path, fault.Accepted).ShouldBe((path, accepted));
    }

    [Theory]
    [InlineData(2, null, 2)]
    [InlineData(4, null, 4)]
    [InlineData(50, null, 5)]
    [InlineData(10, 7, 3)]
    public void A_window_that_the_spec_does_not_say_fits_the_epochs(int epochs, int? start, int observe)
        => _reader.Read($$"""{ "dataset": { "name": "cifar10" }, "candidates": ["vgg16", "resnet50"], "training": { "epochs": {{epochs}} }, "selection": { "start": {{start?.ToString(CultureInfo.InvariantCulture) ?? "null"}} } }""")
            .Spec.ShouldNotBeNull().Selection.Observe.ShouldBe(observe);

    [Fact]
    public void A_data_set_too_small_to_train_on_is_told_as_such()
        => _reader.Read("""{ "dataset": { "name": "image-folder", "path": "tiny" }, "candidates": ["vgg16", "resnet50"] }""").Faults
            .ShouldHaveSingleItem().ShouldBe(new SpecFault("dataset.path", "tiny", "has 2 training images", "a data set with at least 3 training images"));

    private static Gen<string> Specs =>
        from dataset in Gen.Elements(
            """{ "name": "image-folder", "path": "birds" }""", """{ "name": "image-folder", "path": "pre-split" }""", """{ "name": "image-folder", "path": "few" }""",
            """{ "name": "synthetic", "synthetic": { "trainImages": 20 } }""", """{ "name": "cifar10" }""")
        from values in Gen.ArrayOf(Number, Paths.Length)
        select With($$"""{ "dataset": {{dataset}}, "candidates": ["vgg16", "resnet50"], "training": {}, "selection": {} }""", Paths.Zip(values));

    private static Gen<double?> Number => Gen.OneOf(
        Gen.Constant<double?>(null),
        Gen.Elements<double?>(-1, 0, 0.001, 0.5, 1, 1.5, 2, 3, 4, 5, 6, 8, 49, 50, 64, 300, 682, 700, 701, 998, 999, 1_000, 1_024, 1_100, 9_999, 10_000, 10_001, 65_536, 70_000, 1e9),
        Gen.Choose(0, 1_100).Select(number => (double?)number));

    private static string With(string text, IEnumerable<(string Path, double? Value)> values)
        => values.Where(value => value.Value is not null).Aggregate(text, (spec, value) => With(spec, value.Path, JsonValue.Create(value.Value!.Value)));

    private static string With(string text, string path, JsonNode value)
    {
        var root = JsonNode.Parse(text)!;
        var parts = path.Split('.');
        root[parts[0]]![parts[1]] = value;
        return root.ToJsonString();
    }

    [GeneratedRegex(@"from (?<min>-?\d+) to (?<max>-?\d+)", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Range();
}
