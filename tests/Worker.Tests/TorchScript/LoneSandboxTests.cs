using NeuralCapacitance.Domain.Trials;
using NeuralCapacitance.Worker.Hosting;
using NeuralCapacitance.Worker.Tests.Slots;
using NeuralCapacitance.Worker.Tests.Training;
using NeuralCapacitance.Worker.Training;

namespace NeuralCapacitance.Worker.Tests.TorchScript;

/// <summary>Beside nothing else: one compares with this process, one changes its environment, one is impatient.</summary>
[Collection(OwnGenerator.Name)]
public sealed class LoneSandboxTests : InSandbox
{
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
        // The kernel ends what is inside when the sandbox's own process has ended.
        SpinWait.SpinUntil(() => SlotProcesses.In(trials.Folder).Count == 1, TimeSpan.FromMinutes(1)).ShouldBeTrue();
    }
}
