using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using NeuralCapacitance.Domain.Jobs;
using NeuralCapacitance.Worker.Estimates;
using NeuralCapacitance.Worker.Hosting;
using NeuralCapacitance.Worker.Tests.Slots;
using NeuralCapacitance.Worker.Tests.TorchScript;
using NeuralCapacitance.Worker.Tests.Training;

namespace NeuralCapacitance.Worker.Tests.Estimates;

/// <summary>Real measurements, each in a process of its own; what they come to is the machine's affair.</summary>
public sealed class JobEstimatorTests
{
    [Fact]
    public async Task Each_network_is_measured_once_with_time_and_memory()
    {
        var estimate = await EstimateAsync("cpu", new CandidateSpec { Name = "a", Backbone = "resnet8" }, new CandidateSpec { Name = "b", Backbone = "resnet8" });

        estimate.Candidates.Count.ShouldBe(2);
        estimate.Candidates[0].Cost.ShouldBe(estimate.Candidates[1].Cost);
        var cost = estimate.Candidates[0].Cost.ShouldNotBeNull(estimate.Candidates[0].Reason);
        cost.Device.ShouldBe("cpu");
        cost.Threads.ShouldBe(1);
        (cost.TrainSecondsPerStep + cost.TrainSecondsPerImage).ShouldBeGreaterThan(0);
        cost.TrainSecondsPerStep.ShouldBeGreaterThanOrEqualTo(0);
        cost.TrainSecondsPerImage.ShouldBeGreaterThanOrEqualTo(0);
        cost.EvaluationSecondsPerImage.ShouldBeGreaterThan(0);
        cost.BetaSecondsPerImage.ShouldBeGreaterThan(0);
        cost.MeasuredBatch.ShouldBeInRange(2, 8);
        cost.InputSize.ShouldBe(32);
        if (OperatingSystem.IsLinux()) cost.PeakMemoryBytes!.Value.ShouldBeInRange(50L << 20, 2L << 30);
    }

    [Fact]
    public async Task Network_that_cannot_be_made_is_a_reason_and_the_others_are_measured()
    {
        var estimate = await EstimateAsync("cpu", new CandidateSpec { Name = "a", Backbone = "resnet8" }, new CandidateSpec { Name = "b", Backbone = "gone" });

        estimate.Candidates[0].Seconds!.Value.ShouldBeGreaterThan(0);
        estimate.Candidates[1].Reason.ShouldBe("This worker has no backbone 'gone'.");
        estimate.Seconds.ShouldBe(estimate.Candidates[0].Seconds!.Value);
    }

    [Fact]
    public async Task A_model_of_the_users_own_is_measured_as_a_trial_would_find_it()
    {
        var own = new CandidateSpec { Name = "a", Backbone = "torchscript", Weights = "file:own.pt", Module = "features" };

        var estimate = await EstimateAsync("cpu", own, own with { Name = "b", Weights = "file:own-frozen.pt" });

        estimate.Candidates[0].Cost.ShouldNotBeNull(estimate.Candidates[0].Reason).EvaluationSecondsPerImage.ShouldBeGreaterThan(0);
        estimate.Candidates[1].Reason.ShouldNotBeNull().ShouldContain("has no submodule 'features'");
    }

    [BubblewrapFact]
    public async Task A_measured_model_reads_no_file_of_the_machine()
    {
        using var folder = new TemporaryFolder();
        ScriptFile.Write(Path.Combine(folder.Path, "mine.pt"), ScriptFile.Reading("/etc/passwd"));

        var estimate = await EstimateAsync("cpu", folder.Path, new CandidateSpec { Name = "a", Backbone = "torchscript", Weights = "file:mine.pt", Module = "features" });

        var reason = estimate.Candidates.ShouldHaveSingleItem().Reason.ShouldNotBeNull();
        reason.ShouldContain("in the model's own words");
        reason.ShouldNotContain("root:");
    }

    [Fact]
    public async Task A_model_that_may_not_run_is_not_measured()
    {
        var estimate = await EstimateAsync("cpu", "false", Goldens, new CandidateSpec { Name = "a", Backbone = "torchscript", Weights = "file:own.pt", Module = "features" });

        estimate.Candidates.ShouldHaveSingleItem().Reason.ShouldNotBeNull().ShouldContain("it is TorchScript, which is a program");
    }

    [Fact]
    public async Task Setting_that_the_measurement_cannot_use_is_a_reason()
    {
        var estimate = await EstimateAsync("tpu", new CandidateSpec { Name = "a", Backbone = "resnet8" });

        estimate.Candidates.ShouldHaveSingleItem().Reason.ShouldNotBeNull().ShouldContain("Worker:Device");
    }

    private static readonly string Goldens = Path.Combine(AppContext.BaseDirectory, "Goldens");

    private static Task<Domain.Estimates.JobEstimate> EstimateAsync(string device, params CandidateSpec[] candidates) => EstimateAsync(device, Goldens, candidates);

    private static Task<Domain.Estimates.JobEstimate> EstimateAsync(string device, string data, params CandidateSpec[] candidates) => EstimateAsync(device, "true", data, candidates);

    private static async Task<Domain.Estimates.JobEstimate> EstimateAsync(string device, string allow, string data, params CandidateSpec[] candidates)
    {
        var configuration = new ConfigurationBuilder().AddInMemoryCollection([new("Worker:Device", device), new("Worker:Threads", "1"), new("Worker:AllowTorchScript", allow), new("Storage:DataRoots:0", data)]).Build();
        await using var services = new ServiceCollection().AddLogging().AddCatalogues(configuration).BuildServiceProvider();
        return await services.GetRequiredService<JobEstimator>().EstimateAsync(
            new JobSpec
            {
                Dataset = new DatasetSpec { Name = DatasetSpec.SyntheticName, Synthetic = new SyntheticSpec { Classes = 3, TrainImages = 100, TestImages = 10 } },
                Candidates = candidates,
                Training = new TrainingSpec { BatchSize = 8 },
            },
            CancellationToken.None);
    }
}
