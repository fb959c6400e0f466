using System.Collections.Concurrent;
using System.Diagnostics;
using NeuralCapacitance.Domain.Jobs;
using NeuralCapacitance.Infrastructure.Tracing;
using NeuralCapacitance.Worker.Tests.Hosting;
using NeuralCapacitance.Worker.Tests.Training;

namespace NeuralCapacitance.Worker.Tests.Telemetry;

[Collection(OwnGenerator.Name)]
public sealed class TrialTracingTests : IDisposable
{
    private readonly TemporaryFolder folder = new();
    private readonly ConcurrentBag<Activity> ended = [];
    private readonly ActivityListener listener;

    public TrialTracingTests()
    {
        listener = new()
        {
            ShouldListenTo = source => source.Name == ServiceTracing.SourceName,
            Sample = (ref ActivityCreationOptions<ActivityContext> _) => ActivitySamplingResult.AllDataAndRecorded,
            ActivityStopped = ended.Add,
        };
        ActivitySource.AddActivityListener(listener);
    }

    [Fact]
    public async Task A_trial_hangs_below_the_request_that_made_its_job_and_its_epochs_below_it()
    {
        await using var node = await WorkerNode.StartAsync(folder.Path);
        ActivityTraceId trace;
        ActivitySpanId request;
        Guid job;
        using (var post = new Activity("POST").SetIdFormat(ActivityIdFormat.W3C).Start())
        {
            (trace, request) = (post.TraceId, post.SpanId);
            job = await node.SubmitAsync(new JobSpec
            {
                Dataset = new DatasetSpec { Name = DatasetSpec.SyntheticName, Synthetic = new SyntheticSpec { Classes = 2, TrainImages = 64, TestImages = 16 } },
                Candidates = [new CandidateSpec { Name = "cnn-small", Backbone = "cnn-small", Weights = "random" }],
                Training = new TrainingSpec { Epochs = 2, BatchSize = 16, ImageSize = 32 },
            });
        }
        await node.WaitAsync(job, (job, _) => job.State is JobState.Succeeded or JobState.Failed);
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(60));
        while (!ended.Any(span => span.OperationName == "trial")) await Task.Delay(20, patience.Token);

        var trial = ended.Single(span => span.OperationName == "trial");
        (trial.TraceId, trial.ParentSpanId, trial.Kind).ShouldBe((trace, request, ActivityKind.Consumer));
        trial.GetTagItem("nc.job.id").ShouldBe(job.ToString());
        trial.GetTagItem("nc.candidate").ShouldBe("cnn-small");
        var epochs = ended.Where(span => span.OperationName == "epoch").OrderBy(span => span.StartTimeUtc).ToList();
        epochs.Select(span => span.GetTagItem("nc.epoch")).ShouldBe([0, 1, 2]);
        epochs.ShouldAllBe(span => span.TraceId == trace && span.ParentSpanId == trial.SpanId && span.Duration > TimeSpan.Zero);
        epochs[0].StartTimeUtc.ShouldBeGreaterThanOrEqualTo(trial.StartTimeUtc);
        ended.Count(span => span.OperationName is "dataset" or "scores").ShouldBe(2);
    }

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("no traceparent")]
    public void What_is_no_traceparent_is_no_context(string? text) => ServiceTracing.ContextOf(text).ShouldBe(default);

    public void Dispose()
    {
        listener.Dispose();
        folder.Dispose();
    }
}
