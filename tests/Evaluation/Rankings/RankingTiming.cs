using NeuralCapacitance.Domain.Predictors;

namespace NeuralCapacitance.Evaluation.Rankings;

/// <summary>How long a large ranking takes: 17 candidates, 50 epochs, 20 repeats, by each predictor that looks at curves; without the slow ones.</summary>
internal static class RankingTiming
{
    private const int Candidates = 17;
    private const int Epochs = 50;
    private const int Repeats = 20;
    private const int PastTasks = 3;
    private const int Rounds = 30;

    /// <returns>Least milliseconds of one prediction, by predictor: on a busy machine the least is the nearest to what it costs.</returns>
    public static IReadOnlyDictionary<string, double> Milliseconds(TimeProvider clock)
    {
        var input = new PredictionInput
        {
            Candidates = [.. Enumerable.Range(0, Candidates).Select(i => Curves(i, Repeats, Epochs))],
            Window = new Window(Epochs, null),
            Epochs = 2 * Epochs,
            History = [.. Enumerable.Range(0, PastTasks).Select(Past)],
        };
        return PredictorCatalogue.All.Where(p => p.Unit == PredictionUnit.Accuracy && !SlowPredictors.Names.Contains(p.Name, StringComparer.Ordinal)).ToDictionary(
            p => p.Name,
            p => Enumerable.Range(0, Rounds).Min(_ =>
            {
                long start = clock.GetTimestamp();
                p.Predict(input);
                return clock.GetElapsedTime(start).TotalMilliseconds;
            }),
            StringComparer.Ordinal);
    }

    private static PastTask Past(int task) => new(
        FormattableString.Invariant($"task {task}"),
        SameDataset: false,
        2 * Epochs,
        [.. Enumerable.Range(0, Candidates).Select(i => new PastCandidate(FormattableString.Invariant($"m{i}"), Curves((100 * (task + 1)) + i, 1, 2 * Epochs), 0.7 + (0.01 * i)))]);

    private static CandidateCurves Curves(int seed, int repeats, int epochs)
    {
        var random = new Random(seed);
        return new CandidateCurves([.. Enumerable.Range(0, repeats).Select(_ => (IReadOnlyList<CurvePoint>)[.. Enumerable.Range(1, epochs).Select(epoch => new CurvePoint(
            epoch,
            (0.9 / Math.Sqrt(epoch)) + (0.01 * random.NextDouble()),
            0.8 - (0.3 / Math.Sqrt(epoch)) + (0.01 * (seed % 100 % Candidates)) - (0.03 * random.NextDouble()),
            2_000))])]);
    }
}
