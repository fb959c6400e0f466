using NeuralCapacitance.Api.Rankings;
using NeuralCapacitance.Domain.Curves;
using NeuralCapacitance.Domain.Predictors;
using NeuralCapacitance.Domain.Rankings;

namespace NeuralCapacitance.Api.Reports.Plots;

/// <summary>The paper's picture in numbers: accuracy against β_eff, which training drives to 0; what a predictor makes of it stands there.</summary>
public sealed record BetaAccuracyResponse
{
    /// <summary>More points than this, nobody sees on a plot.</summary>
    private const int MostPoints = 100;

    /// <summary>Whose predictions these are.</summary>
    /// <example>shared-slope</example>
    public required string Predictor { get; init; }

    public required RankingWindow Window { get; init; }

    /// <summary>Level of the intervals, in (0, 1).</summary>
    /// <example>0.9</example>
    public required double Confidence { get; init; }

    /// <summary>In the order of the spec.</summary>
    public required IReadOnlyList<BetaAccuracyCandidate> Candidates { get; init; }

    /// <summary>Why nobody has both observations and a predicted accuracy; null: somebody has.</summary>
    public required string? Reason { get; init; }

    internal static BetaAccuracyResponse Of(RankingResponse ranking, StoredJob stored, IReadOnlyDictionary<int, BetaLine> lines)
    {
        var ranked = ranking.Candidates.ToDictionary(candidate => candidate.Candidate, StringComparer.Ordinal);
        var candidates = stored.Spec.Candidates.Select((spec, index) => Candidate(ranked[spec.Name], stored.Curves[index], lines.GetValueOrDefault(index))).ToList();
        return new()
        {
            Predictor = ranking.Predictor,
            Window = ranking.Window,
            Confidence = ranking.Confidence,
            Candidates = candidates,
            Reason = candidates.Exists(candidate => candidate.HasPicture) ? null
                : ranking.Unit is PredictionUnit.Score ? $"The predictor {ranking.Predictor} gives scores, which are no accuracies."
                : "No candidate has both β_eff and a predicted accuracy.",
        };
    }

    private static BetaAccuracyCandidate Candidate(RankedCandidateResponse ranked, ObservedCurve curve, BetaLine? line)
    {
        // β_eff of an untrained network is used by nothing, and often so large that all else would be a point beside it.
        var seen = curve.Epochs.Where(epoch => epoch is { Epoch: > 0, Accuracy: not null, Beta: not null }).ToLookup(epoch => ranked.Epochs.Contains(epoch.Epoch));
        return new()
        {
            Candidate = ranked.Candidate,
            Points =
            [
                .. new[] { true, false }
                    .SelectMany(isUsed => new ObservedCurve([.. seen[isUsed]]).Thinned(MostPoints).Epochs
                        .Select(epoch => new BetaAccuracyPoint(epoch.Epoch, epoch.Beta!.Mean, epoch.Accuracy!.Mean, isUsed)))
                    .OrderBy(point => point.Epoch),
            ],
            Slope = line?.Slope,
            Intercept = line?.Intercept,
            PredictedAccuracy = ranked.PredictedAccuracy,
            IntervalLow = ranked.IntervalLow,
            IntervalHigh = ranked.IntervalHigh,
            FinalAccuracy = ranked.FinalAccuracy,
        };
    }
}

/// <summary>One candidate. Accuracies are in [0, 1], means over the repeats.</summary>
public sealed record BetaAccuracyCandidate
{
    /// <example>resnet8</example>
    public required string Candidate { get; init; }

    /// <summary>In order of epochs, from 1; of many an even choice.</summary>
    public required IReadOnlyList<BetaAccuracyPoint> Points { get; init; }

    /// <summary>Of the fitted line, accuracy per unit of β_eff; null of a predictor that fits none.</summary>
    /// <example>-0.11</example>
    public required double? Slope { get; init; }

    /// <summary>Of the fitted line, accuracy at β_eff = 0, which may be more than 1 or less than 0; null of a predictor that fits none.</summary>
    /// <example>0.73</example>
    public required double? Intercept { get; init; }

    /// <summary>The intercept, bounded by 0 and 1; of a predictor that fits no line what it predicts. Null without a prediction.</summary>
    /// <example>0.73</example>
    public required double? PredictedAccuracy { get; init; }

    public required double? IntervalLow { get; init; }

    public required double? IntervalHigh { get; init; }

    /// <summary>What it came to; known once all repeats of a `full` job have ended.</summary>
    public required double? FinalAccuracy { get; init; }

    internal bool HasPicture => PredictedAccuracy is not null && Points.Any(point => point.IsUsed);
}

/// <param name="BetaEff">Mean over the repeats.</param>
/// <param name="Accuracy">Validation accuracy, likewise.</param>
/// <param name="IsUsed">The prediction rests on it.</param>
public sealed record BetaAccuracyPoint(int Epoch, double BetaEff, double Accuracy, bool IsUsed);
