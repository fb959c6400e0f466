using System.Text.Json;
using NeuralCapacitance.Domain.Finalizations;
using NeuralCapacitance.Domain.Jobs;
using NeuralCapacitance.Infrastructure.Artifacts;
using NeuralCapacitance.Worker.Backbones;
using NeuralCapacitance.Worker.Models;
using NeuralCapacitance.Worker.Tests.Training;
using NeuralCapacitance.Worker.Tests.Weights;
using NeuralCapacitance.Worker.Training;
using NeuralCapacitance.Worker.Weights;
using TorchSharp;
using static TorchSharp.torch;

namespace NeuralCapacitance.Worker.Tests.Models;

/// <summary>Real finalizations on generated images.</summary>
[Collection(OwnGenerator.Name)]
public sealed class FinalizationTests : IDisposable
{
    private static readonly BackboneCatalogue Catalogue = new();
    private readonly Trials trials = new();

    [Theory]
    [InlineData(ModelHead.Probe)]
    [InlineData(ModelHead.Linear)]
    [InlineData(ModelHead.TrainableProbe)]
    public void A_head_learns_unless_it_is_the_frozen_probe_and_a_probe_has_a_beta(ModelHead head)
    {
        var plan = Plan(head, epochs: 2);
        var before = StateOfHead(Plan(head, epochs: 0));
        var heard = new RecordingListener();

        trials.Run(plan, heard);

        heard.Observations.Select(o => o.Epoch).ShouldBe([0, 1, 2]);
        heard.Observations.ShouldAllBe(o => (o.BetaEff != null) == (head != ModelHead.Linear));
        heard.Observations[2].TestAccuracy.ShouldNotBeNull();
        var learnt = Read(plan.WeightsPath!).Where(entry => entry.Key.StartsWith("head.", StringComparison.Ordinal) && entry.Key.EndsWith("weight", StringComparison.Ordinal))
            .Select(entry => entry.Value.SequenceEqual(before[entry.Key])).Distinct();
        learnt.ShouldBe([head == ModelHead.Probe]);
    }

    [Theory]
    [InlineData(ModelHead.Linear)]
    [InlineData(ModelHead.TrainableProbe)]
    public void A_resumed_finalization_gives_the_bits_of_one_that_was_never_stopped(ModelHead head)
    {
        var straight = Plan(head, epochs: 3);
        var heard = new RecordingListener();
        trials.Run(straight, heard);

        var resumed = Plan(head, epochs: 3);
        Should.Throw<OperationCanceledException>(() => trials.Run(resumed, new RecordingListener(o =>
        {
            if (o.Epoch == 2) throw new OperationCanceledException();
        })));
        var after = new RecordingListener();
        trials.Run(resumed, after);

        after.ContinuedFrom.ShouldBe(3);
        after.Numbers.Select(o => o with { TrialId = default }).ShouldBe(heard.Numbers.Select(o => o with { TrialId = default }));
        var (expected, actual) = (Read(straight.WeightsPath!), Read(resumed.WeightsPath!));
        actual.Keys.ShouldBe(expected.Keys, ignoreOrder: true);
        actual.ShouldAllBe(entry => entry.Value.SequenceEqual(expected[entry.Key]));
    }

    [Fact]
    public void A_checkpoint_under_another_head_is_not_resumed()
    {
        var linear = Plan(ModelHead.Linear, epochs: 1);
        Should.Throw<OperationCanceledException>(() => trials.Run(linear, new RecordingListener(_ => throw new OperationCanceledException())));
        var after = new RecordingListener();

        trials.Run(linear with { Spec = linear.Spec with { Head = ModelHead.Probe } }, after);

        after.ContinuedFrom.ShouldBe(0);
        after.Notes.ShouldHaveSingleItem().ShouldContain("another trial");
    }

    [Fact]
    public void The_file_says_how_to_feed_it_and_where_it_comes_from()
    {
        var plan = Plan(ModelHead.Linear, epochs: 1);
        var heard = new RecordingListener();
        trials.Run(plan, heard);

        using var file = SafetensorsReader.Open(plan.WeightsPath!);
        var about = file.Metadata;

        JsonSerializer.Deserialize<string[]>(about["classes"])!.Length.ShouldBe(Trials.Classes);
        (about["image_size"], about["input_size"], about["feature_width"], about["head"], about["head_name"]).ShouldBe(("32", "32", "64", "linear", "head"));
        JsonDocument.Parse(about["pixels"]).RootElement.GetProperty("mean")[0].GetDouble().ShouldBe(0.485);
        var accuracy = JsonDocument.Parse(about["accuracy"]).RootElement;
        accuracy.GetProperty("validation").GetDouble().ShouldBe(heard.Observations[^1].ValidationAccuracy);
        accuracy.GetProperty("test").GetDouble().ShouldBe(heard.Observations[^1].TestAccuracy!.Value);
        about["dataset_hash"].ShouldBe(heard.DatasetHash);
        JobSpecJson.Parse(about["spec"]).Head.ShouldBe(ModelHead.Linear);
        JsonDocument.Parse(about["software"]).RootElement.GetProperty("neural-capacitance").GetString().ShouldNotBeNullOrEmpty();
    }

    [Theory]
    [InlineData(ModelHead.Linear)]
    [InlineData(ModelHead.Probe)]
    public void A_model_starts_the_next_job(ModelHead head)
    {
        var plan = Plan(head, epochs: 1);
        trials.Run(plan, new RecordingListener());
        var heard = new RecordingListener();

        trials.Run(trials.Plan(epochs: 1, weights: "file:" + trials.RelativePath(plan.WeightsPath!)), heard);

        heard.Notes.Where(note => !note.StartsWith("The best validation accuracy", StringComparison.Ordinal)).ShouldHaveSingleItem().ShouldContain("head."); // one epoch may learn nothing
    }

    [TorchTheory]
    [InlineData("resnet8", ModelHead.Probe)]
    [InlineData("resnet8", ModelHead.Linear)]
    [InlineData("densenet-small", ModelHead.TrainableProbe)]
    [InlineData("resnet18", ModelHead.Linear)]
    [InlineData("alexnet", ModelHead.Linear)]
    public void PyTorch_loads_the_file_by_the_snippet_and_gives_the_same_logits(string backbone, ModelHead head)
    {
        using var folder = new TemporaryFolder();
        var plan = Plan(head, epochs: backbone is "alexnet" ? 0 : 1);
        plan = plan with { Candidate = plan.Candidate with { Name = backbone, Backbone = backbone } };
        trials.Run(plan, new RecordingListener());
        using var data = trials.LoadData();
        using var scope = NewDisposeScope();
        using var images = data.Test.Images([0, 1, 2, 3, 4]);
        File.WriteAllBytes(folder.File("images"), images.contiguous().bytes.ToArray());
        File.WriteAllText(folder.File("load.py"), PyTorchSnippet.For(Catalogue, plan.Candidate, head, "model.safetensors"));

        var (status, output, errors) = Python.Run(
            "-B", Repository.Tool("check_model.py"), plan.WeightsPath!, folder.File("load.py"), folder.File("images"), $"{Trials.ImageSize}");

        status.ShouldBe(0, errors);
        var answer = JsonDocument.Parse(output).RootElement;
        answer.GetProperty("classes").EnumerateArray().Select(name => name.GetString()).ShouldBe(data.Classes);
        OurLogits(plan, data, trials.Artifacts).ShouldBeNear(answer.GetProperty("logits").Numbers(), relative: 1e-4);
    }

    public void Dispose() => trials.Dispose();

    private TrialPlan Plan(ModelHead head, int epochs)
    {
        var plan = trials.Plan(epochs, mode: SelectionMode.Full);
        return plan with { Spec = plan.Spec with { Head = head, Selection = plan.Spec.Selection with { Scores = false } }, WeightsPath = trials.Artifacts.ModelPath(Guid.NewGuid(), plan.TrialId, plan.Attempt) };
    }

    private Dictionary<string, float[]> StateOfHead(TrialPlan plan)
    {
        trials.Run(plan, new RecordingListener());
        return Read(plan.WeightsPath!);
    }

    private static Dictionary<string, float[]> Read(string path)
    {
        using var scope = NewDisposeScope();
        using var file = SafetensorsReader.Open(path);
        return file.Entries.ToDictionary(entry => entry.Name, entry => file.Read(entry.Name).to(ScalarType.Float32).data<float>().ToArray(), StringComparer.Ordinal);
    }

    /// <summary>Of the first five test images, by the file's tensors in a network of ours.</summary>
    private static double[] OurLogits(TrialPlan plan, NeuralCapacitance.Worker.Datasets.LoadedDataset data, ArtifactStore artifacts)
    {
        using var scope = NewDisposeScope();
        using var _ = no_grad();
        var network = Catalogue.Create(plan.Candidate, plan.Spec.Training.ImageSize, artifacts);
        using var tuning = new FineTuning(
            network,
            Heads.Create(plan.Spec.Head!.Value, network.FeatureWidth, plan.Spec.Probe, data.Classes.Count),
            plan.Spec.Training,
            plan.Device);
        using var file = SafetensorsReader.Open(plan.WeightsPath!);
        foreach (var (name, tensor) in ModelFile.Tensors(tuning.Backbone, tuning.Head, ModelFile.HeadName(Catalogue, plan.Candidate.Backbone))) tensor.copy_(file.Read(name));
        tuning.Backbone.eval();
        tuning.Head.eval();
        return tuning.Head.call(tuning.Backbone.call(tuning.Batch(data.Test, [0, 1, 2, 3, 4]).Inputs)).Numbers();
    }
}
