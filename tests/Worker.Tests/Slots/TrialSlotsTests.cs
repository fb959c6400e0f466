using System.Diagnostics;
using NeuralCapacitance.Domain.Jobs;
using NeuralCapacitance.Domain.Trials;
using NeuralCapacitance.Worker.Hosting;
using NeuralCapacitance.Worker.Slots;
using NeuralCapacitance.Worker.Tests.Training;
using NeuralCapacitance.Worker.Training;

namespace NeuralCapacitance.Worker.Tests.Slots;

/// <summary>Real processes, each with a generator of its own: this one's is left alone.</summary>
public sealed class TrialSlotsTests : OnSlots
{
    [Fact]
    public async Task Two_at_once_give_the_bits_of_one_alone()
    {
        TrialPlan Plan(long seed) => trials.Plan(epochs: 4, seed, change: t => t with { Optimizer = "adamw" });
        long[] seeds = [1, 2];
        var alone = seeds.Select(_ => new RecordingListener()).ToArray();
        foreach (var (seed, listener) in seeds.Zip(alone)) slots.Run(Plan(seed), listener, CancellationToken.None);

        // Each waits at its first epoch for the other: they do run at the same time.
        using var both = new Barrier(2);
        var together = seeds.Select(_ => new RecordingListener(o => { if (o.Epoch == 0) both.SignalAndWait(TimeSpan.FromMinutes(1)).ShouldBeTrue(); })).ToArray();
        await Task.WhenAll(seeds.Zip(together, (seed, listener) => DedicatedThread.RunAsync("trial", () => slots.Run(Plan(seed), listener, CancellationToken.None))));

        Processes().Count.ShouldBe(2);
        foreach (var (first, second) in alone.Zip(together)) Numbers(second).ShouldBe(Numbers(first));
        Numbers(together[0]).ShouldNotBe(Numbers(together[1]));
    }

    [Fact]
    public void A_process_stays_for_the_next_trial_also_after_one_that_failed()
    {
        slots.Run(trials.Plan(epochs: 0), new RecordingListener(), CancellationToken.None);
        var first = Processes().ShouldHaveSingleItem();

        Should.Throw<TrialFailedException>(() => slots.Run(trials.Plan(epochs: 1, weights: "file:none.safetensors"), new RecordingListener(), CancellationToken.None))
            .Failure.Code.ShouldBe("weights");
        slots.Run(trials.Plan(epochs: 0), new RecordingListener(), CancellationToken.None);

        Processes().ShouldBe([first]);
    }

    [Fact]
    public void A_trial_whose_process_is_killed_goes_on_in_another_with_the_same_bits()
    {
        var straight = new RecordingListener();
        slots.Run(trials.Plan(epochs: 4), straight, CancellationToken.None);
        int? killed = null;
        var listener = new RecordingListener(o =>
        {
            if (o.Epoch != 2 || killed is not null) return;
            killed = Processes().Single();
            Kill(killed.Value);
        });

        slots.Run(trials.Plan(epochs: 4), listener, CancellationToken.None);

        Processes().ShouldHaveSingleItem().ShouldNotBe(killed.ShouldNotBeNull());
        listener.ContinuedFrom.ShouldBe(3);
        Numbers(listener).DistinctBy(o => o.Epoch).ShouldBe(Numbers(straight));
    }

    [Fact]
    public void A_trial_that_is_killed_twice_without_an_epoch_in_between_fails_and_says_so()
    {
        var kills = 0;
        var listener = new KillingListener(() => { kills++; Kill(Processes().Single()); });

        var failure = Should.Throw<TrialFailedException>(() => slots.Run(trials.Plan(epochs: 1), listener, CancellationToken.None)).Failure;

        kills.ShouldBe(2);
        failure.Code.ShouldBe("killed");
        failure.Message.ShouldStartWith("resnet8: its process was killed from outside (SIGKILL)");
        slots.Run(trials.Plan(epochs: 0), new RecordingListener(), CancellationToken.None);
    }

    [Fact]
    public void A_file_that_crashes_libtorch_fails_its_trial_after_one_more_try_and_no_other()
    {
        var failure = Should.Throw<TrialFailedException>(() => slots.Run(Scripted(ScriptFile.Nested(200_000)), new RecordingListener(), CancellationToken.None)).Failure;

        failure.Message.ShouldStartWith("mine: its process crashed in native code (SIG");
        failure.Message.ShouldContain("again when the trial was tried once more");
        failure.Code.ShouldBe("crashed");
        // The one that decoded the images stays.
        Processes().Count.ShouldBe(1);
        var next = new RecordingListener();
        slots.Run(trials.Plan(epochs: 1), next, CancellationToken.None);
        next.Observations.Count.ShouldBe(2);
    }

    [Fact]
    public async Task A_script_that_never_returns_can_be_cancelled_and_its_slot_is_free_again()
    {
        using var cancel = new CancellationTokenSource();
        slots.Run(trials.Plan(epochs: 0), new RecordingListener(), CancellationToken.None);
        var ordinary = Processes().Single();
        var running = DedicatedThread.RunAsync("trial", () => slots.Run(Scripted(ScriptFile.Endless), new RecordingListener(), cancel.Token));
        SpinWait.SpinUntil(() => Processes().Count == 2, TimeSpan.FromMinutes(1)).ShouldBeTrue();
        Busy.For(Processes().Single(id => id != ordinary), TimeSpan.FromSeconds(3));
        running.IsCompleted.ShouldBeFalse();
        var start = Stopwatch.StartNew();

        await cancel.CancelAsync();
        await Should.ThrowAsync<OperationCanceledException>(() => running);

        start.Elapsed.ShouldBeLessThan(TimeSpan.FromSeconds(30));
        // A process that was killed has ended a moment later.
        SpinWait.SpinUntil(() => Processes().SequenceEqual([ordinary]), TimeSpan.FromMinutes(1)).ShouldBeTrue();
        slots.Run(trials.Plan(epochs: 0), new RecordingListener(), CancellationToken.None);
    }

    [Fact]
    public void A_cancelled_trial_leaves_its_step_and_its_process_stays()
    {
        using var cancel = new CancellationTokenSource();
        var heard = new RecordingListener(o => { if (o.Epoch == 1) cancel.Cancel(); });

        Should.Throw<OperationCanceledException>(() => slots.Run(trials.Plan(epochs: 500), heard, cancel.Token));
        var process = Processes().ShouldHaveSingleItem();
        var next = new RecordingListener();
        slots.Run(trials.Plan(epochs: 1), next, CancellationToken.None);

        heard.Observations.Select(o => o.Epoch).ShouldBe([0, 1]);
        next.Observations.Select(o => o.Epoch).ShouldBe([0, 1]);
        Processes().ShouldBe([process]);
    }

    [Fact]
    public void What_a_listener_throws_ends_the_trial_and_reaches_the_caller()
    {
        var heard = new RecordingListener(o => { if (o.Epoch == 1) throw new TimeoutException("no database"); });

        Should.Throw<TimeoutException>(() => slots.Run(trials.Plan(epochs: 500), heard, CancellationToken.None)).Message.ShouldBe("no database");

        slots.Run(trials.Plan(epochs: 0), new RecordingListener(), CancellationToken.None);
        Processes().Count.ShouldBe(1);
    }

    [Fact]
    public void What_a_script_prints_does_not_disturb_the_conversation()
    {
        var heard = new RecordingListener();

        slots.Run(Scripted(ScriptFile.Printing), heard, CancellationToken.None);

        heard.Observations.Select(o => o.Epoch).ShouldBe([0, 1]);
    }

    [Fact]
    public void A_process_that_dies_between_two_trials_is_replaced()
    {
        slots.Run(trials.Plan(epochs: 0), new RecordingListener(), CancellationToken.None);
        Kill(Processes().Single());
        var heard = new RecordingListener();

        slots.Run(trials.Plan(epochs: 0), heard, CancellationToken.None);

        heard.Observations.Count.ShouldBe(1);
    }

    [Fact]
    public void Settings_that_no_trial_can_run_with_are_told_by_the_process_that_tried()
    {
        using var unfit = Slots(("Worker:Device", "tpu"), ("Worker:Slots", "0"));

        unfit.Faults.ShouldBe(["Worker:Device: Device 'tpu' is not known; accepted are 'auto', 'cpu' and 'cuda:N'.", "Worker:Slots is 0; accepted is 1 … 64."]);
        new SlotValidation(unfit).Validate(name: null, new WorkerOptions()).Failures.ShouldBe(unfit.Faults);
        new SlotValidation(slots).Validate(name: null, new WorkerOptions()).Succeeded.ShouldBeTrue();
    }

    [Fact]
    public void A_folder_without_libtorch_is_told()
    {
        using var unfit = Slots(("Torch:LibraryPath", trials.Folder));

        unfit.Faults.ShouldHaveSingleItem().ShouldStartWith($"There is no libc10.so and no libtorch_cpu.so and no libtorch.so in '{trials.Folder}'");
    }

    [Fact]
    public void Nothing_is_left_when_the_worker_ends()
    {
        slots.Run(trials.Plan(epochs: 0), new RecordingListener(), CancellationToken.None);
        Processes().ShouldNotBeEmpty();

        slots.Dispose();

        Processes().ShouldBeEmpty();
    }

    private static void Kill(int process)
    {
        using var found = Process.GetProcessById(process);
        found.Kill();
        found.WaitForExit();
    }

    private TrialPlan Scripted(string end)
    {
        ScriptFile.Write(Path.Combine(trials.Artifacts.Root, "mine.pt"), end);
        return trials.Plan(epochs: 1) with { Candidate = new CandidateSpec { Name = "mine", Backbone = "torchscript", Weights = "file:mine.pt", Module = "features" } };
    }

    /// <summary>Kills the trial's process before its first epoch.</summary>
    private sealed class KillingListener(Action kill) : ITrialListener
    {
        public void DatasetLoaded(string hash) => kill();

        public int ContinuesFrom(IReadOnlyList<Observation> history) => -1;

        public bool HasScores() => false;

        public void Scored(IReadOnlyList<TrialScore> scores)
        {
        }

        public void Observed(Observation observation)
        {
        }

        public void Noted(string note)
        {
        }
    }
}
