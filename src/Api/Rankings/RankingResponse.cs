using NeuralCapacitance.Domain.Answers;
using NeuralCapacitance.Domain.Jobs;
using NeuralCapacitance.Domain.Predictors;
using NeuralCapacitance.Domain.Rankings;
using NeuralCapacitance.Domain.Trials;

namespace NeuralCapacitance.Api.Rankings;

/// <summary>A predictor's answer to "which backbone?". A number that cannot be given is null, with a reason.</summary>
public sealed record RankingResponse
{
    public required Guid JobId { get; init; }

    public required JobState JobState { get; init; }

    /// <summary>What it comes to, in one sentence, by the first predictor asked.</summary>
    public required Answer Answer { get; init; }

    /// <summary>The first one asked; the fields beside it are its answer.</summary>
    /// <example>neural-capacitance</example>
    public required string Predictor { get; init; }

    /// <summary>`accuracy`, or `score`: a number of the predictor's own scale, which orders the candidates and says nothing else.</summary>
    public required PredictionUnit Unit { get; init; }

    public required RankingWindow Window { get; init; }

    /// <summary>Level of the intervals, in (0, 1).</summary>
    /// <example>0.9</example>
    public required double Confidence { get; init; }

    /// <summary>What the intervals count and what they leave out.</summary>
    public required string IntervalMeaning { get; init; }

    /// <summary>What `finalAccuracy` is the accuracy of.</summary>
    /// <example>test, mean of the last 3 epochs</example>
    public required string FinalAccuracyMeaning { get; init; }

    /// <summary>Best first, then those without a prediction, the failed ones last.</summary>
    public required IReadOnlyList<RankedCandidateResponse> Candidates { get; init; }

    /// <summary>Read before acting on the order.</summary>
    public required IReadOnlyList<string> Warnings { get; init; }

    /// <summary>Spearman's ρ and others against the final accuracies; null until these are known (`full` jobs only).</summary>
    public required Agreement? Agreement { get; init; }

    /// <summary>Every predictor asked, in that order, the first one included.</summary>
    public required IReadOnlyList<PredictorRanking> Predictors { get; init; }

    /// <param name="rankings">One per predictor; at least one.</param>
    internal static RankingResponse Of(Job job, IReadOnlyList<Ranking> rankings, StoredJob stored)
    {
        var first = rankings[0];
        return new()
        {
            JobId = job.Id,
            JobState = job.State,
            Answer = stored.AnswerTo(job, first),
            Predictor = first.Predictor,
            Unit = first.Unit,
            Window = first.Window,
            Confidence = first.Confidence,
            IntervalMeaning = first.IntervalMeaning,
            FinalAccuracyMeaning = first.FinalAccuracyMeaning,
            Candidates = [.. first.Candidates.Select(candidate => RankedCandidateResponse.Of(
                candidate, job.Spec.Candidates[candidate.CandidateIndex], stored))],
            Warnings = first.Warnings,
            Agreement = first.Agreement,
            Predictors = [.. rankings.Select(PredictorRanking.Of)],
        };
    }
}

/// <summary>One candidate in the ranking. Accuracies are in [0, 1].</summary>
public sealed record RankedCandidateResponse
{
    /// <summary>1 is best; equal predictions share a rank; null without a prediction.</summary>
    /// <example>1</example>
    public required int? Rank { get; init; }

    /// <example>resnet8</example>
    public required string Candidate { get; init; }

    public required string Backbone { get; init; }

    /// <example>random</example>
    public required string Weights { get; init; }

    public required CandidateState State { get; init; }

    /// <summary>Predicted final accuracy; null of a predictor of scores.</summary>
    /// <example>0.73</example>
    public required double? PredictedAccuracy { get; init; }

    /// <summary>Of a predictor of scores; greater is better.</summary>
    /// <example>null</example>
    public required double? Score { get; init; }

    public required double? IntervalLow { get; init; }

    public required double? IntervalHigh { get; init; }

    /// <summary>Probability that its final accuracy is the greatest of those predicted.</summary>
    public required double? ProbabilityBest { get; init; }

    /// <summary>Final accuracy that taking it is expected to give away against the best one.</summary>
    /// <example>0.004</example>
    public required double? ExpectedRegret { get; init; }

    /// <summary>Why there is no prediction.</summary>
    public required string? Reason { get; init; }

    /// <summary>Why it failed.</summary>
    public required Failure? Failure { get; init; }

    /// <summary>Validation accuracy at the last epoch that the prediction looks at, mean over the repeats: what it is to be compared with. Null of scores, and without a prediction.</summary>
    public required double? SeenInWindow { get; init; }

    /// <summary>Validation accuracy at the last observed epoch, mean over the repeats.</summary>
    public required double? LastSeenAccuracy { get; init; }

    /// <summary>The epoch of `lastSeenAccuracy`; null before the first, and where the repeats stand at different ones.</summary>
    /// <example>12</example>
    public required int? LastSeenEpoch { get; init; }

    /// <summary>Greatest validation accuracy at any observed epoch, mean over the repeats.</summary>
    public required double? BestSeenAccuracy { get; init; }

    /// <summary>Known once all repeats of a `full` job have ended.</summary>
    public required double? FinalAccuracy { get; init; }

    /// <summary>The epochs that the prediction rests on.</summary>
    public required IReadOnlyList<int> Epochs { get; init; }

    /// <summary>Repeats that it rests on; failed ones are left out.</summary>
    public required int Repeats { get; init; }

    /// <summary>Spent on it so far, over all repeats.</summary>
    public required double Seconds { get; init; }

    internal static RankedCandidateResponse Of(RankedCandidate ranked, CandidateSpec spec, StoredJob stored)
    {
        var seen = stored.Summaries[ranked.CandidateIndex];
        return new()
        {
            Rank = ranked.Rank,
            Candidate = ranked.Candidate,
            Backbone = spec.Backbone,
            Weights = spec.Weights,
            State = ranked.State,
            PredictedAccuracy = ranked.PredictedAccuracy,
            Score = ranked.Score,
            IntervalLow = ranked.IntervalLow,
            IntervalHigh = ranked.IntervalHigh,
            ProbabilityBest = ranked.ProbabilityBest,
            ExpectedRegret = ranked.ExpectedRegret,
            Reason = ranked.Reason,
            Failure = ranked.Failure,
            SeenInWindow = ranked.Epochs.Count == 0 ? null : stored.Curves[ranked.CandidateIndex].At(ranked.Epochs[^1])?.Accuracy?.Mean,
            LastSeenAccuracy = seen.LastSeen,
            LastSeenEpoch = seen.LastEpoch,
            BestSeenAccuracy = seen.BestSeen,
            FinalAccuracy = ranked.FinalAccuracy,
            Epochs = ranked.Epochs,
            Repeats = ranked.Repeats,
            Seconds = Math.Round(seen.Seconds, 2),
        };
    }
}
