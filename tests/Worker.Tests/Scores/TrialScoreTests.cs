using System.Runtime.InteropServices;
using NeuralCapacitance.Domain.Jobs;
using NeuralCapacitance.Domain.Predictors;
using NeuralCapacitance.Domain.Trials;
using NeuralCapacitance.Worker.Backbones;
using NeuralCapacitance.Worker.Scores;
using NeuralCapacitance.Worker.Tests.Training;
using NeuralCapacitance.Worker.Training;
using NeuralCapacitance.Worker.Weights;
using TorchSharp;
using static TorchSharp.torch;

namespace NeuralCapacitance.Worker.Tests.Scores;

/// <summary>The scores of real trials: measured once, before training, and without a trace in it.</summary>
[Collection(OwnGenerator.Name)]
public sealed class TrialScoreTests : IDisposable
{
    private readonly Trials trials = new();

    [Fact]
    public void Every_score_is_measured_before_the_first_observation()
    {
        var scoresAtFirst = -1;
        var heard = new RecordingListener();
        var listener = new RecordingListener(o => scoresAtFirst = o.Epoch == 0 ? heard.Scores.Count : scoresAtFirst) { Scores = heard.Scores };
        var plan = trials.Plan(epochs: 1);

        trials.Run(plan, listener);

        scoresAtFirst.ShouldBe(10);
        heard.Scores.Select(s => s.Name).ShouldBe(PredictorNames.Scores, ignoreOrder: true);
        heard.Scores.ShouldAllBe(s => s.TrialId == plan.TrialId && s.Seconds >= 0 && (s.Value == null) != (s.Reason == null));
        foreach (var name in new[] { PredictorNames.Nce, PredictorNames.Leep })
            Of(heard, name).Reason.ShouldBe("not applicable: the weights 'random' hold no classifier that they were trained with");
        Of(heard, PredictorNames.SourceAccuracy).Reason.ShouldBe("not applicable: the weights 'random' were not trained");
        heard.Scores.Where(s => s.Name is not (PredictorNames.Nce or PredictorNames.Leep or PredictorNames.SourceAccuracy)).ShouldAllBe(s => s.Value != null);
        Of(heard, PredictorNames.HScore).Value!.Value.ShouldBeInRange(0, Trials.Classes - 1);
        Of(heard, PredictorNames.LinearProbe).Value!.Value.ShouldBeInRange(0, 1);
        Of(heard, PredictorNames.GradNorm).Value!.Value.ShouldBeGreaterThan(0);
    }

    /// <summary>One with dropout in the backbone: what it draws must not change either.</summary>
    [Theory]
    [InlineData("resnet8")]
    [InlineData("alexnet-small")]
    [InlineData("mobilenet-small")]
    [Trait("Category", "Slow")]
    public void Training_gives_the_same_bits_as_without_scores(string backbone)
    {
        TrialPlan Plan(bool scores) => With(trials.Plan(epochs: 1), backbone, "random") is var plan
            ? plan with { WeightsPath = trials.Artifacts.WeightsPath(Guid.NewGuid(), Guid.NewGuid()), Spec = plan.Spec with { Selection = plan.Spec.Selection with { Scores = scores } } }
            : throw new InvalidOperationException();
        var (with, without) = (new RecordingListener(), new RecordingListener());
        var (planWith, planWithout) = (Plan(true), Plan(false));

        trials.Run(planWith, with);
        trials.Run(planWithout, without);

        with.Scores.Count.ShouldBe(10);
        without.Scores.ShouldBeEmpty();
        with.Numbers.Select(o => o with { TrialId = default }).ShouldBe(without.Numbers.Select(o => o with { TrialId = default }));
        File.ReadAllBytes(planWith.WeightsPath!).ShouldBe(File.ReadAllBytes(planWithout.WeightsPath!));
    }

    [Fact]
    public void The_same_trial_has_the_same_scores_and_another_seed_others()
    {
        var (first, second, other) = (new RecordingListener(), new RecordingListener(), new RecordingListener());

        trials.Run(trials.Plan(epochs: 0), first);
        trials.Run(trials.Plan(epochs: 0), second);
        trials.Run(trials.Plan(epochs: 0, seed: 2), other);

        second.Scores.Select(s => (s.Name, s.Value)).ShouldBe(first.Scores.Select(s => (s.Name, s.Value)));
        Of(other, PredictorNames.LogMe).Value.ShouldNotBe(Of(first, PredictorNames.LogMe).Value);
    }

    public static TheoryData<Exception> Passing => new()
    {
        new IOException("No space left on device"),
        new ExternalException("CUDA error: an illegal memory access was encountered"),
        new BackboneException("a script failed", new ExternalException("CUDA error: device-side assert triggered")),
        new OperationCanceledException(),
    };

    [Theory]
    [MemberData(nameof(Passing))]
    public void What_may_pass_is_no_score_s_reason(Exception exception)
        => Should.Throw<Exception>(() => TrainingFreeScores.Attempt(trials.Plan(epochs: 0), () => throw exception)).ShouldBeSameAs(exception);

    public static TheoryData<Exception, string> Lasting => new()
    {
        { new NoScoreException("not applicable: no ReLU"), "not applicable: no ReLU" },
        { new ExternalException("CUDA out of memory. Tried to allocate 2.00 GiB"), "out of memory" },
        { new ExternalException("shapes differ\nat some line"), "not computed: shapes differ" },
        { new InvalidOperationException("no such thing"), "not computed: no such thing" },
        { new ArgumentException("no such thing"), "not computed: no such thing" },
        { new KeyNotFoundException("no such thing"), "not computed: no such thing" },
        { new UnauthorizedAccessException("no such thing"), "not computed: no such thing" },
        { new WeightsException("no such thing"), "not computed: no such thing" },
    };

    [Theory]
    [MemberData(nameof(Lasting))]
    public void What_will_not_pass_is_a_score_s_reason(Exception exception, string reason)
        => TrainingFreeScores.Attempt(trials.Plan(epochs: 0), () => throw exception).ShouldBe(reason);

    [Fact]
    public void A_resumed_trial_and_one_that_has_its_scores_measure_none()
    {
        var plan = trials.Plan(epochs: 1);
        using var stop = new CancellationTokenSource();
        Should.Throw<OperationCanceledException>(() => trials.Run(plan, new RecordingListener(_ => stop.Cancel()), stop.Token));
        var resumed = new RecordingListener();
        trials.Run(plan, resumed);
        resumed.ContinuedFrom.ShouldBe(1);
        resumed.Scores.ShouldBeEmpty();

        var heir = new RecordingListener { Scores = [new TrialScore(Guid.Empty, PredictorNames.LogMe, 1, null)] };
        trials.Run(trials.Plan(epochs: 0), heir);
        heir.Scores.ShouldHaveSingleItem();
    }

    [Fact]
    public void Weights_with_their_classifier_have_source_scores()
    {
        using (NewDisposeScope())
        {
            manual_seed(5);
            using var network = new BackboneCatalogue().Create("resnet18");
            var state = network.state_dict();
            state["fc.weight"] = randn(7, 512) * 0.05;
            state["fc.bias"] = zeros(7);
            Directory.CreateDirectory(trials.Artifacts.Root);
            SafetensorsWriter.Write(Path.Combine(trials.Artifacts.Root, "headed.safetensors"), state);
        }
        var heard = new RecordingListener();

        trials.Run(With(trials.Plan(epochs: 0), "resnet18", "file:headed.safetensors"), heard);

        Of(heard, PredictorNames.Nce).Value!.Value.ShouldBeInRange(-Math.Log(Trials.Classes), 0);
        Of(heard, PredictorNames.Leep).Value!.Value.ShouldBeInRange(-Math.Log(Trials.Classes) - 0.1, 0);
        Of(heard, PredictorNames.HScore).Reason.ShouldNotBeNull().ShouldStartWith("100 images do not determine the covariance of 512 features");
        Of(heard, PredictorNames.SourceAccuracy).Reason.ShouldNotBeNull().ShouldStartWith("not applicable: beside its tensors 'file:headed.safetensors' tells no accuracy");
        heard.Scores.Count(s => s.Value is not null).ShouldBe(8);
    }

    [Fact]
    public void Weights_that_a_trial_saved_tell_the_next_one_their_accuracy()
    {
        var (first, second) = (new RecordingListener(), new RecordingListener());
        var source = trials.Plan(epochs: 1);
        source = source with { WeightsPath = trials.Artifacts.WeightsPath(Guid.NewGuid(), source.TrialId), Spec = source.Spec with { Selection = source.Spec.Selection with { Mode = SelectionMode.Full } } };

        trials.Run(source, first);
        trials.Run(trials.Plan(epochs: 0, weights: $"file:{trials.RelativePath(source.WeightsPath)}"), second);

        Of(second, PredictorNames.SourceAccuracy).Value.ShouldBe(first.Observations[^1].TestAccuracy.ShouldNotBeNull());
    }

    [Fact]
    public void The_inside_of_a_TorchScript_network_is_not_looked_at()
    {
        Directory.CreateDirectory(trials.Artifacts.Root);
        File.Copy(Path.Combine(AppContext.BaseDirectory, "Goldens", "own.pt"), Path.Combine(trials.Artifacts.Root, "own.pt"));
        var plan = With(trials.Plan(epochs: 0), "torchscript", "file:own.pt");
        var heard = new RecordingListener();

        trials.Run(plan with { Candidate = plan.Candidate with { Module = "features" } }, heard);

        foreach (var name in new[] { PredictorNames.SourceAccuracy, PredictorNames.Nce, PredictorNames.Leep, PredictorNames.SynFlow, PredictorNames.Naswot })
            Of(heard, name).Reason.ShouldNotBeNull().ShouldStartWith("not applicable: ");
        Of(heard, PredictorNames.GradNorm).Value.ShouldNotBeNull();
        Of(heard, PredictorNames.LogMe).Value.ShouldNotBeNull();
    }

    public void Dispose() => trials.Dispose();

    private static TrialScore Of(RecordingListener heard, string name) => heard.Scores.Single(s => s.Name == name);

    private static TrialPlan With(TrialPlan plan, string backbone, string weights)
        => plan with { Candidate = plan.Candidate with { Name = backbone, Backbone = backbone, Weights = weights } };
}
