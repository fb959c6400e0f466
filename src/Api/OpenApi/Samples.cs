using NeuralCapacitance.Api.Backbones;
using NeuralCapacitance.Api.Datasets;
using NeuralCapacitance.Api.Events;
using NeuralCapacitance.Api.Finalizations;
using NeuralCapacitance.Api.Jobs;
using NeuralCapacitance.Api.Observations;
using NeuralCapacitance.Api.Predictors;
using NeuralCapacitance.Api.Races;
using NeuralCapacitance.Api.Rankings;
using NeuralCapacitance.Api.Reports.Plots;
using NeuralCapacitance.Api.Trials;
using NeuralCapacitance.Api.Webhooks;
using NeuralCapacitance.Api.Workers;
using NeuralCapacitance.Domain.Access;
using NeuralCapacitance.Domain.Backbones;
using NeuralCapacitance.Domain.Datasets;
using NeuralCapacitance.Domain.Estimates;
using NeuralCapacitance.Domain.Finalizations;
using NeuralCapacitance.Domain.Jobs;
using NeuralCapacitance.Domain.Notifications;
using NeuralCapacitance.Domain.Predictors;
using NeuralCapacitance.Domain.Races;
using NeuralCapacitance.Domain.Rankings;
using NeuralCapacitance.Domain.Trials;
using NeuralCapacitance.Infrastructure.Access;
using NeuralCapacitance.Infrastructure.Finalizations;
using NeuralCapacitance.Infrastructure.Retention;
using NeuralCapacitance.Infrastructure.Trials;
using NeuralCapacitance.Infrastructure.Webhooks;
using NeuralCapacitance.Infrastructure.Weights;
using NeuralCapacitance.Infrastructure.Workers;
using NeuralCapacitance.Worker.Backbones;
using NeuralCapacitance.Worker.Datasets.Reports;

namespace NeuralCapacitance.Api.OpenApi;

/// <summary>One small job in mid-flight, from which every example answer is computed by the code that makes the real ones.</summary>
internal static class Samples
{
    private static readonly DateTimeOffset Start = new(2026, 3, 1, 12, 0, 0, TimeSpan.Zero);

    private static readonly string[] Names = ["resnet8", "vgg-small", "cnn-small"];

    private static readonly DatasetSpec Synthetic = new() { Name = "synthetic", Synthetic = new SyntheticSpec() };

    private static DatasetSpec Folder(string path) => new() { Name = DatasetSpec.ImageFolderName, Path = path };

    private static readonly WorkerInfo TheWorker = new(
        "gpu-box-cuda-0", "gpu-box:4711", "0.1.0", "cuda:0", Slots: 2, IsAlive: true, new MemoryUse(9_663_676_416, 67_430_305_792), new MemoryUse(3_221_225_472, 25_757_220_864),
        Start.AddDays(-1), Start.AddSeconds(20), DrainingSince: null,
        [new RunningTrial(Guid.Parse("0196f3a2-5b20-7000-8000-000000000001"), Guid.Parse("0196f3a2-5b1e-7c44-9d0a-1f2e3d4c5b6a"), Caller.LocalOwner, "resnet8", Attempt: 1, EpochsDone: 3, EpochsTarget: 6)]);

    private static readonly Job TheJob = new()
    {
        Id = Guid.Parse("0196f3a2-5b1e-7c44-9d0a-1f2e3d4c5b6a"),
        State = JobState.Running,
        Spec = new JobSpec
        {
            Name = "quickstart",
            Dataset = Synthetic,
            Candidates = [.. Names.Select(name => new CandidateSpec { Name = name, Backbone = name })],
            Training = new TrainingSpec { Epochs = 6 },
        },
        CreatedAt = Start,
        StartedAt = Start.AddSeconds(1),
        Version = 24,
    };

    private static readonly Trial[] TheTrials =
    [
        .. Names.Select((name, index) => new Trial
        {
            Id = Guid.Parse($"0196f3a2-5b20-7000-8000-00000000000{index + 1}"),
            JobId = TheJob.Id,
            CandidateIndex = index,
            Candidate = name,
            Repeat = 0,
            Seed = 1,
            State = index < 2 ? TrialState.Succeeded : TrialState.Running,
            Attempt = 1,
            Device = "cpu",
            EpochsDone = index < 2 ? 6 : 5,
            EpochsTarget = 6,
            DatasetHash = "9f0c1d5e2b7a4c6380e1d2f3a4b5c6d7e8f90a1b2c3d4e5f60718293a4b5c6d7",
            Software = new Dictionary<string, string>(StringComparer.Ordinal) { ["libtorch"] = "1.13.1", ["threads"] = "2" },
            StartedAt = Start.AddSeconds(1 + (20 * index)),
            FinishedAt = index < 2 ? Start.AddSeconds(20 + (20 * index)) : null,
        }),
    ];

    private static readonly Observation[] TheObservations =
    [
        .. TheTrials.SelectMany((trial, index) => Enumerable.Range(0, trial.EpochsDone + 1).Select(epoch => Observe(trial, index, epoch))),
    ];

    private static readonly TrialScore[] TheScores =
    [
        .. TheTrials.SelectMany((trial, index) => new TrialScore[]
        {
            new(trial.Id, "leep", null, "not applicable: the weights 'random' hold no classifier that they were trained with"),
            new(trial.Id, "logme", -0.31 + (0.04 * index), null),
        }),
    ];

    private static readonly BackboneInfo TheBackbone = new()
    {
        Name = "resnet18",
        Family = "resnet",
        Parameters = 11_176_512,
        FeatureWidth = 512,
        MinimumSize = 32,
        NativeSize = 224,
        MultiplyAdds = 1_813_561_344,
        Imagenet = ImageNetManifest.Find("resnet18")! with { Cached = false },
        Weights = ["random", "imagenet", "file"],
    };

    public static object Job() => JobResponse.Of(TheJob, JobProgress.Of(TheJob.Spec, TrialTally.Of(TheTrials), new NoBackbones()), "", Start.AddSeconds(60));

    private static readonly Finalization TheFinalization = FinalizationOf(TheJob, TheTrials[0]);

    public static object FinalizationJob() => JobResponse.Of(
        TheFinalization.Job,
        JobProgress.Of(TheFinalization.Job.Spec, TrialTally.Of([TheFinalization.Trial]), new NoBackbones()),
        "",
        Start.AddSeconds(60),
        finalization: FinalizationResponse.Of(TheFinalization, new BackboneCatalogue(), ""));

    public static object Snippet() => ModelResponse.SnippetOf(TheFinalization.Job, new BackboneCatalogue());

    public static object Jobs() => new PageResponse<JobResponse>([(JobResponse)Job()], NextCursor: null);

    public static object Trials() => new TrialList([.. TheTrials.Select(trial => TrialResponse.Of(trial, TheJob.Spec, TheScores.Where(score => score.TrialId == trial.Id)))]);

    public static object Observations() => new ObservationPage([ObservationResponse.Of(TheObservations[1], TheTrials[0])], NextAfter: null);

    public static object Events()
        => $"event: heartbeat\ndata: {{}}\n\nevent: observation\ndata: {{\"id\":{TheObservations[1].Id},\"candidate\":\"resnet8\",\"epoch\":1, … }}\nid: {TheObservations[1].Id}\n\n";

    public static object Decisions() => new DecisionPage(
        [
            .. Race.Decide(RaceSettings.Of(TheJob.Spec), 5, [.. TheTrials.Select(trial => new Racer(trial.CandidateIndex, new CandidateCurves(
                [[.. TheObservations.Where(o => o.TrialId == trial.Id).Select(CurvePoint.Of)]])))])
                .Decisions.Select((decision, index) => DecisionResponse.Of(decision with { Id = 1 + index, CreatedAt = Start.AddSeconds(50) }, TheJob.Spec)),
        ],
        NextAfter: null);

    public static object Ranking() => RankingResponse.Of(TheJob, [RankedBy(PredictorNames.NeuralCapacitance), RankedBy(PredictorNames.LastSeen)], Stored());

    public static object BetaAccuracy()
    {
        var stored = Stored();
        return BetaAccuracyResponse.Of(
            RankingResponse.Of(TheJob, [RankedBy(PredictorNames.SharedSlope)], stored), stored,
            BetaLine.Of(stored.Basis, TheJob.Spec.Selection with { Predictor = PredictorNames.SharedSlope }));
    }

    private static StoredJob Stored() => StoredJob.Of(TheJob.Spec, new TrialRecords(TheTrials, TheObservations, TheScores), []);

    private static Ranking RankedBy(string predictor) => Ranker.Rank(TheJob.Spec, TheTrials, TheObservations, TheJob.Spec.Selection with { Predictor = predictor });

    public static object Predictors() => PredictorList.All with { Items = [.. PredictorList.All.Items.Take(2)] };

    public static object Backbones() => new BackboneList([TheBackbone], [TorchScriptBackbone.Pattern]);

    private static readonly DatasetSummary TheDataset = new()
    {
        Name = "synthetic",
        Spec = Synthetic,
        IsUploaded = false,
        IsUsable = true,
        Classes = [new ClassCount("circle", 200, 100), new ClassCount("square", 200, 100)],
        TrainImages = 400,
        ValidationImages = 0,
        TestImages = 200,
        ClassBalance = 1,
        Problems = [],
    };

    public static object Datasets() => new PageResponse<DatasetSummary>([TheDataset], null);

    public static object Dataset() => DatasetDetails.Of(TheDataset, new DatasetInspection
    {
        Hash = "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08",
        Version = "60303ae22b998861bce3b28f33eec1be758a213c86c93c076dbe9f558c11c752",
        Width = new SideRange(320, 500, 1600),
        Height = new SideRange(240, 375, 1200),
        Broken = [new BrokenFile("train/robin/017.jpg", "file ends early: of 375 rows of pixels the last 180 are missing")],
        BrokenCount = 1,
        Duplicates = [new DuplicateImage("test/wren/003.jpg", "train/wren/041.jpg")],
        DuplicateCount = 1,
    });

    public static JobEstimate Estimate() => JobEstimate.Of(
        TheJob.Spec,
        new ImageCounts(Train: 1_400, Validation: 600, Test: 1_000),
        [
            .. TheJob.Spec.Candidates.Select((_, index) => new CostOutcome(
                new CandidateCost
                {
                    Device = "cpu",
                    Threads = 2,
                    TrainSecondsPerStep = 0.002 * (1 + index),
                    TrainSecondsPerImage = 0.001 * (1 + index),
                    EvaluationSecondsPerImage = 0.0004 * (1 + index),
                    BetaSecondsPerImage = 0.0005 * (1 + index),
                    PeakMemoryBytes = 300_000_000 + (20_000_000 * index),
                    MeasuredBatch = 64,
                    InputSize = 32,
                },
                Reason: null)),
        ]);

    public static object Audit() => new PageResponse<AuditEntry>(
        [new AuditEntry(1, Start, "key:ci", "ci", "192.0.2.7", AuditAction.Submitted, $"job:{TheJob.Id}", Detail: null)], NextCursor: null);

    public static object Upload() => new UploadResponse
    {
        Name = "birds",
        Spec = Folder("birds"),
        Classes = [new ClassCount("robin", 80, 20), new ClassCount("wren", 60, 20)],
        Images = 180,
        Bytes = 3_145_728,
        Problems = ["2 files are no images and were left out: 'README.md', 'labels.csv'."],
        ArchiveHash = "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08",
    };

    private static readonly WebhookDelivery TheDelivery = new(
        Guid.Parse("0196f3a3-77aa-7b10-8c2d-3e4f5a6b7c8d"), TheJob.Id, JobEvents.JobStarted, "https://hooks.example.org/selection", DeliveryState.Pending, Attempts: 1,
        NextAttemptAt: Start.AddSeconds(8), LastAttemptAt: Start.AddSeconds(2), LastStatus: 503, LastError: "down for maintenance", CreatedAt: Start.AddSeconds(1), EndedAt: null);

    public static object Delivery() => DeliveryResponse.Of(TheDelivery);

    public static object Deliveries() => new DeliveryList([DeliveryResponse.Of(TheDelivery)]);

    public static object Webhooks() => WebhooksResponse.Of(new(
        "whsec_…", PreviousUntil: null, [new() { Url = "https://hooks.example.org/selection", Events = [JobEvents.JobSucceeded, JobEvents.JobFailed] }]));

    public static object Retention() => new RetentionReport(
        Start,
        [
            new RetentionKind
            {
                Kind = "jobs", MaxAgeSeconds = TimeSpan.FromDays(90).TotalSeconds, MaxCount = null,
                Removed = 1, RemovedBytes = 46_837_520, Items = [new(TheJob.Id.ToString(), 46_837_520, Start.AddDays(-100), "not needed for 100 days; kept are 90 days")],
                Kept = 0, KeptItems = [],
            },
        ],
        Bytes: 46_837_520);

    private static Finalization FinalizationOf(Job job, Trial trial)
    {
        var id = Guid.Parse("0196f3a4-1c2d-7e3f-8a4b-5c6d7e8f9a0b");
        return new(
            new Job
            {
                Id = id, State = JobState.Queued, Spec = new FinalizeSpec().For(job.Spec, job.Spec.Candidates[0]), Finalizes = job.Id,
                CreatedAt = Start.AddSeconds(60), Version = 1,
            },
            trial with
            {
                Id = Guid.Parse("0196f3a4-1c2d-7e3f-8a4b-5c6d7e8f9a0c"), JobId = id, State = TrialState.Queued, Attempt = 0, EpochsDone = 0, Device = null,
                DatasetHash = null, Software = null, StartedAt = null, FinishedAt = null,
            });
    }

    /// <summary>A learning curve that saturates: accuracy rises while β_eff falls towards 0.</summary>
    private static Observation Observe(Trial trial, int index, int epoch)
    {
        var learnt = 1 - Math.Exp(-0.4 * epoch);
        return new()
        {
            Id = 1_000 + (10 * index) + epoch,
            TrialId = trial.Id,
            Epoch = epoch,
            BetaEff = Math.Round((1 - (0.8 * learnt)) * (4 + index), 4),
            ValidationAccuracy = Math.Round(0.1 + ((0.6 - (0.1 * index)) * learnt) + (0.01 * ((epoch + index) % 2)), 4),
            ValidationLoss = Math.Round(2.3 - (1.4 * learnt), 4),
            ValidationCount = 858,
            TrainAccuracy = epoch == 0 ? null : Math.Round(0.1 + (0.65 * learnt), 4),
            TrainLoss = epoch == 0 ? null : Math.Round(2.3 - (1.5 * learnt), 4),
            TrainSeconds = epoch == 0 ? 0 : 2.6,
            BetaSeconds = 0.2,
            ValidationSeconds = 0.4,
            RecordedAt = trial.StartedAt!.Value.AddSeconds(3 * epoch),
        };
    }

    /// <summary>Every epoch counts the same.</summary>
    private sealed class NoBackbones : IBackboneCatalogue
    {
        public IReadOnlyList<BackboneInfo> All => [];

        public BackboneInfo? Find(string name) => null;
    }

    public static WorkerList Workers() => new([Worker()]);

    public static WorkerResponse Worker() => WorkerResponse.Of(TheWorker, _ => true);

    public static WorkerResponse DrainingWorker() => WorkerResponse.Of(TheWorker with { DrainingSince = Start.AddSeconds(25) }, _ => true);
}
