using MathNet.Numerics.Distributions;
using NeuralCapacitance.Domain.Predictors;
using static NeuralCapacitance.Domain.Tests.Predictors.Finished;

namespace NeuralCapacitance.Domain.Tests.Predictors;

public sealed class BgrnPredictorTests
{
    private static readonly BgrnPredictor Bgrn = new();

    [Fact]
    public void Features_are_accuracies_and_two_kinds_of_differences()
    {
        CurveRegressor.Features([.5, .6, .75, .8]).ShouldBe([.5, .6, .75, .8, .1, .15, .05, .05, -.1], 1e-12);
        CurveRegressor.Features([.5, .6]).ShouldBe([.5, .6, .1], 1e-12);
    }

    [Fact]
    public void Final_accuracies_are_learned_from_finished_curves()
    {
        PastTask[] history = [Task("a", 12, seed: 1), Task("b", 12, seed: 2), Task("c", 12, seed: 3)];
        double[] finals = [.55, .65, .75, .85];

        var prediction = Predict(Bgrn, history, [.. finals.Select(f => Curve(20, epoch => Accuracy(f, epoch)))]);

        prediction.Candidates.Select(c => c.Value!.Value).ShouldBe(finals, 0.02);
        prediction.Candidates.ShouldAllBe(c => c.Epochs.SequenceEqual(new[] { 1, 2, 3, 4, 5 }));
        var posterior = prediction.Posterior.ShouldNotBeNull();
        posterior.Covariance[0, 0].ShouldBeInRange(1e-6, 4e-4);
        posterior.Covariance[0, 1].ShouldBe(0);
    }

    [Fact]
    public void The_interval_is_as_wide_as_the_errors_on_curves_held_out()
    {
        var random = new Random(3);
        PastTask[] history = [.. Enumerable.Range(0, 9).Select(t => Task($"t{t}", 15, seed: t) is var task
            ? task with { Candidates = [.. task.Candidates.Select(c => c with { FinalAccuracy = Math.Clamp(c.FinalAccuracy + Noise(), 0, 1) })] }
            : task)];
        double[] finals = [.. Enumerable.Range(0, 200).Select(_ => 0.5 + (0.4 * random.NextDouble()))];

        var posterior = Predict(Bgrn, history, [.. finals.Select(f => Curve(20, epoch => Accuracy(f, epoch)))]).Posterior.ShouldNotBeNull();

        Math.Sqrt(posterior.Covariance[0, 0]).ShouldBe(0.03, 0.005);
        var held = finals.Where((f, i) => f + Noise() is var truth
            && posterior.Interval(i, 0.9) is var (low, high) && low <= truth && truth <= high).Count();
        (held / 200.0).ShouldBeInRange(0.82, 0.98);

        double Noise() => Normal.Sample(random, 0, 0.03);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(5)]
    public void Too_few_finished_curves_are_a_reason(int curves)
    {
        var prediction = Predict(Bgrn, curves == 0 ? [] : [Task("a", curves)], Curve(.5, .6, .65, .68, .7));

        prediction.Candidates.ShouldHaveSingleItem().Reason.ShouldBe($"not enough history: {curves} of 6 finished curves with epochs 1 to 5");
        prediction.Candidates[0].Value.ShouldBeNull();
        prediction.Posterior.ShouldBeNull();
    }

    [Fact]
    public void Curves_that_lack_the_windows_epochs_do_not_count()
    {
        PastTask[] history = [Task("short", 10, epochs: 4), Task("long", 5)];

        var prediction = Predict(Bgrn, history, Curve(.5, .6, .65, .68, .7), Curve(.5, .6, .65, .68), Curve(.5));

        prediction.Candidates[0].Reason.ShouldBe("not enough history: 5 of 6 finished curves with epochs 1 to 5");
        prediction.Candidates[1].Value.ShouldNotBeNull();
        prediction.Candidates[1].Epochs.ShouldBe([1, 2, 3, 4]);
        prediction.Candidates[2].Reason.ShouldBe("too few epochs: 1 usable from 1 to 5, 2 needed");
        prediction.Posterior.ShouldNotBeNull().Mean.Count.ShouldBe(1);
    }

    [Fact]
    public void The_same_data_set_speaks_alone_where_it_can()
    {
        var candidate = Curve(20, epoch => Accuracy(.7, epoch));
        var same = Task("same", 12, sameDataset: true);
        var misleading = Task("other", 40) is var other
            ? other with { Candidates = [.. other.Candidates.Select(c => c with { FinalAccuracy = c.FinalAccuracy / 2 })] }
            : other;

        var both = Predict(Bgrn, [misleading, same], candidate).Candidates[0].Value;

        both.ShouldBe(Predict(Bgrn, [same], candidate).Candidates[0].Value);
        Predict(Bgrn, [misleading, same with { SameDataset = false }], candidate).Candidates[0].Value.ShouldNotBe(both);
    }

    [Fact]
    public void Repeats_of_a_finished_curve_are_one_curve()
    {
        var task = Task("a", 8);
        var twice = task with { Candidates = [.. task.Candidates.Select(c => c with { Curves = new CandidateCurves([c.Curves.Repeats[0], c.Curves.Repeats[0]]) })] };
        var candidate = Curve(.5, .6, .65, .68, .7);

        Predict(Bgrn, [twice], candidate).Candidates[0].Value!.Value.ShouldBe(Predict(Bgrn, [task], candidate).Candidates[0].Value!.Value, 1e-6);
    }

    [Fact]
    public void Finished_curves_that_are_all_alike_teach_their_end()
    {
        var one = Curve(20, epoch => Accuracy(.7, epoch));
        var history = new PastTask("a", true, 20, [.. Enumerable.Range(0, 7).Select(i => new PastCandidate($"c{i}", one, .7))]);

        var prediction = Predict(Bgrn, [history], one, Curve(.1, .2, .3, .4, .5));

        prediction.Candidates.Select(c => c.Value!.Value).ShouldBe([.7, .7], 1e-6);
        prediction.Posterior.ShouldNotBeNull().Covariance[0, 0].ShouldBe(1e-6, 1e-12);
    }

    [Fact]
    public void Broken_history_is_left_out()
    {
        var task = Task("a", 8);
        var broken = new PastTask("broken", true, 20, [
            new PastCandidate("no accuracy", task.Candidates[0].Curves, double.NaN),
            new PastCandidate("no curve", new CandidateCurves([]), .7),
            new PastCandidate("not finite", new CandidateCurves([[new CurvePoint(1, 1, double.NaN, 100), new CurvePoint(2, 1, 7, 100)]]), .7)]);
        var candidate = Curve(.5, .6, .65, .68, .7);

        Predict(Bgrn, [broken, task], candidate).Candidates[0].Value.ShouldBe(Predict(Bgrn, [task], candidate).Candidates[0].Value);
    }
}
