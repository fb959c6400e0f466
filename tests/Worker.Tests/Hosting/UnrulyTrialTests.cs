using System.Diagnostics;
using NeuralCapacitance.Domain.Jobs;
using NeuralCapacitance.Domain.Trials;
using NeuralCapacitance.Worker.Tests.Slots;
using NeuralCapacitance.Worker.Tests.Training;

namespace NeuralCapacitance.Worker.Tests.Hosting;

/// <summary>Models of users' own that would take a worker down if their trials ran inside it.</summary>
public sealed class UnrulyTrialTests : IDisposable
{
    private readonly TemporaryFolder folder = new();

    [Fact]
    public async Task A_model_that_crashes_libtorch_fails_its_trial_and_no_other()
    {
        Write(ScriptFile.Nested(200_000));
        await using var node = await WorkerNode.StartAsync(folder.Path, ("Worker:AllowTorchScript", "true"));

        var jobId = await node.SubmitAsync(Spec("torchscript", "resnet8"));
        var job = await node.WaitAsync(jobId, (job, _) => job.State is JobState.Succeeded or JobState.Failed);

        job.State.ShouldBe(JobState.Succeeded);
        var trials = await node.Trials.ListAsync(jobId, CancellationToken.None);
        trials[0].State.ShouldBe(TrialState.Failed);
        trials[0].Attempt.ShouldBe(1);
        trials[0].Failure!.Code.ShouldBe("crashed");
        trials[0].Failure!.Message.ShouldStartWith("torchscript: its process crashed in native code (SIG");
        trials[1].State.ShouldBe(TrialState.Succeeded);
        (await node.ObservationsAsync(jobId)).Count.ShouldBe(2);
    }

    [Fact]
    public async Task A_model_that_never_returns_is_cancelled_and_its_slot_is_free_again()
    {
        Write(ScriptFile.Endless);
        await using var node = await WorkerNode.StartAsync(folder.Path, ("Worker:AllowTorchScript", "true"));
        var jobId = await node.SubmitAsync(Spec("torchscript", "torchscript2"));
        await node.WaitAsync(jobId, (_, trials) => trials.Any(t => t.DatasetHash is not null));
        Busy.For(TheOneThatRunsIt(), TimeSpan.FromSeconds(2));
        var start = Stopwatch.StartNew();

        await node.Jobs.CancelAsync(jobId, CancellationToken.None);
        await node.WaitAsync(jobId, (job, _) => job.State == JobState.Cancelled);

        start.Elapsed.ShouldBeLessThan(TimeSpan.FromSeconds(30));
        var next = await node.SubmitAsync(Spec("resnet8", "cnn-small"));
        (await node.WaitAsync(next, (job, _) => job.State is JobState.Succeeded or JobState.Failed)).State.ShouldBe(JobState.Succeeded);
    }

    [Fact]
    public async Task A_model_that_never_returns_does_not_keep_its_worker_from_stopping()
    {
        Write(ScriptFile.Endless);
        Guid jobId;
        Stopwatch stopping;
        await using (var node = await WorkerNode.StartAsync(folder.Path, ("Worker:AllowTorchScript", "true")))
        {
            jobId = await node.SubmitAsync(Spec("torchscript", "torchscript2"));
            await node.WaitAsync(jobId, (_, trials) => trials.Any(t => t.DatasetHash is not null));
            Busy.For(TheOneThatRunsIt(), TimeSpan.FromSeconds(2));
            stopping = Stopwatch.StartNew();
        }
        stopping.Elapsed.ShouldBeLessThan(TimeSpan.FromSeconds(30));
        SlotProcesses.In(folder.Path).ShouldBeEmpty();

        await using var idle = await WorkerNode.StartIdleAsync(folder.Path);
        (await idle.Trials.ListAsync(jobId, CancellationToken.None)).ShouldAllBe(t => t.State == TrialState.Queued);
    }

    public void Dispose() => folder.Dispose();

    /// <summary>The first process decoded the images, and waits.</summary>
    private int TheOneThatRunsIt()
    {
        SpinWait.SpinUntil(() => SlotProcesses.In(folder.Path).Count == 2, TimeSpan.FromMinutes(1)).ShouldBeTrue();
        return SlotProcesses.In(folder.Path).MaxBy(id => Process.GetProcessById(id).StartTime);
    }

    private void Write(string end) => ScriptFile.Write(Path.Combine(folder.Path, "artifacts", "mine.pt"), end);

    private static JobSpec Spec(params string[] candidates) => new()
    {
        Dataset = new() { Name = "synthetic", Synthetic = new() { Classes = 3, TrainImages = 140, TestImages = 30 } },
        Candidates = [.. candidates.Select(name => name.StartsWith("torchscript", StringComparison.Ordinal)
            ? new CandidateSpec { Name = name, Backbone = "torchscript", Weights = "file:mine.pt", Module = "features" }
            : new CandidateSpec { Name = name, Backbone = name })],
        Training = new() { Epochs = 1, BatchSize = 32, ImageSize = 32, Validation = 40 },
        Probe = new() { Hidden = [32, 16], Samples = 50 },
        Selection = new() { Mode = SelectionMode.Full },
    };
}
