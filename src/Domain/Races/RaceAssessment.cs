using System.Globalization;
using NeuralCapacitance.Domain.Predictors;
using NeuralCapacitance.Domain.Statistics;

namespace NeuralCapacitance.Domain.Races;

/// <summary>How one candidate stands among those in the race.</summary>
/// <param name="Prediction">Unclamped; null: none, and then there are no other numbers either.</param>
/// <param name="Reason">Why there is none.</param>
internal sealed record RaceAssessment(
    Racer Racer, double? Prediction, double? IntervalLow, double? IntervalHigh, double? ProbabilityBest, double? ExpectedRegret, string? Reason)
{
    private const int Draws = 5_000;

    /// <summary>Of the final accuracy: <c>0.55 to 0.95</c>.</summary>
    public string Interval => string.Create(CultureInfo.InvariantCulture, $"{Clamped(IntervalLow):0.###} to {Clamped(IntervalHigh):0.###}");

    /// <summary>
    /// Predicts from all curves, those of dropped candidates included, and compares those that race: P(best) and regret are over the joint
    /// posterior of these alone, and on the validation images at hand (<see cref="Prediction.OnTheseImages"/>): against what training all to
    /// the end would choose, since how lucky the images are for whom no further epoch tells.
    /// </summary>
    /// <returns>One for each that races, in their order.</returns>
    public static IReadOnlyList<RaceAssessment> Of(RaceSettings settings, int round, IReadOnlyList<Racer> racers)
        => Of(PredictorCatalogue.Get(settings.Predictor), settings, round, racers);

    /// <summary>
    /// A predictor that throws, or whose posterior cannot be drawn from, leaves all without a prediction: the race goes on and says why. An exception
    /// would fail every trial that comes to the round.
    /// </summary>
    internal static IReadOnlyList<RaceAssessment> Of(IPredictor predictor, RaceSettings settings, int round, IReadOnlyList<Racer> racers)
    {
        try
        {
            return Judge(predictor, settings, round, racers);
        }
        catch (Exception e) when (e is not OutOfMemoryException)
        {
            return [.. racers.Where(r => r.IsRacing).Select(r => new RaceAssessment(r, null, null, null, null, null, $"the prediction failed: {e.Message}"))];
        }
    }

    private static List<RaceAssessment> Judge(IPredictor predictor, RaceSettings settings, int round, IReadOnlyList<Racer> racers)
    {
        var prediction = predictor.Predict(new PredictionInput
        {
            Candidates = [.. racers.Select(r => r.Through(round))],
            Window = settings.WindowTo(round),
            Epochs = settings.Epochs,
        });
        var posterior = prediction.Posterior is { } p && p.Mean.All(double.IsFinite) && p.Covariance.Enumerate().All(double.IsFinite) ? p : null;
        var positions = Positions(prediction); // in the posterior
        var field = Enumerable.Range(0, racers.Count).Where(i => racers[i].IsRacing).ToList();
        var predicted = posterior is null ? [] : field.FindAll(i => positions[i] is not null);
        var indices = predicted.ConvertAll(i => positions[i]!.Value);
        var inRace = predicted.Count == 0 ? null : Part(posterior!, indices);
        var best = inRace is null ? null : Part(prediction.OnTheseImages ?? posterior!, indices).Greatest(SeedOf(settings.Seed, round), Draws);
        return field.ConvertAll(i =>
        {
            var at = predicted.IndexOf(i);
            if (at < 0)
                return new RaceAssessment(racers[i], null, null, null, null, null, prediction.Candidates[i].Reason ?? "the fit is not finite");
            var (low, high) = inRace!.Interval(at, settings.Confidence);
            return new RaceAssessment(racers[i], inRace.Mean[at], low, high, best!.Probability[at], best.ExpectedRegret[at], null);
        });
    }

    public RaceDecision As(RaceAction action, int round, string reason, bool isLeader = false) => new()
    {
        Round = round,
        Candidate = Racer.Candidate,
        Action = action,
        IsLeader = isLeader,
        ProbabilityBest = ProbabilityBest,
        PredictedAccuracy = Clamped(Prediction),
        IntervalLow = Clamped(IntervalLow),
        IntervalHigh = Clamped(IntervalHigh),
        ExpectedRegret = ExpectedRegret is { } regret ? Math.Max(0, regret) : null,
        Reason = reason,
    };

    private static double? Clamped(double? accuracy) => accuracy is { } value ? Math.Clamp(value, 0, 1) : null;

    private static List<int?> Positions(Prediction prediction)
    {
        var next = 0;
        return [.. prediction.Candidates.Select(c => c.Value is null ? (int?)null : next++)];
    }

    /// <summary>The marginal of some of the quantities.</summary>
    private static JointPosterior Part(JointPosterior all, List<int> indices) => new(
        MathNet.Numerics.LinearAlgebra.Vector<double>.Build.Dense(indices.Count, i => all.Mean[indices[i]]),
        MathNet.Numerics.LinearAlgebra.Matrix<double>.Build.Dense(indices.Count, indices.Count, (i, j) => all.Covariance[indices[i], indices[j]]));

    /// <summary>Another one in every round, so that a candidate at the bound is not judged by the same draws again and again.</summary>
    private static int SeedOf(long seed, int round)
        => unchecked((int)((((ulong)seed * 0x9E3779B97F4A7C15UL) + ((ulong)round * 0xBF58476D1CE4E5B9UL)) >> 33));
}
