using System.Diagnostics;
using NeuralCapacitance.Worker.Tests.Training;
using NeuralCapacitance.Worker.Training;

namespace NeuralCapacitance.Worker.Tests.Slots;

/// <summary>Beside nothing else: one compares with this process, the other is impatient.</summary>
[Collection(OwnGenerator.Name)]
public sealed class LoneSlotTests : OnSlots
{
    [Fact]
    public void A_trial_in_a_process_of_its_own_gives_the_bits_of_one_in_this_process()
    {
        var here = new RecordingListener();
        var there = new RecordingListener();
        var plan = trials.Plan(epochs: 2);
        trials.Run(plan, here);
        var other = plan with { TrialId = Guid.NewGuid() };

        slots.Run(other, there, CancellationToken.None);

        Numbers(there).ShouldBe(Numbers(here));
        there.DatasetHash.ShouldBe(here.DatasetHash);
        there.Scores.Select(s => (s.Name, s.Value, s.Reason)).ShouldBe(here.Scores.Select(s => (s.Name, s.Value, s.Reason)));
        there.Observations.ShouldAllBe(o => o.TrialId == other.TrialId && o.RecordedAt > DateTimeOffset.UnixEpoch);
        slots.Device.ShouldBe(new ComputeDevice("cpu", 1, slots.Device.LibTorch));
        slots.Device.LibTorch.ShouldNotBeNullOrEmpty();
    }

    [Fact]
    public void A_trial_whose_process_hangs_fails_and_says_for_how_long_and_the_next_one_runs()
    {
        using var impatient = Slots(("Worker:StallTimeout", "00:00:02"));
        var frozen = 0;
        var listener = new RecordingListener(o =>
        {
            if (o.Epoch != 1) return;
            frozen = Processes().Single();
            using var stop = Process.Start("kill", ["-STOP", $"{frozen}"]);
            stop.WaitForExit();
        });

        var failure = Should.Throw<TrialFailedException>(() => impatient.Run(trials.Plan(epochs: 500), listener, CancellationToken.None)).Failure;

        failure.Code.ShouldBe("stalled");
        failure.Message.ShouldStartWith("resnet8: no training step, decoded image or other sign of progress for 00:00:02 (Worker:StallTimeout), after epoch 1, so its process was ended.");
        TrialFailures.MayPass(failure).ShouldBeFalse();
        Processes().ShouldBeEmpty();
        impatient.Run(trials.Plan(epochs: 0), new RecordingListener(), CancellationToken.None);
    }
}
