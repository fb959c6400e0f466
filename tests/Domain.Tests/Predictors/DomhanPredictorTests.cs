using MathNet.Numerics.Distributions;
using NeuralCapacitance.Domain.Jobs;
using NeuralCapacitance.Domain.Predictors;
using NeuralCapacitance.Domain.Rankings;
using NeuralCapacitance.Domain.Tests.Rankings;
using NeuralCapacitance.Domain.Trials;
using static NeuralCapacitance.Domain.Tests.Predictors.Finished;

namespace NeuralCapacitance.Domain.Tests.Predictors;

public sealed class DomhanPredictorTests
{
    private static readonly DomhanPredictor Domhan = new();

    [Theory]
    [InlineData(.9, .5, .6)]
    [InlineData(.75, .4, .8)]
    [InlineData(.6, .3, 1.2)]
    public void A_power_law_is_extrapolated_and_its_end_lies_in_the_interval(double end, double fall, double exponent)
    {
        var random = new Random(3);
        var curves = Curve(10, epoch => PowerLaw(epoch) + (0.004 * Normal.Sample(random, 0, 1)));

        var prediction = Predict(10, curves);

        prediction.Candidates[0].Value.ShouldNotBeNull().ShouldBe(PowerLaw(50), 0.05);
        var (low, high) = prediction.Posterior.ShouldNotBeNull().Interval(0, 0.95);
        PowerLaw(50).ShouldBeInRange(low, high);

        double PowerLaw(int epoch) => end - (fall * Math.Pow(epoch, -exponent));
    }

    [Fact]
    public void A_weibull_curve_is_extrapolated_too()
    {
        double Weibull(int epoch) => .85 - (.75 * Math.Exp(-Math.Pow(.25 * epoch, .9)));

        var prediction = Predict(12, Curve(12, Weibull));

        prediction.Candidates[0].Value.ShouldNotBeNull().ShouldBe(Weibull(50), 0.08);
        var (low, high) = prediction.Posterior.ShouldNotBeNull().Interval(0, 0.95);
        Weibull(50).ShouldBeInRange(low, high);
    }

    [Fact]
    public void More_epochs_leave_less_doubt()
    {
        var curve = Curve(20, epoch => .9 - (.5 * Math.Pow(epoch, -.6)));

        Predict(20, curve).Posterior!.Covariance[0, 0].ShouldBeLessThan(Predict(4, curve).Posterior!.Covariance[0, 0]);
    }

    [Fact]
    public void The_same_seed_gives_the_same_answer_whatever_the_other_candidates_and_the_order_of_repeats()
    {
        CandidateCurves a = new([Curve(.5, .6, .65, .68, .7).Repeats[0], Curve(.52, .61, .66, .7, .71).Repeats[0], Curve(.49, .6, .6, .67, .7).Repeats[0]]);
        CandidateCurves turned = new([.. a.Repeats.Reverse()]);
        var b = Curve(.3, .4, .45, .48, .5);

        var alone = Predict(5, a).Candidates[0].Value.ShouldNotBeNull();
        var together = Predict(5, b, turned);

        together.Candidates[1].Value.ShouldBe(alone);
        together.Candidates[0].Value.ShouldNotBeNull().ShouldBeLessThan(alone);
    }

    [Fact]
    public void Too_few_epochs_are_a_reason()
    {
        var prediction = Predict(5, Curve(.5, .6, .65), Curve(.5, .6, .65, .68));

        prediction.Candidates[0].Reason.ShouldBe("too few epochs: 3 usable from 1 to 5, 4 needed");
        prediction.Candidates[1].Value.ShouldNotBeNull();
        prediction.Posterior.ShouldNotBeNull().Mean.Count.ShouldBe(1);
    }

    [Fact]
    public void Accuracies_that_no_curve_follows_are_a_reason()
    {
        var prediction = Predict(5, Curve(.9, .7, .5, .3, .1));

        prediction.Candidates[0].Reason.ShouldNotBeNull().ShouldStartWith("fit failed: none of the eleven curves");
        prediction.Posterior.ShouldBeNull();
    }

    [Theory]
    [InlineData(0, 0, 0, 0, 0)]
    [InlineData(1, 1, 1, 1, 1)]
    [InlineData(.1, .1, .1, .1, .1)]
    [InlineData(0, 1, 0, 1, 0)]
    [InlineData(.1, .1, .1, .1, .9)]
    public void Odd_accuracies_give_a_finite_answer_or_a_reason(double a, double b, double c, double d, double e)
    {
        var prediction = Predict(5, Curve(a, b, c, d, e));

        if (prediction.Candidates[0].Value is not { } value)
        {
            prediction.Candidates[0].Reason.ShouldNotBeNull();
            return;
        }
        value.ShouldBeInRange(-.05, 1.05);
        prediction.Posterior.ShouldNotBeNull().Covariance[0, 0].ShouldBeInRange(1e-6, 1.1);
    }

    [Fact]
    public void A_long_curve_is_thinned_to_fifty_epochs_from_its_first_to_its_last()
    {
        double PowerLaw(int epoch) => .9 - (.5 * Math.Pow(epoch, -.6));

        var prediction = Domhan.Predict(new PredictionInput { Candidates = [Curve(400, PowerLaw)], Window = new Window(400, null), Epochs = 500 });

        var answer = prediction.Candidates[0];
        answer.Value.ShouldNotBeNull().ShouldBe(PowerLaw(500), 0.02);
        (answer.Epochs.Count, answer.Epochs[0], answer.Epochs[^1]).ShouldBe((50, 1, 400));
    }

    [Fact]
    public void Candidates_are_ranked_by_where_their_curves_lead()
    {
        var job = new JobOfCurves { Selection = new SelectionSpec { Predictor = PredictorNames.Domhan } }
            .With("middle", TrialState.Succeeded, JobOfCurves.Line(0.8, 5))
            .With("worst", TrialState.Succeeded, JobOfCurves.Line(0.6, 5))
            .With("best", TrialState.Succeeded, JobOfCurves.Line(0.95, 5));

        var ranking = Ranker.Rank(job.Spec, job.Trials, job.Observations);

        ranking.Candidates.Select(c => c.Candidate).ShouldBe(["best", "middle", "worst"]);
        ranking.Candidates.ShouldAllBe(c => c.IntervalLow < c.PredictedAccuracy && c.PredictedAccuracy < c.IntervalHigh);
    }

    private static Prediction Predict(int observe, params CandidateCurves[] curves)
        => Domhan.Predict(new PredictionInput { Candidates = curves, Window = new Window(observe, null), Epochs = 50 });
}
