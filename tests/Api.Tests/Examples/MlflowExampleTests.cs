using NeuralCapacitance.Api.Jobs;
using NeuralCapacitance.EndToEnd.Processes;

namespace NeuralCapacitance.Api.Tests.Examples;

public sealed class MlflowExampleTests(PlayingService playing) : IClassFixture<PlayingService>
{
    [Fact]
    public async Task A_finished_job_becomes_a_run_with_a_run_for_each_trial_below_it()
    {
        var submitted = await playing.Service.SubmitAsync(ServiceFixture.Spec(name: "to be tracked"));
        await Eventually.Async("the end of the job", () => playing.Service.GetAsync<JobResponse>(submitted.Links.Self), job => job.FinishedAt is not null);
        await using var tracking = await TrackingServer.StartAsync();

        var first = await LogAsync(submitted.Id, tracking);
        var second = await LogAsync(submitted.Id, tracking);

        first.Code.ShouldBe(0, first.ToString());
        second.Code.ShouldBe(0, "the experiment is there already");
        var parent = tracking.Runs[first.Output.Trim()];
        parent.Name.ShouldBe("to be tracked");
        parent.Status.ShouldBe("FINISHED");
        parent.Params["epochs"].ShouldBe("6");
        parent.Metrics.Select(metric => metric.Key).ShouldContain("predicted/resnet8");
        var trials = tracking.Runs.Values.Where(run => run.Tags.GetValueOrDefault("mlflow.parentRunId") == first.Output.Trim()).ToList();
        trials.Select(run => run.Params["candidate"]).ShouldBe(["resnet8", "cnn, \"small\""], ignoreOrder: true);
        trials.ShouldAllBe(run => run.Status == "FINISHED");
        trials[0].Metrics.Where(metric => metric.Key is "validation_accuracy").Select(metric => metric.Step).ShouldBe(Enumerable.Range(0, 7).Select(epoch => (long)epoch));
    }

    [Fact]
    public async Task A_tracking_server_that_is_not_there_ends_it_with_an_error()
    {
        var job = await playing.Service.SubmitAsync();
        await Eventually.Async("the end of the job", () => playing.Service.GetAsync<JobResponse>(job.Links.Self), ended => ended.FinishedAt is not null);

        var ran = await playing.RunAsync(
            "python3", [RepositoryFolder.PathOf("examples/mlflow_run.py"), job.Id.ToString()], Path.GetTempPath(), ("MLFLOW_TRACKING_URI", "http://127.0.0.1:9"));

        ran.Code.ShouldNotBe(0);
        ran.Errors.ShouldContain("refused");
    }

    private Task<PlayingService.Ran> LogAsync(Guid job, TrackingServer tracking)
        => playing.RunAsync("python3", [RepositoryFolder.PathOf("examples/mlflow_run.py"), job.ToString()], Path.GetTempPath(), ("MLFLOW_TRACKING_URI", tracking.Address));
}
