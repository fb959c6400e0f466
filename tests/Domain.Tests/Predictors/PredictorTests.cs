using NeuralCapacitance.Domain.Predictors;

namespace NeuralCapacitance.Domain.Tests.Predictors;

public sealed class PredictorTests
{
    private static readonly double[] Beta = [.9, .7, .55, .45, .4];
    private static readonly double[] Accuracy = [.62, .71, .76, .80, .815];

    [Fact]
    public void Names_and_catalogue_agree()
    {
        PredictorCatalogue.All.Select(p => p.Name).ShouldBe(PredictorNames.All);
        PredictorCatalogue.All.ShouldAllBe(p => p.IntervalMeaning.Length > 0);
        Should.Throw<ArgumentException>(() => PredictorCatalogue.Get("oracle")).Message.ShouldContain("neural-capacitance");
    }

    [Fact]
    public void One_candidate_alone_is_predicted_as_by_its_own_line()
    {
        // scikit-learn 1.2.1: BayesianRidge().fit(β/.9, accuracy).intercept_ = .97375 at this scale.
        Predict(PredictorNames.NeuralCapacitancePerCandidate, Curve(Beta, Accuracy)).Candidates[0].Value.ShouldNotBeNull().ShouldBe(0.9735, 5e-4);
        Predict(PredictorNames.SharedSlope, Curve(Beta, Accuracy)).Candidates[0].Value.ShouldNotBeNull().ShouldBe(0.9735, 5e-4);
    }

    [Fact]
    public void Candidates_that_share_a_slope_are_uncertain_together()
    {
        var shared = Predict(PredictorNames.SharedSlope, Curve(Beta, Accuracy), Curve(Beta, [.60, .68, .75, .77, .80])).Posterior.ShouldNotBeNull();
        var own = Predict(PredictorNames.NeuralCapacitancePerCandidate, Curve(Beta, Accuracy), Curve(Beta, [.60, .68, .75, .77, .80])).Posterior.ShouldNotBeNull();

        shared.Covariance[0, 1].ShouldBeGreaterThan(0.2 * shared.Covariance[0, 0]);
        own.Covariance[0, 1].ShouldBe(0);
    }

    [Fact]
    public void The_scale_of_beta_does_not_matter()
    {
        foreach (var name in new[] { PredictorNames.NeuralCapacitance, PredictorNames.SharedSlope, PredictorNames.NeuralCapacitancePerCandidate })
        {
            var whole = Predict(name, Curve(Beta, Accuracy), Curve([.8, .6, .5, .4, .3], Accuracy));
            var tiny = Predict(name, Curve([.. Beta.Select(b => b * 1e-6)], Accuracy), Curve([.8e-6, .6e-6, .5e-6, .4e-6, .3e-6], Accuracy));

            tiny.Candidates.Select(c => c.Value!.Value).ShouldBe(whole.Candidates.Select(c => c.Value!.Value), 1e-9);
        }
    }

    [Fact]
    public void Epoch_zero_is_before_training_and_not_used()
    {
        var curve = new CandidateCurves([[new CurvePoint(0, 2, 0.1, 100), .. Curve(Beta, Accuracy).Repeats[0]]]);

        foreach (var name in PredictorNames.All)
            Predict(name, curve).Candidates[0].ShouldBeEquivalentTo(Predict(name, Curve(Beta, Accuracy)).Candidates[0]);
    }

    [Fact]
    public void Repeats_are_averaged_epoch_by_epoch()
    {
        var repeats = new CandidateCurves([
            Curve([.95, .75, .6, .5, .45], [.60, .70, .75, .79, .80]).Repeats[0],
            Curve([.85, .65, .5, .4, .35], [.64, .72, .77, .81, .83]).Repeats[0]]);

        foreach (var name in Quick.FromCurves.Append(PredictorNames.Domhan))
            Predict(name, repeats).Candidates[0].Value!.Value.ShouldBe(Predict(name, Curve(Beta, Accuracy)).Candidates[0].Value!.Value, 1e-12);
    }

    [Theory]
    [InlineData(PredictorNames.NeuralCapacitance, 1, "too few epochs: 1 usable from 1 to 5, 2 needed")]
    [InlineData(PredictorNames.SharedSlope, 1, "too few epochs: 1 usable from 1 to 5, 2 needed")]
    [InlineData(PredictorNames.NeuralCapacitancePerCandidate, 2, "too few epochs: 2 usable from 1 to 5, 3 needed")]
    [InlineData(PredictorNames.LastSeen, 0, "no epoch from 1 to 5 has been observed yet")]
    [InlineData(PredictorNames.BestSeen, 0, "no epoch from 1 to 5 has been observed yet")]
    [InlineData(PredictorNames.LastThreeMean, 0, "no epoch from 1 to 5 has been observed yet")]
    public void Too_few_epochs_are_a_reason(string predictor, int epochs, string reason)
    {
        var prediction = Predict(predictor, Curve(Beta[..epochs], Accuracy[..epochs]), Curve(Beta, Accuracy));

        prediction.Candidates[0].Value.ShouldBeNull();
        prediction.Candidates[0].Reason.ShouldBe(reason);
        prediction.Candidates[1].Value.ShouldNotBeNull();
        prediction.Posterior.ShouldNotBeNull().Mean.Count.ShouldBe(1);
    }

    [Theory]
    [InlineData(PredictorNames.SharedSlope)]
    [InlineData(PredictorNames.NeuralCapacitancePerCandidate)]
    public void Beta_that_says_nothing_is_a_reason(string predictor)
    {
        Reason([.5, .5, .5, .5, .5]).ShouldBe("β_eff is constant, so it has no slope");
        Reason([0, 0, 0, 0, 0]).ShouldBe("β_eff is 0 at every epoch");
        Reason([double.NaN, double.NaN, double.NaN, double.NaN, .4]).ShouldContain("not finite or out of range at epoch 1, 2, 3, 4");

        string Reason(double[] beta) => Predict(predictor, Curve(beta, Accuracy)).Candidates[0].Reason.ShouldNotBeNull();
    }

    [Fact]
    public void The_baselines_need_no_beta()
    {
        double[] nothing = [double.NaN, double.NaN, double.NaN, double.NaN, double.NaN];

        Predict(PredictorNames.LastSeen, Curve(nothing, [.6, .8, .7, .75, .72])).Candidates[0].Value.ShouldBe(.72);
        Predict(PredictorNames.BestSeen, Curve(nothing, [.6, .8, .7, .75, .72])).Candidates[0].Value.ShouldBe(.8);
        Predict(PredictorNames.LastThreeMean, Curve(nothing, [.6, .8, .7, .75, .72])).Candidates[0].Value.ShouldNotBeNull().ShouldBe((.7 + .75 + .72) / 3, 1e-12);
    }

    [Fact]
    public void The_mean_of_the_last_three_takes_what_is_there()
        => Predict(PredictorNames.LastThreeMean, Curve(Beta[..2], [.6, .8])).Candidates[0].Value.ShouldNotBeNull().ShouldBe(.7, 1e-12);

    [Fact]
    public void Auto_leaves_early_epochs_out_by_evidence_and_a_given_start_does_not()
    {
        double[] beta = [1, .9, .8, .7, .6, .5, .4, .3], accuracy = [.20, .54, .58, .62, .66, .70, .74, .78];
        var predictor = PredictorCatalogue.Get(PredictorNames.NeuralCapacitancePerCandidate);
        var curves = new[] { Curve(beta, accuracy) };

        var auto = predictor.Predict(new PredictionInput { Candidates = curves, Window = new Window(8, null), Epochs = 50 }).Candidates[0];
        var given = predictor.Predict(new PredictionInput { Candidates = curves, Window = new Window(8, 0), Epochs = 50 }).Candidates[0];

        auto.Epochs.ShouldBe([2, 3, 4, 5, 6, 7, 8]);
        auto.Value.ShouldNotBeNull().ShouldBe(0.9, 0.005);
        given.Epochs.Count.ShouldBe(8);
        given.Value.ShouldNotBeNull().ShouldBeGreaterThan(0.95);
    }

    [Theory]
    [InlineData(0.8, 100)]
    [InlineData(1.0, 100)]
    [InlineData(0.0, 50)]
    public void The_noise_of_an_accuracy_is_binomial_and_never_none(double accuracy, int images)
    {
        var variance = BinomialNoise.Variance(accuracy, images);

        variance.ShouldBeGreaterThan(0);
        variance.ShouldBe(accuracy * (1 - accuracy) / images, 1.0 / (images * images) * 2);
    }

    private static Prediction Predict(string name, params CandidateCurves[] curves)
        => PredictorCatalogue.Get(name).Predict(new PredictionInput { Candidates = curves, Window = new Window(5, null), Epochs = 50 });

    private static CandidateCurves Curve(double[] beta, double[] accuracy)
        => new([[.. beta.Zip(accuracy).Select((point, i) => new CurvePoint(i + 1, point.First, point.Second, 2_000))]]);
}
