using NeuralCapacitance.Domain.Jobs;
using NeuralCapacitance.Worker.Slots;
using NeuralCapacitance.Worker.Training;

namespace NeuralCapacitance.Worker.Tests.Slots;

public sealed class SlotEndTests
{
    [Theory]
    [InlineData(137, true, "out-of-memory", "was ended by the kernel: out of memory")]
    [InlineData(137, false, "killed", "was killed from outside (SIGKILL); the kernel has ended no process for lack of memory")]
    [InlineData(137, null, "killed", "was killed from outside (SIGKILL), perhaps by the kernel for lack of memory: this system does not tell")]
    [InlineData(139, true, "crashed", "crashed in native code (SIGSEGV)")]
    [InlineData(134, false, "crashed", "crashed in native code (SIGABRT)")]
    [InlineData(136, null, "crashed", "crashed in native code (SIGFPE)")]
    [InlineData(132, null, "crashed", "crashed in native code (SIGILL)")]
    [InlineData(135, null, "crashed", "crashed in native code (SIGBUS)")]
    [InlineData(unchecked((int)0xC0000005), null, "crashed", "crashed in native code (0xC0000005)")]
    [InlineData(143, null, "killed", "was ended by signal 15 from outside")]
    [InlineData(3, null, "internal", "ended by itself with status 3")]
    public void A_status_tells_what_happened(int status, bool? kernelKilled, string code, string what)
        => SlotEnd.Of(status, kernelKilled).ShouldBe(new SlotEnd(what, code));

    [Fact]
    public void A_trial_that_ran_out_of_memory_is_told_what_to_lower()
    {
        var failure = SlotEnd.Of(137, kernelKilled: true).FailureOf(Plan(batch: 64));

        failure.Code.ShouldBe("out-of-memory");
        failure.Message.ShouldBe(
            "mine: its process was ended by the kernel: out of memory, and did so again when the trial was tried once more. Lower training.batchSize, to 32 say, or training.imageSize.");
        TrialFailures.MayPass(failure).ShouldBeFalse();
    }

    [Theory]
    [InlineData(139)]
    [InlineData(137)]
    [InlineData(3)]
    public void A_trial_that_ended_otherwise_fails_for_good_and_says_where_to_look(int status)
    {
        var failure = SlotEnd.Of(status, kernelKilled: false).FailureOf(Plan(batch: 64));

        TrialFailures.MayPass(failure).ShouldBeFalse();
        failure.Message.ShouldContain(SlotEnd.Of(status, kernelKilled: false).What);
        failure.Message.ShouldMatch("worker's log|Look who");
    }

    [Fact]
    public void The_kernels_count_is_read_where_it_is_kept()
    {
        var path = Path.GetTempFileName();
        try
        {
            File.WriteAllText(path, "low 0\noom 7\noom_kill 3\noom_group_kill 9\n");
            KernelKills.Read(path).ShouldBe(3);
        }
        finally
        {
            File.Delete(path);
        }
        KernelKills.Read(path).ShouldBeNull();
        if (KernelKills.Count() is { } now) KernelKills.Since(now - 1).ShouldBe(true);
        KernelKills.Since(count: null).ShouldBeNull();
    }

    private static TrialPlan Plan(int batch)
    {
        var candidate = new CandidateSpec { Name = "mine", Backbone = "resnet8" };
        return new()
        {
            TrialId = Guid.Empty,
            Spec = new JobSpec { Dataset = new() { Name = "synthetic" }, Candidates = [candidate], Training = new() { BatchSize = batch } },
            Candidate = candidate,
            Seed = 1,
            Epochs = 1,
            Device = new("cpu", 1),
            Attempt = 1,
        };
    }
}
