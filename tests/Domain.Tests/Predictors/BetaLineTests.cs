using NeuralCapacitance.Domain.Jobs;
using NeuralCapacitance.Domain.Predictors;
using NeuralCapacitance.Domain.Rankings;
using NeuralCapacitance.Domain.Tests.Rankings;
using NeuralCapacitance.Domain.Trials;

namespace NeuralCapacitance.Domain.Tests.Predictors;

public sealed class BetaLineTests
{
    [Theory]
    [InlineData(PredictorNames.SharedSlope, 0.9, 0.9)]
    [InlineData(PredictorNames.SharedSlope, 1.2, 1)]
    [InlineData(PredictorNames.NeuralCapacitancePerCandidate, 0.9, 0.9)]
    [InlineData(PredictorNames.NeuralCapacitancePerCandidate, 1.2, 1)]
    public void The_line_goes_through_what_was_observed_also_where_its_end_is_no_accuracy(string predictor, double atZero, double predicted)
    {
        var job = new JobOfCurves { Selection = new SelectionSpec { Predictor = predictor } }
            .With("failed", TrialState.Failed, JobOfCurves.Line(0.5, 2)).With("a", TrialState.Succeeded, JobOfCurves.Line(atZero, 5, slope: 0.9)).With("short", TrialState.Succeeded, JobOfCurves.Line(0.9, 1));
        var basis = RankingBasis.Of(job.Spec, job.Trials, job.Observations, []);
        var prediction = Ranker.Rank(basis).Candidates.Single(c => c.Candidate == "a");

        var (index, line) = BetaLine.Of(basis, job.Selection).ShouldHaveSingleItem();

        index.ShouldBe(1);
        line.Intercept.ShouldBe(prediction.RawPrediction!.Value, 1e-12);
        prediction.PredictedAccuracy!.Value.ShouldBe(predicted, 0.01);
        foreach (var (beta, accuracy) in JobOfCurves.Line(atZero, 5, slope: 0.9)) (line.Intercept + (line.Slope * beta)).ShouldBe(accuracy, 0.01);
    }

    [Fact]
    public void A_predictor_that_fits_none_has_none()
    {
        var job = new JobOfCurves().With("a", TrialState.Succeeded, JobOfCurves.Line(0.9, 5)).With("b", TrialState.Succeeded, JobOfCurves.Line(0.8, 5));

        BetaLine.Of(RankingBasis.Of(job.Spec, job.Trials, job.Observations, []), job.Selection).ShouldBeEmpty();
    }
}
