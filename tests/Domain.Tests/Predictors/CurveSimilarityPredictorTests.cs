using NeuralCapacitance.Domain.Predictors;
using static NeuralCapacitance.Domain.Tests.Predictors.Finished;

namespace NeuralCapacitance.Domain.Tests.Predictors;

public sealed class CurveSimilarityPredictorTests
{
    private static readonly CurveSimilarityPredictor Similarity = new();

    [Fact]
    public void The_best_candidate_comes_first()
    {
        PastTask[] history = [Task("a", 12, seed: 1), Task("b", 12, seed: 2)];
        double[] finals = [.55, .65, .75, .85];

        var prediction = Predict(Similarity, history, [.. finals.Select(f => Curve(5, epoch => Accuracy(f, epoch)))]);

        prediction.Candidates.Select(c => c.Value!.Value).ShouldBe(prediction.Candidates.Select(c => c.Value!.Value).Order());
        foreach (var (i, candidate) in prediction.Candidates.Index())
        {
            candidate.Value!.Value.ShouldBeInRange(Accuracy(finals[i], 5), 1);
            candidate.Value!.Value.ShouldBe(finals[i], 0.15);
            candidate.Epochs.ShouldBe([1, 2, 3, 4, 5]);
        }
        prediction.Posterior.ShouldNotBeNull().Covariance.Diagonal().ShouldAllBe(v => v >= 1e-6 && v < 0.04);
    }

    [Fact]
    public void Guesses_are_the_hundred_nearest_of_all_stretched_curves()
    {
        // The method as published, step by step: 50 explicit gradient steps from each start, 100 kept of at most 300, mean and population deviation.
        var past = Task("a", 3, seed: 4);
        double[] current = [.40, .52, .58, .62, .65];
        var random = new Random(1);
        var fits = new List<(double Loss, double End)>();
        foreach (var candidate in past.Candidates)
        {
            double[] p = [.. candidate.Curves.Repeats[0].Select(point => point.ValidationAccuracy)];
            for (int tried = 0, kept = 0; tried < 300 && kept < 100; tried++)
            {
                var (a, b) = (random.NextDouble(), random.NextDouble() - 0.5);
                for (var step = 0; step < 50; step++)
                {
                    double[] r = [.. current.Select((c, i) => c - (a * p[i]) - b)];
                    var (da, db) = ((-r.Zip(p, (x, y) => x * y).Sum() / 5) - ((1 - a) / Math.Exp(5)), -r.Sum() / 5);
                    (a, b) = (a - (0.01 * da), b - (0.01 * db));
                }
                if ((a * p[^1]) + b < current.Max()) continue;
                kept++;
                fits.Add((Math.Sqrt(current.Select((c, i) => Math.Pow(c - (a * p[i]) - b, 2)).Sum()) / 5, (a * p[^1]) + b));
            }
        }
        double[] ends = [.. fits.OrderBy(f => f.Loss).Take(100).Select(f => f.End).Where(end => end is >= 0 and <= 1)];

        var prediction = Predict(Similarity, [past], Curve(current));

        prediction.Candidates[0].Value.ShouldNotBeNull().ShouldBe(ends.Average(), 1e-10);
        prediction.Posterior.ShouldNotBeNull().Covariance[0, 0].ShouldBe(ends.Average(end => Math.Pow(end - ends.Average(), 2)), 1e-10);
    }

    [Fact]
    public void One_finished_curve_is_enough_and_none_is_a_reason()
    {
        var candidate = Curve(.5, .6, .65, .68, .7);

        Predict(Similarity, [Task("a", 1)], candidate).Candidates[0].Value.ShouldNotBeNull();
        Predict(Similarity, [], candidate).Candidates[0].Reason.ShouldBe("not enough history: 0 of 1 finished curve with epochs 1 to 5");
        Predict(Similarity, [Task("a", 9, epochs: 4)], candidate).Candidates[0].Reason.ShouldBe("not enough history: 0 of 1 finished curve with epochs 1 to 5");
        Predict(Similarity, [Task("a", 9)], Curve(.5)).Candidates[0].Reason.ShouldBe("too few epochs: 1 usable from 1 to 5, 2 needed");
    }

    [Fact]
    public void Curves_that_are_too_short_take_no_place_from_those_that_are_not()
    {
        var candidate = Curve(.5, .6, .65, .68, .7);

        Predict(Similarity, [Task("short", 500, epochs: 4), Task("long", 1)], candidate).Candidates[0].Value
            .ShouldBe(Predict(Similarity, [Task("long", 1)], candidate).Candidates[0].Value.ShouldNotBeNull());
    }

    [Fact]
    public void Of_a_long_curve_two_hundred_epochs_are_looked_at()
    {
        var prediction = Similarity.Predict(new PredictionInput
        {
            Candidates = [Curve(300, epoch => Accuracy(.7, epoch))], Window = new Window(300, null), Epochs = 400, History = [Task("a", 2, epochs: 400)],
        });

        var answer = prediction.Candidates[0];
        answer.Value.ShouldNotBeNull();
        (answer.Epochs.Count, answer.Epochs[0], answer.Epochs[^1]).ShouldBe((200, 1, 300));
    }

    [Fact]
    public void A_longer_training_is_looked_at_where_the_candidates_will_end()
    {
        var candidate = Curve(.5, .6, .65, .68, .7);
        var past = Task("a", 6, epochs: 60);
        var cut = past with { Candidates = [.. past.Candidates.Select(c => c with { Curves = new CandidateCurves([[.. c.Curves.Repeats[0].Take(20)]]) })] };

        Predict(Similarity, [past], candidate).Candidates[0].Value.ShouldBe(Predict(Similarity, [cut], candidate).Candidates[0].Value);
    }

    [Fact]
    public void The_same_seed_gives_the_same_answer_whatever_the_other_candidates()
    {
        PastTask[] history = [Task("a", 5)];
        var candidate = Curve(.5, .6, .65, .68, .7);

        var alone = Predict(Similarity, history, candidate).Candidates[0].Value;

        Predict(new CurveSimilarityPredictor(), history, Curve(.4, .5, .55, .6, .6), candidate).Candidates[1].Value.ShouldBe(alone);
        Predict(new CurveSimilarityPredictor(seed: 2), history, candidate).Candidates[0].Value.ShouldNotBe(alone);
    }

    [Fact]
    public void A_candidate_above_all_that_a_stretched_curve_can_reach_is_a_reason()
    {
        var falling = new PastTask("falling", true, 20, [new PastCandidate("c", Curve(20, epoch => epoch <= 5 ? 0.6 : 0), 0)]);

        var prediction = Predict(Similarity, [falling], Curve(.9, .9, .9, .9, .9));

        prediction.Candidates[0].Reason.ShouldNotBeNull().ShouldStartWith("fit failed");
        prediction.Posterior.ShouldBeNull();
    }
}
