using NeuralCapacitance.Domain.Predictors;

namespace NeuralCapacitance.Domain.Tests.Predictors;

public sealed class HistoryPredictorTests
{
    private static readonly HistoryPredictor Predictor = new();

    private static readonly double[] Falling = [.9, .7, .55, .45, .4];
    private static readonly double[] Weak = [.40, .48, .52, .55, .57], Middle = [.44, .50, .55, .57, .60], Strong = [.47, .54, .58, .61, .63];

    [Fact]
    public void Without_history_it_says_what_is_missing()
    {
        var prediction = Predictor.Predict(Job(Curve("a", Weak), Curve("b", Strong)));

        prediction.Posterior.ShouldBeNull();
        prediction.Candidates.ShouldAllBe(c => c.Reason!.StartsWith("not enough history: 0 of 3", StringComparison.Ordinal));
    }

    [Fact]
    public void A_kind_that_always_ended_high_is_expected_to_do_so_again()
    {
        var job = Job(Curve("a", Middle), Curve("b", Middle), Curve("c", Middle));
        var prediction = Predictor.Predict(job with { History = [.. Enumerable.Range(0, 5).Select(i => Past(i, ("a", .70), ("b", .60), ("c", .65)))] });

        prediction.Candidates[0].Value!.Value.ShouldBeGreaterThan(prediction.Candidates[2].Value!.Value + 0.02);
        prediction.Candidates[2].Value!.Value.ShouldBeGreaterThan(prediction.Candidates[1].Value!.Value + 0.02);
    }

    [Fact]
    public void Tasks_that_disagree_leave_the_job_to_itself()
    {
        var job = Job(Curve("a", Weak), Curve("b", Strong), Curve("c", Middle));
        double[][] finals = [[.9, .1, .5], [.1, .9, .5], [.5, .1, .9], [.5, .9, .1], [.9, .5, .1], [.1, .5, .9]];
        var prediction = Predictor.Predict(job with { History = [.. finals.Select((f, i) => Past(i, ("a", f[0]), ("b", f[1]), ("c", f[2])))] });
        var alone = new NeuralCapacitancePredictor().Predict(job);

        prediction.Candidates.Select(c => c.Value!.Value).ShouldBe(alone.Candidates.Select(c => c.Value!.Value), 0.005);
    }

    [Fact]
    public void The_level_is_the_jobs_own_and_intervals_are_no_wider()
    {
        var job = Job(Curve("a", Weak), Curve("b", Strong), Curve("c", Middle));
        var joined = Predictor.Predict(job with { History = [.. Enumerable.Range(0, 5).Select(i => Past(i, ("a", .97), ("b", .99), ("c", .98)))] });
        var alone = new NeuralCapacitancePredictor().Predict(job);

        joined.Candidates.Average(c => c.Value!.Value).ShouldBe(alone.Candidates.Average(c => c.Value!.Value), 0.02);
        for (var i = 0; i < 3; i++) joined.Posterior!.Covariance[i, i].ShouldBeLessThanOrEqualTo(alone.Posterior!.Covariance[i, i] + 1e-12);
    }

    [Fact]
    public void The_same_job_run_again_and_again_is_history_too()
    {
        var past = new PastTask("same", SameDataset: true, 20, [.. new[] { "a", "b", "c", "d" }.Select((kind, i) => new PastCandidate(kind, Curve(kind, Middle), .9 - (.1 * i)))]);
        var prediction = Predictor.Predict(Job(Curve("a", Weak), Curve("b", Strong), Curve("c", Middle), Curve("d", Middle)) with { History = [past, past, past] });

        prediction.Candidates[0].Value!.Value.ShouldBeGreaterThan(prediction.Candidates[1].Value!.Value);
        prediction.Posterior!.Greatest(1, 100).Probability.Sum().ShouldBe(1, 1e-9);
    }

    [Fact]
    public void Candidates_of_no_known_kind_and_those_without_a_prediction_are_no_obstacle()
    {
        var job = Job(Curve("a", Weak), Curve(null, Strong), Curve("b", Middle), new CandidateCurves([]) { Kind = "c" });
        var prediction = Predictor.Predict(job with { History = [.. Enumerable.Range(0, 5).Select(i => Past(i, ("a", .6), ("b", .7), ("c", .65)))] });

        prediction.Candidates.Select(c => c.Value is not null).ShouldBe([true, true, true, false]);
        prediction.Posterior!.Mean.Count.ShouldBe(3);
    }

    private static PastTask Past(int task, params (string Kind, double Final)[] candidates) => new(
        $"task {task}", SameDataset: false, 20,
        [.. candidates.Select((c, i) => new PastCandidate(c.Kind, Curve(c.Kind, Middle), c.Final + (0.001 * ((task + i) % 3))))]);

    private static PredictionInput Job(params CandidateCurves[] curves) => new() { Candidates = curves, Window = new Window(5, null), Epochs = 20 };

    private static CandidateCurves Curve(string? kind, double[] accuracies)
        => new([[.. Falling.Zip(accuracies).Select((point, i) => new CurvePoint(i + 1, point.First, point.Second, 1_000))]]) { Kind = kind };
}
