using System.Diagnostics;
using NeuralCapacitance.Domain.Jobs;
using NeuralCapacitance.Worker.Slots;
using NeuralCapacitance.Worker.Tests.Training;

namespace NeuralCapacitance.Worker.Tests.Slots;

/// <summary>The process itself, its lines read and written one by one. xUnit keeps the threads of these tests, which Linux takes for its parent, while they run.</summary>
[Collection(OwnGenerator.Name)]
public sealed class SlotCommandTests : IDisposable
{
    private readonly Trials trials = new();

    [Fact]
    public void The_end_of_its_input_ends_it_while_it_waits()
    {
        using var slot = new RawSlot(trials.Configuration);
        slot.Hear().ShouldBeOfType<Ready>().Device.Name.ShouldBe("cpu");

        ShouldEndWithItsInput(slot);
    }

    [Fact]
    public void The_end_of_its_input_ends_it_in_the_middle_of_native_code()
    {
        ScriptFile.Write(Path.Combine(trials.Artifacts.Root, "mine.pt"), ScriptFile.Endless);
        using var slot = new RawSlot(trials.Configuration);
        slot.Hear().ShouldBeOfType<Ready>();
        slot.Say(new RunTrial(trials.Plan(epochs: 1) with
        {
            Candidate = new CandidateSpec { Name = "mine", Backbone = "torchscript", Weights = "file:mine.pt", Module = "features" },
        }));
        slot.Hear().ShouldBeOfType<DatasetLoaded>();
        slot.Say(new Done());
        Busy.For(slot.Process.Id, TimeSpan.FromSeconds(2));

        ShouldEndWithItsInput(slot);
    }

    [Fact]
    public void An_answer_that_came_too_late_is_none_for_the_next_trial()
    {
        using var slot = new RawSlot(trials.Configuration);
        slot.Hear().ShouldBeOfType<Ready>();
        slot.Say(new RunTrial(trials.Plan(epochs: 1)));
        slot.Hear().ShouldBeOfType<DatasetLoaded>();
        slot.Say(new StopTrial());
        slot.Hear().ShouldBe(new TrialEnded(IsStopped: true));
        slot.Say(new ScoresStored(Are: true));

        slot.Say(new StopTrial());
        slot.Say(new RunTrial(trials.Plan(epochs: 0)));
        slot.Hear().ShouldBeOfType<DatasetLoaded>();
        slot.Say(new Done());
        slot.Hear().ShouldBeOfType<ContinuesFrom>().History.ShouldBeEmpty();
        slot.Say(new KnownEpochs(-1));
        slot.Hear().ShouldBeOfType<HasScores>();
    }

    [Fact]
    public void It_gives_signs_of_its_steps_between_its_calls()
    {
        using var slot = new RawSlot(trials.Configuration);
        slot.Hear().ShouldBeOfType<Ready>();
        slot.Say(new RunTrial(trials.Plan(epochs: 10_000)));

        var moved = 0;
        while (moved < 2)
        {
            switch (slot.HearAll())
            {
                case Moved: moved++; break;
                case ContinuesFrom: slot.Say(new KnownEpochs(-1)); break;
                case HasScores: slot.Say(new ScoresStored(Are: true)); break;
                case TrialEnded ended: ended.ShouldBeNull(); break;
                default: slot.Say(new Done()); break;
            }
        }
    }

    /// <summary>A terminal sends Ctrl-C to all of its processes, and systemd SIGTERM to all of a service's.</summary>
    [Theory]
    [InlineData(2)]
    [InlineData(15)]
    public void What_is_meant_for_its_worker_does_not_end_it(int signal)
    {
        using var slot = new RawSlot(trials.Configuration);
        slot.Hear().ShouldBeOfType<Ready>();

        using (var kill = Process.Start("kill", [$"-{signal}", $"{slot.Process.Id}"])) kill.WaitForExit();
        slot.Say(new RunTrial(trials.Plan(epochs: 0)));

        slot.Hear().ShouldBeOfType<DatasetLoaded>();
    }

    [Fact]
    public void When_memory_runs_out_the_kernel_takes_it_before_its_worker()
    {
        using var slot = new RawSlot(trials.Configuration);
        slot.Hear().ShouldBeOfType<Ready>();

        int.Parse(File.ReadAllText($"/proc/{slot.Process.Id}/oom_score_adj")).ShouldBeGreaterThan(int.Parse(File.ReadAllText("/proc/self/oom_score_adj")));
    }

    public void Dispose() => trials.Dispose();

    private static void ShouldEndWithItsInput(RawSlot slot)
    {
        slot.Process.HasExited.ShouldBeFalse();

        slot.Process.StandardInput.Close();

        slot.Process.WaitForExit(TimeSpan.FromSeconds(10)).ShouldBeTrue();
    }
}
