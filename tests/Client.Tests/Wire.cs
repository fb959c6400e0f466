using System.Text.Json;
using NeuralCapacitance.Client.Json;
using NeuralCapacitance.Client.Models;

namespace NeuralCapacitance.Client.Tests;

/// <summary>Small answers of a service.</summary>
internal static class Wire
{
    public static readonly Guid JobId = Guid.Parse("0196f3a2-5b1e-7c44-9d0a-1f2e3d4c5b6a");

    public static Job Job(JobState state = JobState.Running) => new()
    {
        Id = JobId,
        Owner = "local",
        State = state,
        Priority = 0,
        CreatedAt = DateTimeOffset.UnixEpoch,
        Progress = new JobProgress { Trials = 2, TrialsRunning = 0, TrialsDone = 2, TrialsFailed = 0, Epochs = 10, EpochsDone = 10, Fraction = 1 },
        Warnings = [],
        Problems = [],
        Spec = new JobSpec { Dataset = new DatasetSpec { Name = "synthetic" }, Candidates = ["resnet8", "cnn-small"] },
        Version = 3,
        Links = new JobLinks
        {
            Self = "/s", Cancel = "/c", Trials = "/t", Observations = "/o", Csv = "/v", Events = "/e", Ranking = "/r", Decisions = "/d", Finalize = "/f", Model = "/m", Page = "/#/jobs/1",
        },
    };

    public static Observation Observation(long id) => new()
    {
        Id = id, TrialId = JobId, Candidate = "resnet8", Repeat = 0, Epoch = 1, ValidationAccuracy = 0.5, ValidationCount = 10, TestCount = 0, TrainSeconds = 1, BetaSeconds = 1, ValidationSeconds = 1,
        RecordedAt = DateTimeOffset.UnixEpoch,
    };

    public static Ranking Ranking(params (string Candidate, int? Rank, double? ProbabilityBest)[] candidates) => new()
    {
        JobId = JobId,
        JobState = JobState.Succeeded,
        Predictor = "neural-capacitance",
        Unit = PredictionUnit.Accuracy,
        Window = new RankingWindow { Observe = 5, FirstEpoch = 1, LastEpoch = 5 },
        Confidence = 0.9,
        IntervalMeaning = "of the final accuracy",
        Warnings = [],
        Predictors = [],
        Candidates = [.. candidates.Select(candidate => new RankedCandidate
        {
            Candidate = candidate.Candidate, Backbone = candidate.Candidate, Weights = "random", State = CandidateState.Succeeded, Rank = candidate.Rank, ProbabilityBest = candidate.ProbabilityBest,
            PredictedAccuracy = candidate.Rank is null ? null : 0.7, Reason = candidate.Rank is null ? "too few epochs" : null, Epochs = [], Repeats = 1, Seconds = 3,
        })],
    };

    public static string Json(this object value) => JsonSerializer.Serialize(value, WireJson.Options);

    public static string Event(string type, object data, long? id = null) => $"event: {type}\n{(id is null ? "" : $"id: {id}\n")}data: {data.Json()}\n\n";
}
