using System.IO.Compression;
using NeuralCapacitance.Domain.Jobs;
using NeuralCapacitance.Worker.Training;
using NeuralCapacitance.Worker.Weights;
using TorchSharp;
using static TorchSharp.torch;

namespace NeuralCapacitance.Worker.Tests.Training;

/// <summary>Trials of backbones that no catalogue lists.</summary>
[Collection(OwnGenerator.Name)]
public sealed class ScriptedTrialTests : IDisposable
{
    private readonly Trials trials = new();

    [Theory]
    [InlineData(null)]
    [InlineData("features")]
    public void A_model_of_the_users_own_learns_and_resumes_with_the_same_bits(string? module)
    {
        TrialPlan Plan() => PlanOf("own.pt", module) with { WeightsPath = trials.Artifacts.WeightsPath(Guid.NewGuid(), Guid.NewGuid()) };
        var straight = new RecordingListener();
        var straightPlan = Plan();
        trials.Run(straightPlan, straight);

        var resumed = new RecordingListener();
        var resumedPlan = Plan();
        using var stop = new CancellationTokenSource();
        Should.Throw<OperationCanceledException>(() => trials.Run(
            resumedPlan, new RecordingListener(o => { if (o.Epoch == 1) stop.Cancel(); }), stop.Token));
        trials.Run(resumedPlan, resumed);

        straight.Observations.Select(o => o.Epoch).ShouldBe([0, 1, 2]);
        straight.Observations.ShouldAllBe(o => o.BetaEff > 0);
        ShouldHaveMoved(straightPlan, module);
        resumed.ContinuedFrom.ShouldBe(2);
        resumed.Numbers.Select(o => o with { TrialId = Guid.Empty }).ShouldBe(straight.Numbers.Select(o => o with { TrialId = Guid.Empty }));
        File.ReadAllBytes(resumedPlan.WeightsPath!).ShouldBe(File.ReadAllBytes(straightPlan.WeightsPath!));
    }

    [Fact]
    public void A_model_that_was_replaced_starts_over()
    {
        var plan = PlanOf("own.pt", "features");
        using var stop = new CancellationTokenSource();
        Should.Throw<OperationCanceledException>(() => trials.Run(
            plan, new RecordingListener(o => { if (o.Epoch == 1) stop.Cancel(); }), stop.Token));
        using (var archive = ZipFile.Open(Path.Combine(trials.Artifacts.Root, "own.pt"), ZipArchiveMode.Update))
            archive.CreateEntry("own/extra/note").Open().Dispose();

        var heard = new RecordingListener();
        trials.Run(plan, heard);

        heard.ContinuedFrom.ShouldBe(0);
        heard.Observations.Select(o => o.Epoch).ShouldBe([0, 1, 2]);
    }

    [Theory]
    [InlineData("own-frozen.pt", null, "backbone")]
    [InlineData("own-eval.pt", null, "backbone")]
    [InlineData("own.pt", "none", "backbone")]
    [InlineData("own.json", null, "weights")]
    [InlineData("gone.pt", null, "weights")]
    public void A_model_that_cannot_serve_fails_the_trial_for_good(string file, string? module, string code)
    {
        var failure = Should.Throw<TrialFailedException>(() => trials.Run(PlanOf(file, module), new RecordingListener())).Failure;

        failure.Code.ShouldBe(code);
        TrialFailures.MayPass(failure).ShouldBeFalse();
    }

    [Fact]
    public void A_cell_of_NAS_Bench_201_is_trained_like_any_other()
    {
        const string Cell = "nasbench201:|skip_connect~0|+|none~0|avg_pool_3x3~1|+|nor_conv_1x1~0|none~1|skip_connect~2|";
        var heard = new RecordingListener();

        trials.Run(trials.Plan(epochs: 1) with { Candidate = new CandidateSpec { Name = "cell", Backbone = Cell } }, heard);

        heard.Observations.Select(o => o.Epoch).ShouldBe([0, 1]);
        heard.Observations.ShouldAllBe(o => o.BetaEff > 0);
    }

    [Fact]
    public void A_backbone_that_this_version_lacks_fails_the_trial()
    {
        var plan = trials.Plan(epochs: 1) with { Candidate = new CandidateSpec { Name = "new", Backbone = "resnet9000" } };

        var failure = Should.Throw<TrialFailedException>(() => trials.Run(plan, new RecordingListener())).Failure;

        failure.Code.ShouldBe("unknown-backbone");
        failure.Message.ShouldContain("'resnet9000'");
    }

    public void Dispose() => trials.Dispose();

    /// <summary>The saved weights have the names of the script's own, behind <c>model.</c>, and none of its values.</summary>
    private void ShouldHaveMoved(TrialPlan plan, string? module)
    {
        using var scope = NewDisposeScope();
        using var script = jit.load(Path.Combine(trials.Artifacts.Root, "own.pt"));
        using var saved = SafetensorsReader.Open(plan.WeightsPath!);
        var parts = script.named_parameters().Where(p => module is null || p.name.StartsWith(module + ".", StringComparison.Ordinal)).ToList();
        parts.ShouldNotBeEmpty();
        foreach (var (name, parameter) in parts)
        {
            var trained = saved.Read("model." + (module is null ? name : name[(module.Length + 1)..]));
            (trained - parameter).abs().max().item<float>().ShouldBeGreaterThan(0, name);
        }
    }

    private TrialPlan PlanOf(string file, string? module)
    {
        Directory.CreateDirectory(trials.Artifacts.Root);
        var source = Path.Combine(AppContext.BaseDirectory, "Goldens", file);
        if (File.Exists(source))
            File.Copy(source, Path.Combine(trials.Artifacts.Root, file), overwrite: true);
        return trials.Plan(epochs: 2) with
        {
            Candidate = new CandidateSpec { Name = "mine", Backbone = "torchscript", Weights = "file:" + file, Module = module },
        };
    }
}
