using NeuralCapacitance.Domain.Trials;
using NeuralCapacitance.Worker.Tests.Slots;
using NeuralCapacitance.Worker.Tests.Training;
using NeuralCapacitance.Worker.Training;

namespace NeuralCapacitance.Worker.Tests.TorchScript;

/// <summary>Models that do what models should not, in real processes; and that without the sandbox they would get away with it.</summary>
public sealed class TrialSandboxTests : InSandbox
{
    [BubblewrapFact]
    public void A_model_reads_no_file_of_the_machine()
    {
        var secret = Secret();

        var there = Failure(ScriptFile.Reading(secret), sandboxed: true);
        var passwords = Failure(ScriptFile.Reading("/etc/passwd"), sandboxed: true);

        there.Code.ShouldBe("backbone");
        there.Message.ShouldNotContain("0123456789");
        passwords.Code.ShouldBe("backbone");
        passwords.Message.ShouldNotContain("root:");
        passwords.Message.ShouldContain("No such file");
    }

    [BubblewrapFact]
    public void A_model_writes_no_file_of_its_choice()
    {
        Directory.CreateDirectory(trials.Artifacts.Root);
        string[] places = [Path.Combine(trials.Data, "written"), Path.Combine(trials.Artifacts.Root, "written"), Path.Combine(Path.GetTempPath(), $"written-{Guid.NewGuid():N}"), Path.Combine(AppContext.BaseDirectory, "written")];

        foreach (var place in places)
        {
            Try(ScriptFile.Writing(place), sandboxed: true);
            File.Exists(place).ShouldBeFalse(place);
        }
        Directory.EnumerateFileSystemEntries(Path.Combine(trials.Artifacts.Root, "scratch")).ShouldBeEmpty();
    }

    /// <summary>What the tests above would find if the sandbox did nothing.</summary>
    [Fact]
    public void Without_it_a_model_does_both_and_its_words_are_cut_and_marked()
    {
        var written = Path.Combine(trials.Data, "written");

        var failure = Failure(ScriptFile.Reading(Secret()), sandboxed: false);
        Try(ScriptFile.Writing(written), sandboxed: false);

        failure.Code.ShouldBe("backbone");
        failure.Message.ShouldContain("in the model's own words “builtins.RuntimeError: 0123456789abcdef”");
        File.ReadAllText(written).ShouldBe(new string('A', 64));
    }

    [Fact]
    public void What_a_model_says_is_one_short_line()
    {
        var failure = Failure(ScriptFile.Raising(new string('x', 5000)), sandboxed: false);

        failure.Message.Length.ShouldBeLessThan(1000);
        failure.Message.ShouldContain("xxx…”");
        failure.Message.Any(char.IsControl).ShouldBeFalse();
    }

    [Fact]
    public void Without_a_sandbox_a_trial_is_refused_unless_the_settings_say_otherwise()
    {
        using var slots = Slots(tool: null, ("Worker:AllowTorchScript", "true"));

        var failure = Should.Throw<TrialFailedException>(() => slots.Run(Scripted(ScriptFile.Printing, epochs: 1), new RecordingListener(), CancellationToken.None)).Failure;

        failure.Code.ShouldBe("not-allowed");
        failure.Message.ShouldContain("no sandbox to run it in: bubblewrap is not here.");
        failure.Message.ShouldContain("Worker:TorchScriptWithoutSandbox=true");
        TrialFailures.MayPass(failure).ShouldBeFalse();
    }

    [Fact]
    public void A_file_that_is_not_allowed_is_refused_by_the_worker_too()
    {
        using var slots = Slots(tool: null, ("Worker:AllowTorchScript", new string('0', 64)), ("Worker:TorchScriptWithoutSandbox", "true"));

        var failure = Should.Throw<TrialFailedException>(() => slots.Run(Scripted(ScriptFile.Printing, epochs: 1), new RecordingListener(), CancellationToken.None)).Failure;

        failure.Code.ShouldBe("not-allowed");
        failure.Message.ShouldContain($"Worker:AllowTorchScript={Digests.Of(Path.Combine(trials.Artifacts.Root, "mine.pt"))}");
    }

    private string Secret()
    {
        var path = Path.Combine(trials.Data, "secret");
        File.WriteAllText(path, "0123456789abcdef");
        return path;
    }

    private Failure Failure(string end, bool sandboxed)
    {
        using var slots = Slots(sandboxed);
        return Should.Throw<TrialFailedException>(() => slots.Run(Scripted(end, epochs: 1), new RecordingListener(), CancellationToken.None)).Failure;
    }

    private void Try(string end, bool sandboxed)
    {
        try
        {
            using var slots = Slots(sandboxed);
            slots.Run(Scripted(end, epochs: 1), new RecordingListener(), CancellationToken.None);
        }
        catch (TrialFailedException)
        {
            // Whether it succeeds is not the question.
        }
    }
}
