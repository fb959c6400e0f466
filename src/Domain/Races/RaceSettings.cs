using NeuralCapacitance.Domain.Jobs;
using NeuralCapacitance.Domain.Predictors;

namespace NeuralCapacitance.Domain.Races;

/// <summary>All that a race's decisions depend on besides the curves.</summary>
public sealed record RaceSettings
{
    /// <summary>One of <see cref="RaceSpec.Predictors"/>.</summary>
    public string Predictor { get; init; } = PredictorNames.NeuralCapacitance;

    /// <summary>The predictor looks at the epochs after this one; null is <c>auto</c>.</summary>
    public int? Start { get; init; }

    /// <summary>The epoch of the first round; at least 2 after <see cref="Start"/>.</summary>
    public required int FirstRound { get; init; }

    /// <summary>Of a whole training: the last round.</summary>
    public required int Epochs { get; init; }

    public double DropBelow { get; init; } = new RaceSpec().DropBelow;

    public double Tolerance { get; init; } = new RaceSpec().Tolerance;

    /// <summary>Level of the intervals, in (0, 1).</summary>
    public double Confidence { get; init; } = 0.9;

    /// <summary>Of the job: with the round's number it seeds the draws behind P(best).</summary>
    public long Seed { get; init; } = 1;

    /// <param name="spec">As resolved, of mode <c>race</c>.</param>
    public static RaceSettings Of(JobSpec spec)
    {
        var rules = spec.Selection.Race ?? new RaceSpec();
        return new RaceSettings
        {
            Predictor = spec.Selection.Predictor,
            Start = spec.Selection.Start,
            FirstRound = Math.Min(spec.Training.Epochs, spec.Selection.LastEpoch()),
            Epochs = spec.Training.Epochs,
            DropBelow = rules.DropBelow,
            Tolerance = rules.Tolerance,
            Confidence = spec.Selection.Confidence,
            Seed = spec.Training.Seed,
        };
    }

    /// <summary>What the predictor looks at when the last epoch is <paramref name="round"/>.</summary>
    internal Window WindowTo(int round) => new(Math.Max(1, round - (Start ?? 0)), Start);
}
