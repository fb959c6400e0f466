using NeuralCapacitance.Domain.Trials;
using NeuralCapacitance.Worker.Training;
using NeuralCapacitance.Worker.Weights;
using static TorchSharp.torch;

namespace NeuralCapacitance.Worker.Tests.Training;

[Collection(OwnGenerator.Name)]
public sealed class ResumeTests : IDisposable
{
    private readonly Trials trials = new();

    [Theory]
    [InlineData("sgd")]
    [InlineData("adam")]
    [InlineData("adamw")]
    public void A_resumed_trial_gives_the_bits_of_one_that_was_never_stopped(string optimizer)
    {
        TrialPlan Plan() => trials.Plan(epochs: 4, change: t => t with { Optimizer = optimizer, WeightDecay = 0.01, LearningRate = 0.003 })
            with { WeightsPath = trials.Artifacts.WeightsPath(Guid.NewGuid(), Guid.NewGuid()) };
        var straight = new RecordingListener();
        var straightPlan = Plan();
        trials.Run(straightPlan, straight);

        var resumed = new RecordingListener();
        var resumedPlan = Plan();
        StopAt(epoch: 2, resumedPlan);
        trials.Run(resumedPlan, resumed);

        resumed.Numbers.Select(Numbers).ShouldBe(straight.Numbers.Select(Numbers));
        File.ReadAllBytes(resumedPlan.WeightsPath!).ShouldBe(File.ReadAllBytes(straightPlan.WeightsPath!));
        resumed.Notes.ShouldBeEmpty();
    }

    [Fact]
    public void Resumed_trial_repeats_no_epoch()
    {
        var plan = trials.Plan(epochs: 3);
        var before = StopAt(epoch: 2, plan);
        var after = new RecordingListener();

        trials.Run(plan, after);

        // The clock too: these are the stored observations, not new measurements.
        after.Observations.Take(2).ShouldBe(before.Observations);
        after.Observations.Select(o => o.Epoch).ShouldBe([0, 1, 2, 3]);
    }

    [Fact]
    public void Resumed_trial_tells_only_what_is_not_known()
    {
        var plan = trials.Plan(epochs: 3);
        StopAt(epoch: 2, plan);
        var after = new RecordingListener { Known = 1 };

        trials.Run(plan, after);

        after.ContinuedFrom.ShouldBe(3);
        after.Observations.Select(o => o.Epoch).ShouldBe([2, 3]);
    }

    [Fact]
    public void A_death_between_checkpoint_and_database_loses_no_observation()
    {
        var plan = trials.Plan(epochs: 2);
        Observation? lost = null;
        var dying = new RecordingListener(o =>
        {
            if (o.Epoch == 1)
            {
                lost = o;
                throw new TimeoutException("kill -9");
            }
        });
        Should.Throw<TimeoutException>(() => trials.Run(plan, dying));
        dying.Observations.Select(o => o.Epoch).ShouldBe([0]);

        var after = new RecordingListener();
        trials.Run(plan, after);

        after.Observations[1].ShouldBe(lost);
    }

    [Fact]
    public void A_frozen_attempt_that_wakes_up_cannot_set_its_successor_back()
    {
        var frozen = trials.Plan(epochs: 3);
        StopAt(epoch: 1, frozen);
        var old = File.ReadAllBytes(PathOf(frozen));
        var successor = frozen with { Attempt = 2 };
        StopAt(epoch: 2, successor);
        File.Exists(PathOf(frozen)).ShouldBeFalse();

        File.WriteAllBytes(PathOf(frozen), old);
        var after = new RecordingListener();
        trials.Run(frozen with { Attempt = 3 }, after);

        after.ContinuedFrom.ShouldBe(3);
        after.Notes.ShouldBeEmpty();
    }

    [Fact]
    public void A_stop_before_the_checkpoint_writes_none()
    {
        var plan = trials.Plan(epochs: 2);
        using var stop = new CancellationTokenSource();
        var heard = new RecordingListener(_ => stop.Cancel());

        Should.Throw<OperationCanceledException>(() => trials.Run(plan, heard, stop.Token));
        var after = new RecordingListener();
        trials.Run(plan, after);

        after.ContinuedFrom.ShouldBe(1);
    }

    [Fact]
    public void A_damaged_checkpoint_starts_the_trial_over_and_says_so()
    {
        var plan = trials.Plan(epochs: 2);
        var straight = StopAt(epoch: 2, plan);
        var bytes = File.ReadAllBytes(PathOf(plan));
        bytes[^100] ^= 1;
        File.WriteAllBytes(PathOf(plan), bytes);

        var after = new RecordingListener();
        trials.Run(plan, after);

        after.Notes.ShouldHaveSingleItem().ShouldContain("checksum");
        after.Observations.Select(o => o.Epoch).ShouldBe([0, 1, 2]);
        Numbers(after.Observations[1]).ShouldBe(Numbers(straight.Observations[1]));
    }

    [Fact]
    public void A_checkpoint_cut_short_starts_the_trial_over_and_says_so()
    {
        var plan = trials.Plan(epochs: 1);
        StopAt(epoch: 1, plan);
        File.WriteAllBytes(PathOf(plan), File.ReadAllBytes(PathOf(plan))[..1000]);

        var after = new RecordingListener();
        trials.Run(plan, after);

        after.Notes.ShouldHaveSingleItem().ShouldContain("starts over");
        after.Observations.Select(o => o.Epoch).ShouldBe([0, 1]);
    }

    /// <summary>Before TorchSharp, a checkpoint had no form, and the optimizer's state in one tensor of bytes.</summary>
    [Fact]
    public void A_checkpoint_of_the_version_before_starts_the_trial_over_and_says_so()
    {
        var plan = trials.Plan(epochs: 2);
        StopAt(epoch: 1, plan);
        var path = trials.Artifacts.FindCheckpoint(plan.TrialId)!;
        Dictionary<string, Tensor> tensors;
        Dictionary<string, string> metadata;
        using (var scope = NewDisposeScope())
        {
            using (var file = SafetensorsReader.Open(path))
            {
                tensors = file.Entries.Where(entry => !entry.Name.StartsWith("optimizer.", StringComparison.Ordinal)).ToDictionary(entry => entry.Name, entry => file.Read(entry.Name), StringComparer.Ordinal);
                metadata = file.Metadata.Where(entry => entry.Key != "form").ToDictionary(StringComparer.Ordinal);
            }
            tensors["optimizer"] = zeros(100, ScalarType.Byte);
            SafetensorsWriter.Write(path, tensors, metadata);
        }
        var after = new RecordingListener();

        trials.Run(plan, after);

        after.Notes.ShouldHaveSingleItem().ShouldBe(
            "The checkpoint could not be used, so the trial starts over: an earlier or later version of the program wrote it, whose optimizer keeps its state in another form.");
        after.Observations.Select(o => o.Epoch).ShouldBe([0, 1, 2]);
    }

    [Fact]
    public void A_checkpoint_of_another_trial_is_not_resumed()
    {
        var other = trials.Plan(epochs: 1);
        StopAt(epoch: 1, other);
        var plan = trials.Plan(epochs: 1);
        File.Copy(PathOf(other), PathOf(plan));

        var after = new RecordingListener();
        trials.Run(plan, after);

        after.Notes.ShouldHaveSingleItem().ShouldContain("another trial");
        after.Observations.ShouldAllBe(o => o.TrialId == plan.TrialId);
    }

    public void Dispose() => trials.Dispose();

    private string PathOf(TrialPlan plan) => trials.Artifacts.CheckpointPath(plan.TrialId, plan.Attempt);

    /// <summary>Runs until the epoch is about to be reported (its checkpoint is written), as a kill would leave it.</summary>
    private RecordingListener StopAt(int epoch, TrialPlan plan)
    {
        var heard = new RecordingListener(o =>
        {
            if (o.Epoch == epoch)
            {
                throw new OperationCanceledException();
            }
        });
        Should.Throw<OperationCanceledException>(() => trials.Run(plan, heard));
        return heard;
    }

    private static Observation Numbers(Observation o)
        => o with { TrialId = default, RecordedAt = default, TrainSeconds = 0, BetaSeconds = 0, ValidationSeconds = 0 };
}
