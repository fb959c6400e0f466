using NeuralCapacitance.Domain.Jobs;
using NeuralCapacitance.Domain.Predictors;
using NeuralCapacitance.Domain.Trials;
using NeuralCapacitance.Worker.TensorBoard;
using NeuralCapacitance.Worker.Tests.TensorBoard;
using NeuralCapacitance.Worker.Tests.Training;
using NeuralCapacitance.Worker.Weights;
using Serilog.Events;

namespace NeuralCapacitance.Worker.Tests.Hosting;

/// <summary>Real trials through the real queue and the real database, each in a process of its own: this one's generator is left alone.</summary>
public sealed class TrialExecutorTests : IDisposable
{
    private readonly TemporaryFolder folder = new();

    [Fact]
    public async Task A_submitted_job_is_trained_to_its_end()
    {
        // No curves can be written where a file is, which is no business of the trial's.
        File.WriteAllText(folder.File("curves"), "");
        await using (var node = await WorkerNode.StartAsync(folder.Path, ("Worker:TensorBoard", folder.File("curves"))))
        {
            var jobId = await node.SubmitAsync(Spec(epochs: 2, t => t with { Repeats = 2, SaveWeights = true }));
            var job = await node.WaitAsync(jobId, (job, _) => job.State is JobState.Succeeded or JobState.Failed);

            job.State.ShouldBe(JobState.Succeeded);
            var trials = await node.Trials.ListAsync(jobId, CancellationToken.None);
            trials.Count.ShouldBe(4);
            trials.ShouldAllBe(t => t.State == TrialState.Succeeded && t.EpochsDone == 2 && t.Attempt == 1 && t.Device == "cpu" && t.Notes.All(IsOfTooLittleTraining));
            var observations = await node.ObservationsAsync(jobId);
            foreach (var trial in trials)
            {
                observations.Where(o => o.TrialId == trial.Id).Select(o => o.Epoch).ShouldBe([0, 1, 2]);
                using var weights = SafetensorsReader.Open(node.Artifacts.ResolveWeights(trial.WeightsPath!));
                weights.Entries.ShouldNotBeEmpty();
            }
            var scores = (await node.Trials.ScoresAsync(jobId, CancellationToken.None)).ToLookup(s => s.TrialId);
            trials.ShouldAllBe(t => scores[t.Id].Count() == PredictorNames.Scores.Count && scores[t.Id].Any(s => s.Name == PredictorNames.LogMe && s.Value != null));
            observations.DistinctBy(o => o.ValidationLoss).Count().ShouldBe(observations.Count);
        }
        Directory.GetFiles(Path.Combine(folder.Path, "artifacts", "checkpoints")).ShouldBeEmpty();
    }

    [Fact]
    public async Task Trials_that_diverge_fail_and_say_what_to_do()
    {
        await using var node = await WorkerNode.StartAsync(folder.Path);

        var jobId = await node.SubmitAsync(Spec(epochs: 2, t => t with { Optimizer = "sgd", LearningRate = 1e30 }));
        var job = await node.WaitAsync(jobId, (job, _) => job.State is JobState.Succeeded or JobState.Failed);

        job.State.ShouldBe(JobState.Failed);
        foreach (var trial in await node.Trials.ListAsync(jobId, CancellationToken.None))
        {
            trial.Failure!.Code.ShouldBe("diverged");
            trial.Failure.Message.ShouldContain("Lower training.learningRate");
        }
    }

    [Fact]
    public async Task Weights_that_are_no_weights_are_one_line_of_the_log_that_names_the_trial()
    {
        var log = new LogSink();
        await using var node = await WorkerNode.StartAsync(folder.Path, log);
        var file = Path.Combine(Directory.CreateDirectory(node.Artifacts.Root).FullName, "no-weights.safetensors");
        File.WriteAllText(file, "This is no safetensors file, and no other either.");
        var spec = Spec(epochs: 1);

        var jobId = await node.SubmitAsync(spec with { Candidates = [spec.Candidates[0] with { Weights = $"file:{file}" }] });
        await node.WaitAsync(jobId, (job, _) => job.State == JobState.Failed);

        var trial = (await node.Trials.ListAsync(jobId, CancellationToken.None)).ShouldHaveSingleItem();
        trial.Failure!.Code.ShouldBe("weights");
        var line = log.Events.Where(line => line.Level > LogEventLevel.Information).ShouldHaveSingleItem();
        (line.Level, line.Exception).ShouldBe((LogEventLevel.Warning, null));
        // The log has the whole path, the client's answer the one that the spec gave.
        trial.Failure.Message.ShouldStartWith("'no-weights.safetensors' holds");
        LogSink.Text(line, "Reason").ShouldBe(trial.Failure.Message.Replace("'no-weights", $"'{node.Artifacts.Root}/no-weights", StringComparison.Ordinal));
        (LogSink.Text(line, "JobId"), LogSink.Text(line, "TrialId")).ShouldBe((jobId.ToString(), trial.Id.ToString()));
    }

    [Fact]
    public async Task A_cancelled_job_stops_its_running_trial()
    {
        await using var node = await WorkerNode.StartAsync(folder.Path);
        var jobId = await node.SubmitAsync(Spec(epochs: 500));
        await node.WaitAsync(jobId, (_, trials) => trials.Any(t => t.EpochsDone >= 1));

        await node.Jobs.CancelAsync(jobId, CancellationToken.None);
        await node.WaitAsync(jobId, (job, _) => job.State == JobState.Cancelled);

        var trials = await node.Trials.ListAsync(jobId, CancellationToken.None);
        trials.ShouldAllBe(t => t.State == TrialState.Cancelled && t.EpochsDone < 500);
    }

    [Fact]
    public async Task A_worker_that_shuts_down_hands_its_trial_to_the_next_which_repeats_no_epoch()
    {
        var spec = Spec(epochs: 20);
        Guid jobId;
        IReadOnlyList<Observation> before;
        (string, string) curves = ("Worker:TensorBoard", folder.File("curves"));
        await using (var first = await WorkerNode.StartAsync(folder.Path, curves))
        {
            jobId = await first.SubmitAsync(spec);
            await first.WaitAsync(jobId, (_, trials) => trials.Any(t => t.EpochsDone >= 2));
            before = await first.ObservationsAsync(jobId);
        }

        await using var second = await WorkerNode.StartAsync(folder.Path, curves);
        var job = await second.WaitAsync(jobId, (job, _) => job.State is JobState.Succeeded or JobState.Failed);

        job.State.ShouldBe(JobState.Succeeded);
        var trials = await second.Trials.ListAsync(jobId, CancellationToken.None);
        trials.Select(t => t.Attempt).Order().ShouldBe([1, 2]);
        trials.ShouldAllBe(t => t.Notes.All(IsOfTooLittleTraining));
        var after = await second.ObservationsAsync(jobId);
        after.Take(before.Count).ShouldBe(before);
        after.GroupBy(o => o.TrialId).ShouldAllBe(trial => trial.Select(o => o.Epoch).SequenceEqual(Enumerable.Range(0, 21)));
        foreach (var trial in trials)
        {
            var curve = EventFile.OfRun(folder.File(Path.Combine("curves", RunFolder.Of(job.Spec, trial)))).Scalars().ToLookup(s => s.Tag, s => (s.Step, s.Value));
            var stored = after.Where(o => o.TrialId == trial.Id).ToList();
            curve["accuracy/validation"].ShouldBe(stored.Select(o => ((long)o.Epoch, (float)o.ValidationAccuracy)));
            curve["beta_eff"].ShouldBe(stored.Select(o => ((long)o.Epoch, (float)o.BetaEff!.Value)));
            curve["loss/train"].ShouldBe(stored.Skip(1).Select(o => ((long)o.Epoch, (float)o.TrainLoss!.Value)));
        }
    }

    [Fact]
    public async Task A_worker_that_finds_no_checkpoint_starts_over_and_mixes_no_two_runs()
    {
        Guid jobId;
        IReadOnlyList<Observation> before;
        await using (var first = await WorkerNode.StartAsync(folder.Path))
        {
            jobId = await first.SubmitAsync(Spec(epochs: 20));
            await first.WaitAsync(jobId, (_, trials) => trials.Any(t => t.EpochsDone >= 2));
            before = await first.ObservationsAsync(jobId);
        }
        Directory.Delete(Path.Combine(folder.Path, "artifacts", "checkpoints"), recursive: true);

        await using var second = await WorkerNode.StartAsync(folder.Path);
        await second.WaitAsync(jobId, (job, _) => job.State == JobState.Succeeded);

        var trial = (await second.Trials.ListAsync(jobId, CancellationToken.None)).Single(t => t.Attempt == 2);
        trial.Notes.Where(note => !IsOfTooLittleTraining(note)).ShouldHaveSingleItem().ShouldContain("no usable checkpoint");
        var after = (await second.ObservationsAsync(jobId)).Where(o => o.TrialId == trial.Id).ToList();
        after.Select(o => o.Epoch).ShouldBe(Enumerable.Range(0, 21));
        after.Select(o => o.Id).ShouldNotContain(id => before.Any(o => o.Id == id));
    }

    [Fact]
    public async Task A_disk_that_fails_again_and_again_fails_the_trial_after_some_attempts()
    {
        // No folder can be made where a file is.
        File.WriteAllText(Path.Combine(Directory.CreateDirectory(Path.Combine(folder.Path, "artifacts")).FullName, "checkpoints"), "");
        await using var node = await WorkerNode.StartAsync(
            folder.Path, ("Worker:MaxAttempts", "2"), ("Worker:RetryPause", "00:00:00.1"), ("Queue:ReconcileInterval", "00:00:01"));

        var jobId = await node.SubmitAsync(Spec(epochs: 2));
        await node.WaitAsync(jobId, (job, _) => job.State == JobState.Failed);

        (await node.Trials.ListAsync(jobId, CancellationToken.None)).ShouldAllBe(t => t.Attempt == 2 && t.Failure!.Code == "storage");
    }

    [Fact]
    public async Task A_trial_that_no_attempt_brings_further_is_given_up()
    {
        Guid jobId;
        await using (var idle = await WorkerNode.StartIdleAsync(folder.Path))
        {
            jobId = await idle.SubmitAsync(Spec(epochs: 500));
            var claimed = await idle.Trials.ClaimNextAsync("a worker that stops before the first epoch", "its signal", "cpu", CancellationToken.None);
            await idle.Trials.ReleaseAsync(claimed!.Lease, CancellationToken.None);
        }

        await using var second = await WorkerNode.StartAsync(folder.Path, ("Worker:MaxAttempts", "1"));
        await second.WaitAsync(jobId, (_, trials) => trials.Any(t => t.State == TrialState.Failed));
        await second.Jobs.CancelAsync(jobId, CancellationToken.None);
        await second.WaitAsync(jobId, (job, _) => job.State == JobState.Cancelled);

        var failed = (await second.Trials.ListAsync(jobId, CancellationToken.None)).Single(t => t.State == TrialState.Failed);
        failed.Failure!.Code.ShouldBe("too-many-attempts");
        failed.Failure.Message.ShouldStartWith("1 attempts in a row finished no epoch");
    }

    public void Dispose() => folder.Dispose();

    private static JobSpec Spec(int epochs, Func<TrainingSpec, TrainingSpec>? change = null)
    {
        var training = new TrainingSpec { Epochs = epochs, BatchSize = 32, ImageSize = 32, Validation = 40 };
        return new JobSpec
        {
            Dataset = new() { Name = "synthetic", Synthetic = new() { Classes = 3, TrainImages = 140, TestImages = 30 } },
            Candidates = [new() { Name = "resnet8", Backbone = "resnet8" }, new() { Name = "cnn", Backbone = "cnn-small" }],
            Training = change?.Invoke(training) ?? training,
            Probe = new() { Hidden = [32, 16], Samples = 50 },
            Selection = new() { Mode = SelectionMode.Full },
        };
    }

    /// <summary>A few epochs on a few images may learn nothing, and the trial says so.</summary>
    private static bool IsOfTooLittleTraining(string note) => note.StartsWith("The best validation accuracy", StringComparison.Ordinal);
}
