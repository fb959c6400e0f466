using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Logging.Abstractions;
using NeuralCapacitance.Domain.Jobs;
using NeuralCapacitance.Domain.Trials;
using NeuralCapacitance.Worker.Hosting;
using NeuralCapacitance.Worker.Slots;
using NeuralCapacitance.Worker.Tests.Slots;
using NeuralCapacitance.Worker.Tests.Training;
using NeuralCapacitance.Worker.TorchScript;
using NeuralCapacitance.Worker.Training;

namespace NeuralCapacitance.Worker.Tests.TorchScript;

/// <summary>Models that do what models should not, in real processes; and that without the sandbox they would get away with it.</summary>
[Collection(OwnGenerator.Name)]
public sealed class TrialSandboxTests : IDisposable
{
    private readonly Trials trials = new();

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

    [BubblewrapFact]
    public void In_it_a_trial_learns_goes_on_and_saves_its_weights_with_the_same_bits()
    {
        TrialPlan Plan() => Scripted(ScriptFile.Printing, epochs: 3) with { WeightsPath = trials.Artifacts.WeightsPath(Guid.NewGuid(), Guid.NewGuid()) };
        var straight = Plan();
        var here = new RecordingListener();
        trials.Run(straight, here);
        var resumed = Plan();
        var (first, second) = (new RecordingListener(o => { if (o.Epoch == 2) throw new TimeoutException("no database"); }), new RecordingListener());
        using var slots = Slots(sandboxed: true);

        Should.Throw<TimeoutException>(() => slots.Run(resumed, first, CancellationToken.None));
        trials.Artifacts.FindCheckpoint(resumed.TrialId).ShouldNotBeNull();
        slots.Run(resumed with { Attempt = 2 }, second, CancellationToken.None);

        second.ContinuedFrom.ShouldBe(3);
        second.Numbers.Select(o => o with { TrialId = Guid.Empty }).ShouldBe(here.Numbers.Select(o => o with { TrialId = Guid.Empty }));
        File.ReadAllBytes(resumed.WeightsPath!).ShouldBe(File.ReadAllBytes(straight.WeightsPath!));
        trials.Artifacts.FindCheckpoint(resumed.TrialId).ShouldBe(trials.Artifacts.CheckpointPath(resumed.TrialId, 2));
        Directory.EnumerateFileSystemEntries(Path.Combine(trials.Artifacts.Root, "scratch")).ShouldBeEmpty();
    }

    [BubblewrapFact]
    public async Task Its_process_has_no_network_no_secrets_and_none_of_the_machines_files_and_runs_nothing_else()
    {
        Environment.SetEnvironmentVariable("ConnectionStrings__Postgres", "Host=db;Password=hunter2");
        using var cancel = new CancellationTokenSource();
        using var slots = Slots(sandboxed: true);
        var running = DedicatedThread.RunAsync("trial", () => slots.Run(Scripted(ScriptFile.Endless, epochs: 1), new RecordingListener(), cancel.Token));
        try
        {
            SpinWait.SpinUntil(() => Inside() is not null || running.IsCompleted, TimeSpan.FromMinutes(1)).ShouldBeTrue();
            var id = Inside().ShouldNotBeNull();
            Busy.For(id, TimeSpan.FromSeconds(2));

            File.ReadAllLines($"/proc/{id}/net/dev").Count(line => line.Contains(':', StringComparison.Ordinal)).ShouldBe(1);
            File.ReadAllText($"/proc/{id}/environ").ShouldNotContain("hunter2");
            File.Exists($"/proc/{id}/root/etc/passwd").ShouldBeFalse();
            Directory.EnumerateFiles($"/proc/{id}/root{trials.Artifacts.Root}").Select(Path.GetFileName).ShouldBe(["mine.pt"]);
            Directory.EnumerateFileSystemEntries($"/proc/{id}/root{trials.Data}").ShouldBeEmpty();
        }
        finally
        {
            Environment.SetEnvironmentVariable("ConnectionStrings__Postgres", null);
            await cancel.CancelAsync();
        }
        await Should.ThrowAsync<OperationCanceledException>(() => running);
        Inside().ShouldBeNull();

        int? Inside() => SlotProcesses.In(trials.Folder).Cast<int?>().FirstOrDefault(id => HasNoPasswords(id!.Value));

        static bool HasNoPasswords(int id) => Directory.Exists($"/proc/{id}/root/proc") && !File.Exists($"/proc/{id}/root/etc/passwd");
    }

    [BubblewrapFact]
    public void A_model_that_never_returns_is_a_stall()
    {
        using var slots = Slots(sandboxed: true, ("Worker:StallTimeout", "00:00:05"));

        var failure = Should.Throw<TrialFailedException>(() => slots.Run(Scripted(ScriptFile.Endless, epochs: 1), new RecordingListener(), CancellationToken.None)).Failure;

        failure.Code.ShouldBe("stalled");
        SlotProcesses.In(trials.Folder).Count.ShouldBe(1);
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

    public void Dispose() => trials.Dispose();

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

    private TrialPlan Scripted(string end, int epochs)
    {
        Directory.CreateDirectory(trials.Artifacts.Root);
        File.Delete(Path.Combine(trials.Artifacts.Root, "mine.pt"));
        ScriptFile.Write(Path.Combine(trials.Artifacts.Root, "mine.pt"), end);
        return trials.Plan(epochs) with { Candidate = new CandidateSpec { Name = "mine", Backbone = "torchscript", Weights = "file:mine.pt", Module = "features" } };
    }

    private TrialSlots Slots(bool sandboxed, params (string Key, string Value)[] more)
        => sandboxed ? Slots(Bubblewrap.Find(out _), more) : Slots(tool: null, [.. more, ("Worker:TorchScriptWithoutSandbox", "true")]);

    private TrialSlots Slots(Bubblewrap? tool, params (string Key, string Value)[] more)
    {
        var configuration = new ConfigurationBuilder().AddConfiguration(trials.Configuration).AddInMemoryCollection(more.Select(s => KeyValuePair.Create(s.Key, (string?)s.Value))).Build();
        return new(configuration, NullLoggerFactory.Instance, TimeProvider.System, Guards.Of(configuration, () => (tool, tool is null ? "bubblewrap is not here." : null)));
    }
}
