using NeuralCapacitance.Domain.Predictors;
using NeuralCapacitance.Domain.Statistics;

namespace NeuralCapacitance.Domain.Tests.Predictors;

public sealed class NeuralCapacitancePredictorTests
{
    private static readonly NeuralCapacitancePredictor Predictor = new();

    private static readonly double[] Falling = [.9, .7, .55, .45, .4];

    [Fact]
    public void Clean_curves_are_ranked_as_last_seen()
    {
        // They cross at epoch 4, and nothing jitters.
        var predicted = Accuracies(Curve(Falling, [.50, .58, .64, .70, .75]), Curve(Falling, [.60, .64, .67, .69, .71]), Curve(Falling, [.40, .45, .49, .53, .56]));

        predicted[0].ShouldBeGreaterThan(predicted[1] + 0.01);
        predicted[1].ShouldBeGreaterThan(predicted[2]);
    }

    [Fact]
    public void One_lucky_epoch_of_a_noisy_curve_does_not_lead()
    {
        // All jitter by five points; the last epoch of the second is its best one by luck.
        double[] better = [.60, .50, .61, .52, .62, .52, .63, .54, .64, .54], worse = [.48, .58, .49, .59, .48, .58, .50, .60, .49, .60];
        double[] third = [.40, .50, .41, .50, .42, .51, .42, .52, .43, .52], beta = [.9, .8, .75, .7, .66, .63, .6, .58, .56, .55];

        var predicted = Accuracies(Window(10), Curve(beta, better), Curve(beta, worse), Curve(beta, third));

        (predicted[0] - predicted[1]).ShouldBeGreaterThan(0.5 * (better[^1] - worse[^1])); // last-seen: −.06; means: +.033
        predicted[2].ShouldBeLessThan(predicted[0] - 0.05);
    }

    [Fact]
    public void Of_equal_curves_the_one_with_more_beta_left_has_more_to_come()
    {
        double[] accuracies = [.50, .56, .60, .63, .65];
        var predicted = Accuracies(Curve([.9, .8, .7, .65, .6], accuracies), Curve([.9, .7, .5, .35, .2], accuracies), Curve([.9, .75, .6, .5, .4], accuracies));

        predicted[0].ShouldBeGreaterThan(predicted[2]);
        predicted[2].ShouldBeGreaterThan(predicted[1]);
    }

    [Fact]
    public void The_nearer_the_end_the_narrower_and_the_nearer_to_what_is_seen()
    {
        CandidateCurves[] curves = [Curve(Falling, [.50, .58, .64, .68, .70]), Curve(Falling, [.45, .52, .57, .60, .62])];

        var (far, near, done) = (Predict(curves, epochs: 100), Predict(curves, epochs: 8), Predict(curves, epochs: 5));

        far.Mean[0].ShouldBeGreaterThan(near.Mean[0]);
        near.Mean[0].ShouldBeGreaterThan(done.Mean[0]);
        done.Mean[0].ShouldBe(.70, 0.01);
        far.Covariance[0, 0].ShouldBeGreaterThan(near.Covariance[0, 0]);
        near.Covariance[0, 0].ShouldBeGreaterThan(done.Covariance[0, 0]);
        Predict(curves, epochs: 3).Mean.ShouldBe(done.Mean); // a training that has gone on for longer than planned is at its end
    }

    [Fact]
    public void Fewer_validation_images_mean_wider_intervals_and_an_unknown_number_a_usual_one()
    {
        double Width(int images) => Predict([Curve(Falling, [.50, .58, .64, .68, .70], images), Curve(Falling, [.45, .52, .57, .60, .62], images)], 50).Covariance[0, 0];

        Width(100).ShouldBeGreaterThan(Width(10_000) + (0.8 * 0.7 * 0.3 / 100) - (0.7 * 0.3 / 10_000));
        Width(0).ShouldBe(Width(2_000));
    }

    [Fact]
    public void Half_of_the_luck_of_the_images_is_everybodys()
    {
        CandidateCurves[] curves = [Curve(Falling, [.50, .58, .64, .68, .70], images: 100), Curve(Falling, [.45, .52, .57, .60, .62], images: 100)];
        var prediction = Predictor.Predict(Input(Window(5), 50, curves));

        var luck = prediction.Posterior!.Covariance - prediction.OnTheseImages!.Covariance;

        prediction.OnTheseImages.Mean.ShouldBe(prediction.Posterior.Mean);
        for (var m = 0; m < 2; m++) luck[m, m].ShouldBe(2 * BinomialNoise.Variance(prediction.Posterior.Mean[m], 100), 1e-12); // a test set as large is expected
        luck[0, 1].ShouldBe(0.5 * Math.Sqrt(luck[0, 0] * luck[1, 1]), 1e-12);
        luck[1, 0].ShouldBe(luck[0, 1]);
    }

    [Fact]
    public void More_repeats_count_for_more()
    {
        var curve = Curve(Falling, [.50, .60, .59, .66, .64]);
        var other = Curve(Falling, [.45, .52, .57, .60, .62]);
        var thrice = new CandidateCurves([curve.Repeats[0], curve.Repeats[0], curve.Repeats[0]]);

        Predict([thrice, other], 50).Covariance[0, 0].ShouldBeLessThan(Predict([curve, other], 50).Covariance[0, 0]);
    }

    [Theory]
    [InlineData(.6, .6)]
    [InlineData(0, 0)]
    [InlineData(1, 1)]
    [InlineData(0, 1)]
    public void Constant_accuracies_are_ranked_as_they_are(double one, double other)
    {
        var predicted = Accuracies(Constant(one), Constant(other));

        predicted.ShouldAllBe(p => double.IsFinite(p));
        Math.Sign(Math.Round(predicted[0] - predicted[1], 9)).ShouldBe(Math.Sign(one - other));

        static CandidateCurves Constant(double accuracy) => Curve(Falling, [accuracy, accuracy, accuracy, accuracy, accuracy]);
    }

    [Fact]
    public void Beta_that_says_nothing_leaves_the_accuracies()
    {
        foreach (var beta in new double[][] { [.5, .5, .5, .5, .5], [0, 0, 0, 0, 0] })
        {
            var predicted = Accuracies(Curve(beta, [.50, .58, .64, .68, .70]), Curve(beta, [.45, .52, .57, .60, .62]));
            predicted[0].ShouldBeGreaterThan(predicted[1] + 0.04);
        }
    }

    [Fact]
    public void Who_does_not_learn_is_not_expected_to_soar()
    {
        double[] full = [.50, .58, .64, .68, .70];

        Accuracies(Curve([9, 9, 9, 9, 9], [.2, .2, .2, .2, .2]), Curve(Falling, full), Curve(Falling, full))[0].ShouldBeLessThan(.5);
    }

    [Fact]
    public void Where_more_beta_has_meant_less_growth_it_goes_on_meaning_that()
    {
        // The first half of the candidates has little β_eff and has risen steeply, the other half the opposite.
        var (quick, slow) = (Curve([.5, .48, .46, .45, .44], [.20, .32, .42, .50, .56]), Curve([1.5, 1.5, 1.5, 1.5, 1.5], [.20, .23, .26, .28, .30]));
        var predicted = Accuracies(quick, slow, quick, slow, quick, slow);

        (predicted[0] - .56).ShouldBeGreaterThan(predicted[1] - .30);
    }

    [Fact]
    public void The_known_size_of_the_test_set_counts()
    {
        CandidateCurves Tested(CandidateCurves curve, int images) => new([[.. curve.Repeats[0].Select(p => p with { TestCount = images })]]);
        double Width(int images) => Predict([Tested(Curve(Falling, [.50, .58, .64, .68, .70], 500), images), Tested(Curve(Falling, [.45, .52, .57, .60, .62], 500), images)], 50).Covariance[0, 0];

        Width(0).ShouldBe(Width(500), 1e-12);
        Width(50).ShouldBeGreaterThan(Width(500) + (.7 * .15 * .85 / 50));
        Width(50_000).ShouldBeLessThan(Width(500));
    }

    [Fact]
    public void An_epoch_without_beta_is_left_out()
    {
        var whole = Curve([.9, .7, .45, .4], [.50, .58, .68, .70]);
        var spoilt = Curve([.9, .7, double.NaN, .45, .4], [.50, .58, .99, .68, .70]);
        var other = Curve(Falling, [.45, .52, .57, .60, .62]);

        var prediction = Predictor.Predict(Input(Window(5), 50, spoilt, other));

        prediction.Candidates[0].Epochs.ShouldBe([1, 2, 4, 5]);
        prediction.Candidates[0].Value!.Value.ShouldBe(Accuracies(whole, other)[0], 0.05);
    }

    [Fact]
    public void A_very_long_window_is_thinned_and_keeps_its_end()
    {
        double[] Long(double height) => [.. Enumerable.Range(1, 2_000).Select(t => height - (.3 / Math.Sqrt(t)) + (t % 2 == 0 ? .01 : -.01))];
        double[] beta = [.. Enumerable.Range(1, 2_000).Select(t => 1 / Math.Sqrt(t))];
        var prediction = Predictor.Predict(Input(Window(2_000), 2_000, Curve(beta, Long(.8)), Curve(beta, Long(.7))));

        foreach (var candidate in prediction.Candidates) (candidate.Epochs.Count <= 24, candidate.Epochs[0], candidate.Epochs[^1]).ShouldBe((true, 1, 2_000));
        (prediction.Candidates[0].Value! - prediction.Candidates[1].Value!).Value.ShouldBe(.1, .03);
    }

    [Fact]
    public void Two_epochs_of_two_candidates_are_enough()
    {
        var predicted = Accuracies(Window(2), Curve([.9, .7], [.5, .6]), Curve([.9, .7], [.4, .5]));

        (Logit(predicted[0]) - Logit(predicted[1])).ShouldBe(Logit(.6) - Logit(.5), 0.05);
    }

    [Fact]
    public void One_that_is_behind_is_carried_forward_by_the_others()
    {
        double[] full = [.50, .56, .60, .63, .65], beta = [.9, .45, .3, .225, .18];
        var predicted = Accuracies(Curve(beta, full), Curve(beta[..3], [.52, .58, .62]), Curve(beta, [.45, .51, .55, .58, .60]));

        predicted[1].ShouldBe(predicted[0] + 0.02, 0.01);
    }

    [Fact]
    public void Far_from_the_end_differences_shrink_towards_the_ceiling_and_the_order_stays()
    {
        double[] ahead = [.60, .75, .84, .89, .92], behind = [.30, .45, .57, .66, .72];
        var predicted = Accuracies(Curve(Falling, ahead), Curve(Falling, behind), Curve(Falling, [.45, .60, .71, .78, .83]));

        predicted.ShouldAllBe(p => p < 1);
        (predicted[0] - predicted[1]).ShouldBeInRange(.02, .15); // .20 at epoch 5
        predicted[2].ShouldBeInRange(predicted[1], predicted[0]);
    }

    [Fact]
    public void A_dip_at_the_last_epoch_is_half_forgiven()
    {
        double[] steady = [.50, .56, .60, .63, .65], dipped = [.52, .58, .62, .65, .55], low = [.30, .36, .40, .43, .45];
        var predicted = Accuracies(Curve(Falling, steady), Curve(Falling, dipped), Curve(Falling, low));

        predicted[1].ShouldBeInRange(predicted[0] - .08, predicted[0]); // seen last: −.10; best so far: 0
        predicted[1].ShouldBeGreaterThan(predicted[2] + .05);
    }

    [Fact]
    public void Of_a_network_that_has_not_begun_little_is_known()
    {
        CandidateCurves Begun(double height) => Curve(Falling, [height - .2, height - .1, height - .05, height - .02, height], untrained: .1);
        var prediction = Predict([Curve(Falling, [.10, .11, .10, .12, .11], untrained: .1), Begun(.6), Begun(.65), Begun(.55)], 50);
        var begunEarlier = Predict([Curve(Falling, [.40, .41, .40, .42, .41], untrained: .1), Begun(.6), Begun(.65), Begun(.55)], 50);

        LogitSd(prediction).ShouldBeGreaterThan(1.5 * LogitSd(begunEarlier));

        static double LogitSd(JointPosterior p) => Math.Sqrt(p.Covariance[0, 0]) / (p.Mean[0] * (1 - p.Mean[0]));
    }

    [Fact]
    public void The_beta_of_a_network_that_has_not_begun_counts_for_nothing()
    {
        double Gap(double height)
        {
            double[] flat = [height, height, height, height, height], much = [2, 2, 2, 2, 2], little = [1, 1, 1, 1, 1];
            var mean = Predict(
                [Curve(much, flat, untrained: .1), Curve(little, flat, untrained: .1), Curve(Falling, [.3, .4, .45, .5, .52], untrained: .1), Curve(Falling, [.3, .41, .45, .5, .53], untrained: .1)], 50).Mean;
            return mean[0] - mean[1];
        }

        Gap(.10).ShouldBe(0, 1e-9);
        Gap(.40).ShouldBeGreaterThan(.001);
        new Chance(.1).Begun(.05).ShouldBe(0);
        new Chance(.1).Begun(.1 + (.9 * .05)).ShouldBe(1 - (1 / Math.E), 1e-12);
        new Chance(1).Begun(1).ShouldBe(0); // of data with one class
    }

    private static double Logit(double p) => Math.Log(p / (1 - p));

    private static double[] Accuracies(params CandidateCurves[] curves) => Accuracies(Window(5), curves);

    private static double[] Accuracies(Window window, params CandidateCurves[] curves)
        => [.. Predictor.Predict(Input(window, 50, curves)).Candidates.Select(c => c.Value!.Value)];

    private static JointPosterior Predict(CandidateCurves[] curves, int epochs) => Predictor.Predict(Input(Window(5), epochs, curves)).Posterior!;

    private static PredictionInput Input(Window window, int epochs, params CandidateCurves[] curves) => new() { Candidates = curves, Window = window, Epochs = epochs };

    private static Window Window(int observe) => new(observe, null);

    /// <param name="untrained">Accuracy before training; null: not measured.</param>
    private static CandidateCurves Curve(double[] beta, double[] accuracy, int images = 2_000, double? untrained = null)
        => new([[.. (untrained is { } a ? new[] { new CurvePoint(0, 1, a, images) } : []), .. beta.Zip(accuracy).Select((point, i) => new CurvePoint(i + 1, point.First, point.Second, images))]]);
}
