using System.Collections.ObjectModel;
using NeuralCapacitance.Domain.Statistics;
using NeuralCapacitance.Domain.Trials;

namespace NeuralCapacitance.Domain.Predictors;

/// <summary>Turns the first epochs of every candidate into predicted final accuracies. Pure: the same input, the same numbers.</summary>
public interface IPredictor
{
    /// <summary>As in a job spec.</summary>
    string Name { get; }

    /// <summary>What its numbers are.</summary>
    PredictionUnit Unit => PredictionUnit.Accuracy;

    /// <summary>Whether a large job is predicted within a blink; others are asked only by name, and not tried on past jobs to say how good they were there.</summary>
    bool IsQuick => true;

    /// <summary>How its interval comes about and what it leaves out, in a sentence for the ranking's reader; of a score, what it measures.</summary>
    string IntervalMeaning { get; }

    /// <exception cref="OperationCanceledException">Nobody wants it any more; asked at every iteration of what takes long.</exception>
    Prediction Predict(PredictionInput input, CancellationToken cancellationToken = default);
}

/// <summary>What a predictor's numbers are; greater is better in each.</summary>
public enum PredictionUnit
{
    /// <summary>Final accuracy, with a posterior.</summary>
    Accuracy,

    /// <summary>A number of the predictor's own scale, good for an order and nothing else; without a posterior.</summary>
    Score,
}

/// <summary>All that a predictor may look at.</summary>
public sealed record PredictionInput
{
    /// <summary>In the order in which the prediction answers.</summary>
    public required IReadOnlyList<CandidateCurves> Candidates { get; init; }

    public required Window Window { get; init; }

    /// <summary>Of a whole training: the final accuracy is the one at its end.</summary>
    public required int Epochs { get; init; }

    /// <summary>Trainings that have ended, for predictors that learn from other models; empty where there is none.</summary>
    public IReadOnlyList<PastTask> History { get; init; } = [];

    /// <summary>That a predictor may use at most.</summary>
    public int Threads { get; init; } = Math.Max(1, Environment.ProcessorCount / 2);

    /// <summary>The default predictor's answer, where predictors that start from it are asked one after the other. Null: each computes its own.</summary>
    internal LatestPrediction? Default { get; init; }
}

/// <summary>The epochs <c>Start + 1 … Start + Observe</c>; without a start the first <c>Observe</c> ones, of which a predictor may drop early ones.</summary>
/// <param name="Observe">At least 1.</param>
/// <param name="Start">At least 0; null is <c>auto</c>.</param>
public sealed record Window(int Observe, int? Start)
{
    public int FirstEpoch => (Start ?? 0) + 1;

    public int LastEpoch => (Start ?? 0) + Observe;
}

/// <summary>What has been observed of one candidate, one curve per repeat.</summary>
public sealed record CandidateCurves(IReadOnlyList<IReadOnlyList<CurvePoint>> Repeats)
{
    /// <summary>Backbone and kind of weights, <c>resnet50@imagenet</c>: candidates of one kind tell of each other across tasks. Null: unknown.</summary>
    public string? Kind { get; init; }

    /// <summary>Nothing was pretrained, as far as the kind says.</summary>
    internal bool StartsAtRandom => Kind is { } kind && !kind.Contains('@', StringComparison.Ordinal);

    /// <summary>What was measured before training, by the name of the predictor that ranks by it; means over the repeats.</summary>
    public IReadOnlyDictionary<string, ScoreValue> Scores { get; init; } = ReadOnlyDictionary<string, ScoreValue>.Empty;
}

/// <param name="Value">Finite; null: there is none.</param>
/// <param name="Reason">Why there is none.</param>
public sealed record ScoreValue(double? Value, string? Reason)
{
    /// <summary>Of each score the mean over the repeats that have it.</summary>
    public static IReadOnlyDictionary<string, ScoreValue> Means(IEnumerable<(string Name, ScoreValue Value)> repeats)
        => repeats.GroupBy(s => s.Name, s => s.Value, StringComparer.Ordinal).ToDictionary(
            s => s.Key,
            s => s.Average(v => v.Value) is { } mean ? new ScoreValue(mean, null) : new ScoreValue(null, s.First().Reason),
            StringComparer.Ordinal);

    /// <inheritdoc cref="Means(IEnumerable{ValueTuple{string, ScoreValue}})"/>
    internal static IReadOnlyDictionary<string, ScoreValue> Means(IEnumerable<TrialScore> repeats) => Means(repeats.Select(s => (s.Name, new ScoreValue(s.Value, s.Reason))));
}

/// <summary>One epoch of one repeat.</summary>
/// <param name="Epoch">0 is before training.</param>
/// <param name="BetaEff">≥ 0; NaN: not measured.</param>
/// <param name="ValidationAccuracy">In [0, 1].</param>
/// <param name="ValidationCount">Images behind it.</param>
public sealed record CurvePoint(int Epoch, double BetaEff, double ValidationAccuracy, int ValidationCount)
{
    /// <summary>Images that the final accuracy will be measured on; 0: not known.</summary>
    public int TestCount { get; init; }

    public static CurvePoint Of(Observation observation)
        => new(observation.Epoch, observation.BetaEff ?? double.NaN, observation.ValidationAccuracy, observation.ValidationCount) { TestCount = observation.TestCount };
}

/// <summary>One answer per candidate, and how the answers hang together.</summary>
/// <param name="Candidates">In the order of the input.</param>
/// <param name="Posterior">Of the candidates that have a prediction, in their order; null where none has, and always for scores.</param>
public sealed record Prediction(IReadOnlyList<CandidatePrediction> Candidates, JointPosterior? Posterior)
{
    /// <summary>
    /// As <see cref="Posterior"/>, without what the chance of the validation images adds: what training to the end would still show. No further epoch takes that
    /// chance away, so that whoever weighs further epochs asks this one. Null: the predictor does not tell the two apart.
    /// </summary>
    public JointPosterior? OnTheseImages { get; init; }

    /// <summary>Of candidates that were predicted each for itself; the variance of one without a prediction does not count.</summary>
    internal static Prediction Independent(IReadOnlyList<(CandidatePrediction Prediction, double Variance)> answers)
    {
        var known = answers.Where(a => a.Prediction.Value is not null).ToList();
        return new Prediction(
            [.. answers.Select(a => a.Prediction)],
            known.Count == 0 ? null : JointPosterior.Independent([.. known.Select(a => a.Prediction.Value!.Value)], [.. known.Select(a => a.Variance)]));
    }
}

/// <param name="Value">In the predictor's unit: the predicted final accuracy, unclamped (ranking uses it), or the score. Null where a prediction is impossible.</param>
/// <param name="Epochs">The epochs it rests on.</param>
/// <param name="Reason">Why there is none.</param>
public sealed record CandidatePrediction(double? Value, IReadOnlyList<int> Epochs, string? Reason)
{
    /// <summary>Why epochs of the window that were observed are not among <see cref="Epochs"/>, where they were dropped by evidence.</summary>
    public string? EpochsReason { get; init; }

    public static CandidatePrediction Impossible(string reason) => new(null, [], reason);
}
