using NeuralCapacitance.Domain.Predictors;
using NeuralCapacitance.Domain.Rankings;

namespace NeuralCapacitance.Domain.Tests.Rankings;

public sealed class TrackRecordTests
{
    private static readonly Window Window = new(3, null);

    [Fact]
    public void Rho_of_each_task_is_that_of_the_prediction_from_the_same_window()
    {
        var rhos = Rhos(PredictorNames.LastSeen, [Task(1, 2, 3), Task(3, 2, 1), Task(2, 1, 3)]);

        rhos.ShouldBe([1, -1, 0.5]);
    }

    [Fact]
    public void Tasks_that_the_window_shows_to_the_end_or_of_two_candidates_have_none()
        => Rhos(PredictorNames.LastSeen, [Task(1, 2, 3) with { Epochs = 3 }, Task(1, 2)]).ShouldBe([null, null]);

    [Fact]
    public void A_predictor_that_learns_from_other_tasks_never_sees_the_one_it_ranks()
    {
        PastTask[] tasks = [Task(1, 2, 3), Task(3, 2, 1)];
        var imported = Task(2, 1, 3);
        var seen = new List<IReadOnlyList<PastTask>>();

        TrackRecord.Rhos(new Spy(seen), Window, tasks, [imported]);

        seen.ShouldBe([[tasks[1], imported], [tasks[0], imported]]);
    }

    [Fact]
    public void The_trivial_predictor_that_did_best_is_named_with_the_numbers()
    {
        var warning = TrackRecord.Warning("logme", Window, [0.5, 0.25, null, 0.75], new Dictionary<string, IReadOnlyList<double?>>
        {
            ["best-seen"] = [0.6, 0.6, 1, 0.6],
            ["last-seen"] = [0.75, 0.7, 1, 0.8],
        });

        warning.ShouldBe("last-seen did better than logme on 3 earlier jobs of yours: mean ρ 0.750 against 0.500, predicted from epochs 1 to 3");
    }

    [Theory]
    [InlineData(new double[] { 0.5, 0.5 }, new double[] { 1, 1 }, "two jobs are too few")]
    [InlineData(new double[] { 0.5, 0.5, 0.5 }, new double[] { 0.5, 0.5, 0.5 }, "as good")]
    [InlineData(new double[] { 0.5, 0.5, 0.5 }, new double[] { 0.1, 0.5, 0.5 }, "worse")]
    public void There_is_no_warning_without_reason(double[] own, double[] trivial, string because)
        => TrackRecord.Warning("logme", Window, Nullable(own), new Dictionary<string, IReadOnlyList<double?>> { ["last-seen"] = Nullable(trivial) }).ShouldBeNull(because);

    [Fact]
    public void A_trivial_predictor_is_not_compared_with_itself()
        => TrackRecord.Warning("last-seen", Window, [0, 0, 0], new Dictionary<string, IReadOnlyList<double?>> { ["last-seen"] = [1, 1, 1] }).ShouldBeNull();

    private static IReadOnlyList<double?> Nullable(double[] values) => [.. values.Select(v => (double?)v)];

    private static IReadOnlyList<double?> Rhos(string predictor, IReadOnlyList<PastTask> tasks)
        => [.. TrackRecord.Rhos(PredictorCatalogue.Get(predictor), Window, tasks, []).Select(rho => rho is { } value ? Math.Round(value, 9) : (double?)null)];

    /// <summary>Candidates that end in the order 1, 2, 3, … and stand in the window as given.</summary>
    private static PastTask Task(params int[] standing) => new("past", false, 10, [.. standing.Select((s, i) => new PastCandidate(
        $"c{i}", new CandidateCurves([[.. Enumerable.Range(1, 10).Select(epoch => new CurvePoint(epoch, 1.0 / epoch, 0.1 * s, 1_000))]]), 0.5 + (0.1 * i)))]);

    private sealed class Spy(List<IReadOnlyList<PastTask>> seen) : IPredictor
    {
        public string Name => "spy";

        public string IntervalMeaning => "";

        public Prediction Predict(PredictionInput input, CancellationToken cancellationToken = default)
        {
            seen.Add(input.History);
            return new Prediction([.. input.Candidates.Select(_ => CandidatePrediction.Impossible("spying"))], null);
        }
    }
}
