using System.Text;
using System.Text.Json;
using FsCheck;
using FsCheck.Fluent;
using NeuralCapacitance.Domain.Backbones;
using NeuralCapacitance.Domain.Datasets;
using NeuralCapacitance.Domain.Finalizations;
using NeuralCapacitance.Domain.Jobs;

namespace NeuralCapacitance.Domain.Tests.Jobs;

/// <summary>Documents made to cost more than they weigh. What counts is the work that is done and the size of what is told.</summary>
public sealed class ManyFaultsTests
{
    private const int MostBytes = 256 * 1024;

    /// <summary>Of an answer to a document without any: fifty messages with what would be accepted.</summary>
    private const int Allowance = 128 * 1024;

    private const string Pair = """ "candidates": ["resnet18", "vgg16"] """;
    private const string Synthetic = """ "dataset": { "name": "synthetic" } """;

    private readonly CountingBackbones _backbones = new();

    [Fact]
    public void The_first_fifty_faults_are_told_and_that_there_are_more()
    {
        var result = Read($$"""{ {{Pair}}, {{Synthetic}}, {{Fields(51)}} }""");

        result.Faults.Select(fault => fault.Path).ShouldBe(Enumerable.Range(0, 50).Select(i => $"x{i}"));
        result.HasMore.ShouldBeTrue();
        (result.Spec, result.Intended).ShouldBe((null, null));
    }

    [Fact]
    public void Fifty_faults_are_all_there_are()
    {
        var result = Read($$"""{ {{Pair}}, {{Synthetic}}, {{Fields(50)}} }""");

        result.Faults.Count.ShouldBe(50);
        result.HasMore.ShouldBeFalse();
    }

    [Fact]
    public void A_list_of_too_many_candidates_is_one_fault_and_none_is_looked_up()
    {
        var result = Read($$"""{ {{Synthetic}}, "candidates": {{List(100_000, "1")}} }""");

        result.Faults.ShouldHaveSingleItem().Problem.ShouldBe("has 100000 candidates");
        Read($$"""{ {{Synthetic}}, "candidates": {{List(20_000, "\"resnet18\"")}} }""").Faults.ShouldHaveSingleItem();
        _backbones.LookedUp.ShouldBe(0);
    }

    [Fact]
    public void Candidates_are_read_no_further_than_faults_are_told()
    {
        Read($$"""{ {{Synthetic}}, "candidates": {{List(200, "\"resnet9000\"")}} }""").HasMore.ShouldBeTrue();

        _backbones.LookedUp.ShouldBe(51);
    }

    [Fact]
    public void A_network_of_too_many_layers_is_one_fault()
        => Read($$"""{ {{Synthetic}}, {{Pair}}, "probe": { "hidden": {{List(100_000, "0")}} } }""").Faults.ShouldHaveSingleItem().Problem.ShouldBe("has 100000 layers");

    [Fact]
    public void As_many_classes_as_fit_are_compared_in_one_pass()
    {
        var names = Enumerable.Range(0, 38_057).Select(i => $"\"{i:x}\"").ToList();
        var text = string.Join(',', names);
        text.Length.ShouldBeLessThan(MostBytes);

        Read($$"""{ "dataset": { "name": "image-folder", "path": "birds", "classes": [{{text}}] }, {{Pair}} }""").Faults.ShouldBeEmpty();

        var twice = Read($$"""{ "dataset": { "name": "image-folder", "path": "birds", "classes": [{{text}}, "0"] }, {{Pair}} }""");
        twice.Faults.ShouldHaveSingleItem().ShouldSatisfyAllConditions(
            fault => fault.Path.ShouldBe("dataset.classes[38057]"),
            fault => fault.Problem.ShouldBe("is listed twice"));
    }

    [Fact]
    public void Obstacles_beyond_the_fiftieth_leave_the_spec_to_a_dry_run()
    {
        var candidates = string.Join(',', Enumerable.Range(0, 60).Select(i => $$"""{ "backbone": "mobilenetv2", "weights": "imagenet", "name": "m{{i}}" }"""));

        var result = Read($$"""{ {{Synthetic}}, "candidates": [{{candidates}}] }""");
        (result.Faults.Count, result.HasMore).ShouldBe((50, true));
        result.Intended.ShouldNotBeNull().Candidates.Count.ShouldBe(60);

        var wrong = Read($$"""{ {{Synthetic}}, "candidates": [{{candidates}}], "training": { "epochs": 2 }, "selection": { "observe": 3 } }""");
        (wrong.Faults.Count, wrong.HasMore, wrong.Intended).ShouldBe((50, true, null));
        wrong.Faults[^1].Path.ShouldBe("selection.observe", "a fault of the spec itself is told before obstacles");
    }

    [Fact]
    public void A_field_of_an_endless_name_is_cut_between_characters()
    {
        var fault = Read($$"""{ {{Synthetic}}, {{Pair}}, "{{string.Concat(Enumerable.Repeat("🐦", 20_000))}}": 1 }""").Faults.ShouldHaveSingleItem();

        fault.Path.Length.ShouldBeLessThanOrEqualTo(300);
        fault.Path.ShouldEndWith("🐦…");
    }

    [Fact]
    public void What_is_told_is_never_much_longer_than_what_was_sent()
        => Check.One(Config.QuickThrowOnFailure.WithMaxTest(200), Prop.ForAll(HostileGen.Documents.ToArbitrary(), json =>
        {
            var result = Read(json);
            var told = JsonSerializer.Serialize(result.Faults);
            result.Faults.Count.ShouldBeLessThanOrEqualTo(50);
            Encoding.UTF8.GetByteCount(told).ShouldBeLessThanOrEqualTo((2 * Encoding.UTF8.GetByteCount(json)) + Allowance);
            _backbones.LookedUp.ShouldBeLessThanOrEqualTo(251);
            _backbones.LookedUp = 0;
        }));

    [Fact]
    public void A_request_to_finalize_stops_at_fifty_faults_too()
    {
        var job = Read($$"""{ {{Synthetic}}, {{Pair}} }""").Spec.ShouldNotBeNull();

        var result = FinalizeReader.Read($$"""{ {{Fields(10_000)}} }""", job, new FewDatasets());
        (result.Faults.Count, result.HasMore).ShouldBe((50, true));
    }

    [Fact]
    public void A_ranking_of_unknown_predictors_stops_at_fifty_faults_too()
    {
        var job = Read($$"""{ {{Synthetic}}, {{Pair}} }""").Spec.ShouldNotBeNull();

        var result = SelectionQuery.Resolve(job, null, null, string.Join(',', Enumerable.Range(0, 5_000)));
        (result.Faults.Count, result.HasMore, result.Selections.Count).ShouldBe((50, true, 0));
    }

    private static string Fields(int count) => string.Join(',', Enumerable.Range(0, count).Select(i => $"\"x{i}\": 1"));

    private static string List(int count, string item) => $"[{string.Join(',', Enumerable.Repeat(item, count))}]";

    private JobSpecResult Read(string json) => new JobSpecReader(_backbones, new FewDatasets(), new OneWeightsFile()).Read(json);

    private sealed class CountingBackbones : IBackboneCatalogue
    {
        private readonly FewBackbones few = new();

        public int LookedUp { get; set; }

        public IReadOnlyList<BackboneInfo> All => few.All;

        public IReadOnlyList<BackbonePattern> Patterns => few.Patterns;

        public BackboneInfo? Find(string name)
        {
            LookedUp++;
            return few.Find(name);
        }

        public BackboneFault? Explain(string name) => few.Explain(name);
    }
}
