using NeuralCapacitance.Domain.Predictors;

namespace NeuralCapacitance.Evaluation.Rankings;

/// <summary>How long a large ranking takes: 17 candidates, 50 epochs, 20 repeats, by each predictor.</summary>
internal static class RankingTiming
{
    private const int Candidates = 17;
    private const int Epochs = 50;
    private const int Repeats = 20;
    private const int Rounds = 30;

    /// <returns>Least milliseconds of one prediction, by predictor: on a busy machine the least is the nearest to what it costs.</returns>
    public static IReadOnlyDictionary<string, double> Milliseconds(TimeProvider clock)
    {
        var input = new PredictionInput { Candidates = [.. Enumerable.Range(0, Candidates).Select(Curves)], Window = new Window(Epochs, null), Epochs = 2 * Epochs };
        return PredictorCatalogue.All.ToDictionary(p => p.Name, p => Enumerable.Range(0, Rounds).Min(_ =>
        {
            long start = clock.GetTimestamp();
            p.Predict(input);
            return clock.GetElapsedTime(start).TotalMilliseconds;
        }), StringComparer.Ordinal);
    }

    private static CandidateCurves Curves(int candidate)
    {
        var random = new Random(candidate);
        return new CandidateCurves([.. Enumerable.Range(0, Repeats).Select(_ => (IReadOnlyList<CurvePoint>)[.. Enumerable.Range(1, Epochs).Select(epoch => new CurvePoint(
            epoch,
            (0.9 / Math.Sqrt(epoch)) + (0.01 * random.NextDouble()),
            0.8 - (0.3 / Math.Sqrt(epoch)) + (0.01 * candidate) - (0.03 * random.NextDouble()),
            2_000))])]);
    }
}
