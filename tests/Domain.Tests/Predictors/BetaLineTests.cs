using NeuralCapacitance.Domain.Jobs;
using NeuralCapacitance.Domain.Predictors;
using NeuralCapacitance.Domain.Rankings;
using NeuralCapacitance.Domain.Tests.Rankings;
using NeuralCapacitance.Domain.Trials;

namespace NeuralCapacitance.Domain.Tests.Predictors;

public sealed class BetaLineTests
{
    [Theory]
    [InlineData(PredictorNames.SharedSlope)]
    [InlineData(PredictorNames.NeuralCapacitancePerCandidate)]
    public void The_line_goes_through_what_was_observed_and_ends_at_the_prediction(string predictor)
    {
        var job = new JobOfCurves { Selection = new SelectionSpec { Predictor = predictor } }
            .With("failed", TrialState.Failed, JobOfCurves.Line(0.5, 2)).With("a", TrialState.Succeeded, JobOfCurves.Line(0.9, 5)).With("short", TrialState.Succeeded, JobOfCurves.Line(0.9, 1));
        var basis = RankingBasis.Of(job.Spec, job.Trials, job.Observations, []);
        var prediction = Ranker.Rank(basis).Candidates.Single(c => c.Candidate == "a").RawPrediction!.Value;

        var (index, line) = BetaLine.Of(basis, job.Selection).ShouldHaveSingleItem();

        index.ShouldBe(1);
        foreach (var (beta, accuracy) in JobOfCurves.Line(0.9, 5)) (prediction + (line.Slope * beta)).ShouldBe(accuracy, 0.005);
    }

    [Fact]
    public void A_predictor_that_fits_none_has_none()
    {
        var job = new JobOfCurves().With("a", TrialState.Succeeded, JobOfCurves.Line(0.9, 5)).With("b", TrialState.Succeeded, JobOfCurves.Line(0.8, 5));

        BetaLine.Of(RankingBasis.Of(job.Spec, job.Trials, job.Observations, []), job.Selection).ShouldBeEmpty();
    }
}
