using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Logging.Abstractions;
using NeuralCapacitance.Domain.Jobs;
using NeuralCapacitance.Worker.Backbones;
using NeuralCapacitance.Worker.Estimates;
using NeuralCapacitance.Worker.Memory;
using NeuralCapacitance.Worker.Slots;
using NeuralCapacitance.Worker.Tests.TorchScript;
using NeuralCapacitance.Worker.Tests.Training;
using NeuralCapacitance.Worker.Training;

namespace NeuralCapacitance.Worker.Tests.Memory;

[Collection(OwnGenerator.Name)]
public sealed class AdmissionTests : IDisposable
{
    /// <summary>100 bytes an image above 1000: 64 images take 7400.</summary>
    private static readonly MemoryForecast Line = new(2, 1200, 4, 1400);

    private readonly Trials trials = new();

    [Fact]
    public void A_forecast_is_a_line_through_two_steps()
    {
        Line.Peak(64).ShouldBe(7400);
        Line.LeastPeak(64).ShouldBe(5550);
        Line.MostPeak(64).ShouldBe(9250);
        new MemoryForecast(2, 1000, 4, 900).Peak(64).ShouldBe(900);
    }

    [Theory]
    [InlineData(5549, false)]
    [InlineData(5550, true)]
    public void What_could_fit_by_the_smallest_forecast_is_begun_and_what_could_not_is_refused(long bytes, bool begun)
        => (Admission.Refuse(Line, new(bytes, "cuda:0 has"), Plan(), batch: 64) is null).ShouldBe(begun);

    [Fact]
    public void A_batch_that_was_measured_is_never_refused_for_what_it_did_not_need()
        => Admission.Refuse(Line, new(1400, "cuda:0 has"), Plan(), batch: 4).ShouldBeNull();

    [Fact]
    public void A_refusal_has_the_numbers_and_a_batch_that_would_fit()
    {
        var forecast = new MemoryForecast(2, 1_000_000_000, 4, 2_000_000_000);

        var failure = Admission.Refuse(forecast, new(24_000_000_000, "cuda:0 has"), Plan(), batch: 256).ShouldNotBeNull();

        failure.Code.ShouldBe("too-large");
        failure.Message.ShouldBe(
            "resnet8 is not begun: with 256 images of side 32 a training step would need about 128.0 GB of memory (from steps of 2 and 4 images, certain to a quarter), more than cuda:0 has: 24.0 GB. "
            + "Lower training.batchSize to 32, which fits, or training.imageSize (now 32).");
        TrialFailures.MayPass(failure).ShouldBeFalse();
        Admission.Refuse(forecast, new(1_000_000_000, "cuda:0 has"), Plan(), batch: 256)!.Message.ShouldContain("choose a smaller backbone");
    }

    /// <summary>The figure that docs/operations.md states.</summary>
    [Fact]
    public void A_forecast_is_off_by_less_than_it_says()
    {
        const int Batch = 512;
        using var data = trials.LoadData();
        var catalogue = new BackboneCatalogue();
        var plan = trials.Plan(1, change: t => t with { BatchSize = Batch });

        var forecast = new MemoryMeasurement(catalogue, trials.Artifacts, TimeProvider.System).Measure(plan, data, Batch, _ => false, CancellationToken.None).ShouldNotBeNull();

        forecast.Large.ShouldBeLessThan(Batch);
        var network = catalogue.Create(plan.Candidate, Trials.ImageSize, trials.Artifacts);
        using var tuning = new FineTuning(network, Heads.Create(Domain.Finalizations.ModelHead.Probe, network.FeatureWidth, plan.Spec.Probe, 3), plan.Spec.Training, plan.Device);
        var measured = PeakMemory.Of(() => tuning.Train(data.Train, [.. Enumerable.Range(0, Batch).Select(i => i % data.Train.Count)], CancellationToken.None)).ShouldNotBeNull();
        forecast.LeastPeak(Batch).ShouldBeLessThan(measured);
        forecast.MostPeak(Batch).ShouldBeGreaterThan(measured);
    }

    [Fact]
    public void A_trial_that_would_need_more_than_its_limit_is_refused_before_it_trains_and_a_smaller_one_runs()
    {
        using var slots = Slots("1500MB");
        var listener = new RecordingListener();

        var failure = Should.Throw<TrialFailedException>(() => slots.Run(Large(batch: 230), listener, CancellationToken.None)).Failure;

        failure.Code.ShouldBe("too-large");
        failure.Message.ShouldContain("more than a trial may allocate here (Worker:MemoryLimit): 1.5 GB.");
        failure.Message.ShouldMatch("Lower training.(batchSize to [0-9]+, which fits|imageSize)");
        listener.Observations.ShouldBeEmpty();
        slots.Run(trials.Plan(epochs: 1), new RecordingListener(), CancellationToken.None);
    }

    [Fact]
    public void What_is_allocated_beyond_the_limit_fails_the_trial_and_the_next_one_runs()
    {
        using var slots = Slots("500MB");

        // Four images are too few to foresee anything, and the widest layers take more.
        var failure = Should.Throw<TrialFailedException>(() => slots.Run(Large(batch: 4) with { Candidate = new CandidateSpec { Name = "vgg19", Backbone = "vgg19", Weights = "random" } }, new RecordingListener(), CancellationToken.None)).Failure;

        failure.Code.ShouldBe("out-of-memory");
        failure.Message.ShouldEndWith("Its process may allocate 500 MB (Worker:MemoryLimit).");
        slots.Run(trials.Plan(epochs: 1), new RecordingListener(), CancellationToken.None);
    }

    public void Dispose() => trials.Dispose();

    private TrialPlan Plan() => trials.Plan(epochs: 1);

    private TrialPlan Large(int batch) => trials.Plan(epochs: 1, change: t => t with { BatchSize = batch, ImageSize = 160 }) with { Candidate = new CandidateSpec { Name = "resnet50", Backbone = "resnet50", Weights = "random" } };

    private TrialSlots Slots(string limit)
    {
        var configuration = new ConfigurationBuilder().AddConfiguration(trials.Configuration).AddInMemoryCollection([new("Worker:MemoryLimit", limit)]).Build();
        return new(configuration, NullLoggerFactory.Instance, TimeProvider.System, Guards.Of(configuration));
    }
}
