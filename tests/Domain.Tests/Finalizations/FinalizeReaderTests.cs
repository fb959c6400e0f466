using NeuralCapacitance.Domain.Finalizations;
using NeuralCapacitance.Domain.Jobs;
using NeuralCapacitance.Domain.Tests.Jobs;

namespace NeuralCapacitance.Domain.Tests.Finalizations;

public sealed class FinalizeReaderTests
{
    private static readonly JobSpec Job = new()
    {
        Dataset = new() { Name = "image-folder", Path = "birds" },
        Candidates = [new() { Name = "resnet18", Backbone = "resnet18" }, new() { Name = "mine", Backbone = "vgg16", Weights = "file:job/a.safetensors" }],
        Training = new() { Epochs = 30, Repeats = 4, Seed = 7, TrainLimit = 100 },
        Selection = new() { Observe = 5, Start = 2, Predictor = "last-seen", Finalize = new() },
        Priority = 3,
    };

    [Fact]
    public void Nothing_is_enough()
    {
        var order = Accepted("{}");

        order.ShouldBe(new FinalizeOrder(new FinalizeSpec(), Candidate: null, Predictor: null));
        var spec = order.Spec.For(Job, Job.Candidates[1]);
        spec.Candidates.ShouldBe([Job.Candidates[1]]);
        spec.Head.ShouldBe(ModelHead.Linear);
        spec.Training.ShouldBe(Job.Training with { Repeats = 1, SaveWeights = true });
        spec.EpochsTarget().ShouldBe(30);
        spec.EpochsTested().ShouldBe(3);
        spec.Selection.Finalize.ShouldBeNull();
        (spec.Priority, spec.Dataset).ShouldBe((Job.Priority, Job.Dataset));
    }

    [Fact]
    public void Every_field_is_read()
    {
        var order = Accepted("""{ "candidate": "mine", "head": "trainable-probe", "epochs": 90, "trainLimit": "all", "seed": 2 }""");

        order.Candidate.ShouldBe("mine");
        var spec = order.Spec.For(Job, Job.Candidates[1]);
        spec.Head.ShouldBe(ModelHead.TrainableProbe);
        (spec.Training.Epochs, spec.Training.TrainLimit, spec.Training.Seed).ShouldBe((90, null, 2));
        Accepted("""{ "predictor": "best-seen", "trainLimit": 80 }""").ShouldBe(new FinalizeOrder(new() { TrainLimit = 80 }, null, "best-seen"));
    }

    [Fact]
    public void Every_fault_is_found_at_once_with_what_would_be_accepted()
    {
        var faults = Faults("""{ "candidate": "resnet81", "head": "lineal", "epochs": 0, "trainLimit": "some", "seed": -1, "epoch": 3 }""");

        faults.Select(fault => fault.Path).ShouldBe(["head", "epochs", "trainLimit", "seed", "candidate", "epoch"]);
        faults[0].Problem.ShouldContain("did you mean linear?");
        faults[0].Accepted.ShouldBe("probe, linear, trainable-probe");
        faults[4].Problem.ShouldContain("did you mean resnet18?");
        faults[4].Accepted.ShouldBe("resnet18, mine");
        faults[5].Problem.ShouldContain("no field of a request to finalize");
    }

    [Fact]
    public void A_predictor_has_no_meaning_beside_a_candidate()
        => Faults("""{ "candidate": "mine", "predictor": "last-seen" }""").ShouldHaveSingleItem().Path.ShouldBe("predictor");

    [Fact]
    public void More_images_than_there_are_are_a_fault()
        => Faults("""{ "trainLimit": 900 }""").ShouldHaveSingleItem().ShouldSatisfyAllConditions(
            fault => fault.Path.ShouldBe("trainLimit"), fault => fault.Problem.ShouldContain("more than the 700 training images"));

    [Theory]
    [InlineData("[]", "$")]
    [InlineData("{", "$")]
    [InlineData("""{ "candidate": "\u0000" }""", "$")]
    public void What_is_no_object_is_refused(string json, string path) => Faults(json)[0].Path.ShouldBe(path);

    [Fact]
    public void A_data_set_that_has_gone_is_a_fault()
    {
        var result = FinalizeReader.Read("{}", Job with { Dataset = new() { Name = "image-folder", Path = "gone" } }, new FewDatasets());

        result.Faults.ShouldHaveSingleItem().Path.ShouldBe("dataset.path");
    }

    [Theory]
    [InlineData("""{ "head": "probe" }""", ModelHead.Probe, null)]
    [InlineData("{}", ModelHead.Linear, null)]
    [InlineData("""{ "trainLimit": "all", "epochs": 9 }""", ModelHead.Linear, FinalizeSpec.AllImages)]
    public void A_job_can_ask_for_it_beforehand(string finalize, ModelHead head, int? trainLimit)
    {
        var spec = Read($$"""{ "finalize": {{finalize}} }""").Spec.ShouldNotBeNull();

        spec.Selection.Finalize.ShouldNotBeNull().ShouldSatisfyAllConditions(asked => asked.Head.ShouldBe(head), asked => asked.TrainLimit.ShouldBe(trainLimit));
        var json = JobSpecJson.Write(spec);
        JobSpecJson.Write(JobSpecJson.Parse(json)).ShouldBe(json);
        Read(json, whole: true).Spec.ShouldNotBeNull().Selection.Finalize.ShouldBe(spec.Selection.Finalize);
    }

    [Theory]
    [InlineData("""{ "finalize": { "candidate": "resnet18" } }""", "selection.finalize.candidate")]
    [InlineData("""{ "finalize": { "head": 1 } }""", "selection.finalize.head")]
    [InlineData("""{ "finalize": { "trainLimit": 5000 } }""", "selection.finalize.trainLimit")]
    [InlineData("""{ "finalize": true }""", "selection.finalize")]
    public void A_job_that_asks_for_something_else_is_refused(string selection, string path) => Read(selection).Faults.ShouldHaveSingleItem().Path.ShouldBe(path);

    [Fact]
    public void The_head_of_a_finalization_survives_its_JSON()
    {
        var spec = new FinalizeSpec { Head = ModelHead.TrainableProbe }.For(Job, Job.Candidates[0]);

        var json = JobSpecJson.Write(spec);

        json.ShouldContain("\"head\":\"trainable-probe\"");
        JobSpecJson.Parse(json).Head.ShouldBe(ModelHead.TrainableProbe);
        JobSpecJson.Write(Job).ShouldNotContain("head\":null");
    }

    private static FinalizeOrder Accepted(string json)
    {
        var result = FinalizeReader.Read(json, Job, new FewDatasets());
        result.Faults.ShouldBeEmpty();
        return result.Order.ShouldNotBeNull();
    }

    private static IReadOnlyList<SpecFault> Faults(string json)
    {
        var result = FinalizeReader.Read(json, Job, new FewDatasets());
        result.Order.ShouldBeNull();
        return result.Faults;
    }

    private static JobSpecResult Read(string json, bool whole = false) => new JobSpecReader(new FewBackbones(), new FewDatasets(), new OneWeightsFile()).Read(
        whole ? json : $$"""{ "dataset": { "name": "image-folder", "path": "birds" }, "candidates": ["resnet18", "vgg16"], "selection": {{json}} }""");
}
