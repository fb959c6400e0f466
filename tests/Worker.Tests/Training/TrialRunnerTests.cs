using NeuralCapacitance.Domain.Jobs;
using NeuralCapacitance.Worker.Training;

namespace NeuralCapacitance.Worker.Tests.Training;

[Collection(OwnGenerator.Name)]
public sealed class TrialRunnerTests : IDisposable
{
    private readonly Trials trials = new();

    [Fact]
    public void Every_epoch_is_observed_once_and_epoch_0_is_before_training()
    {
        var heard = new RecordingListener();

        trials.Run(trials.Plan(epochs: 2), heard);

        heard.Observations.Select(o => o.Epoch).ShouldBe([0, 1, 2]);
        heard.Observations[0].TrainLoss.ShouldBeNull();
        heard.Observations[0].TrainSeconds.ShouldBe(0);
        heard.Observations.ShouldAllBe(o => o.BetaEff > 0 && o.ValidationCount > 0 && o.ValidationAccuracy >= 0 && o.ValidationAccuracy <= 1);
        heard.Observations.Skip(1).ShouldAllBe(o => o.TrainLoss > 0 && o.TrainAccuracy > 0 && o.TrainSeconds > 0);
        heard.Observations.ShouldAllBe(o => o.TestAccuracy == null);
    }

    [Fact]
    public void A_full_job_measures_test_accuracy_in_the_epochs_that_its_final_one_is_the_mean_of()
    {
        var heard = new RecordingListener();

        trials.Run(trials.Plan(epochs: 4, mode: SelectionMode.Full), heard);

        heard.Observations.Where(o => o.TestAccuracy is not null).Select(o => o.Epoch).ShouldBe([4]);
    }

    [Fact]
    public void The_same_seed_gives_the_same_numbers_and_another_seed_others()
    {
        var first = new RecordingListener();
        var second = new RecordingListener();
        var other = new RecordingListener();

        trials.Run(trials.Plan(epochs: 1), first);
        trials.Run(trials.Plan(epochs: 1), second);
        trials.Run(trials.Plan(epochs: 1, seed: 2), other);

        second.Numbers.Select(o => o.BetaEff).ShouldBe(first.Numbers.Select(o => o.BetaEff));
        second.Numbers.Select(o => o.ValidationLoss).ShouldBe(first.Numbers.Select(o => o.ValidationLoss));
        other.Observations[0].ValidationLoss.ShouldNotBe(first.Observations[0].ValidationLoss);
    }

    /// <summary>15 of 16 validation images are of one class: set aside from the training images they would be 8 and 8.</summary>
    [Fact]
    public void A_folder_with_a_validation_set_is_judged_on_that()
    {
        Copy("grey.jpg", "train/a", 40);
        Copy("rgb.png", "train/b", 40);
        Copy("grey.jpg", "valid/a", 15);
        Copy("rgb.png", "valid/b", 1);
        var plan = trials.Plan(epochs: 1, change: t => t with { Validation = null });
        var heard = new RecordingListener();

        trials.Run(plan with { Spec = plan.Spec with { Dataset = new DatasetSpec { Name = "image-folder", Path = "birds" } } }, heard);

        heard.Observations.ShouldAllBe(o => o.ValidationCount == 16);
        // Two different pictures: an epoch's accuracy is that of whole classes.
        heard.Observations.ShouldAllBe(o => new[] { 0, 1, 15, 16 }.Contains((int)Math.Round(16 * o.ValidationAccuracy)));

        void Copy(string golden, string to, int count)
        {
            var target = Directory.CreateDirectory(Path.Combine(trials.Data, "birds", to)).FullName;
            for (var i = 0; i < count; i++) File.Copy(Path.Combine(AppContext.BaseDirectory, "Goldens", "images", golden), Path.Combine(target, $"{i}{Path.GetExtension(golden)}"));
        }
    }

    [Fact]
    public void An_absurd_learning_rate_fails_as_diverged_and_says_what_to_do()
    {
        var plan = trials.Plan(epochs: 3, change: t => t with { Optimizer = "sgd", LearningRate = 1e30 });

        var error = Should.Throw<TrialFailedException>(() => trials.Run(plan, new RecordingListener()));

        error.Failure.Code.ShouldBe("diverged");
        error.Failure.Message.ShouldContain("Epoch 1");
        error.Failure.Message.ShouldContain("Lower training.learningRate from 1E+30 to 1E+29");
    }

    [Fact]
    public void Weights_that_are_not_there_fail_the_trial()
    {
        var plan = trials.Plan(epochs: 1, weights: "file:none.safetensors");

        Should.Throw<TrialFailedException>(() => trials.Run(plan, new RecordingListener())).Failure.Code.ShouldBe("weights");
    }

    [Fact]
    public void Published_weights_that_cannot_be_had_fail_the_trial_before_any_epoch()
    {
        var plan = trials.Plan(epochs: 1, weights: "imagenet");
        plan = plan with { Candidate = plan.Candidate with { Backbone = "resnet18" } };
        var listener = new RecordingListener();

        var failure = Should.Throw<TrialFailedException>(() => trials.Run(plan, listener)).Failure;

        failure.Code.ShouldBe("download");
        failure.Message.ShouldContain("https://download.pytorch.org/models/resnet18-f37072fd.pth");
        listener.Observations.ShouldBeEmpty();
    }

    [Fact]
    public void A_backbone_that_nobody_published_has_no_imagenet_weights()
        => Should.Throw<TrialFailedException>(() => trials.Run(trials.Plan(epochs: 1, weights: "imagenet"), new RecordingListener())).Failure
            .Message.ShouldContain("accepted are 'random' and 'file:PATH'");

    [Fact]
    public void A_data_set_that_the_split_uses_up_fails_the_trial()
    {
        var plan = trials.Plan(epochs: 1, change: t => t with { TrainLimit = 1 });

        var failure = Should.Throw<TrialFailedException>(() => trials.Run(plan, new RecordingListener())).Failure;

        failure.Code.ShouldBe("dataset");
        failure.Message.ShouldContain("1 training");
    }

    [Fact]
    public void Saved_weights_start_the_next_trial_where_this_one_ended()
    {
        var pretrained = new RecordingListener();
        var transferred = new RecordingListener();
        var plan = trials.Plan(epochs: 3) with { WeightsPath = trials.Artifacts.WeightsPath(Guid.NewGuid(), Guid.NewGuid()) };
        trials.Run(plan, pretrained);

        trials.Run(trials.Plan(epochs: 1, weights: "file:" + trials.RelativePath(plan.WeightsPath!)), transferred);

        // Only the probe's running statistics start anew, so epoch 0 cannot be compared; one epoch later the features count.
        transferred.Observations[1].TrainLoss!.Value.ShouldBeLessThan(pretrained.Observations[1].TrainLoss!.Value);
    }

    public void Dispose() => trials.Dispose();
}
