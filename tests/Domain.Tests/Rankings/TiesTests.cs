using NeuralCapacitance.Domain.Jobs;
using NeuralCapacitance.Domain.Predictors;
using NeuralCapacitance.Domain.Rankings;
using NeuralCapacitance.Domain.Statistics;
using NeuralCapacitance.Domain.Tests.Predictors;
using NeuralCapacitance.Domain.Trials;
using MathNet.Numerics.LinearAlgebra;
using PastJobs = NeuralCapacitance.Domain.Tests.Predictors.Finished;

namespace NeuralCapacitance.Domain.Tests.Rankings;

public sealed class TiesTests
{
    private static readonly (double Beta, double Accuracy)[] Curve = [(0.91, 0.413), (0.62, 0.527), (0.53, 0.574), (0.44, 0.601), (0.41, 0.6137)];

    private static readonly (double Beta, double Accuracy)[] Other = [(0.87, 0.401), (0.64, 0.531), (0.51, 0.569), (0.46, 0.604), (0.42, 0.6111)];

    /// <summary>The one left out wants earlier jobs of the same kinds of candidates.</summary>
    public static TheoryData<string> Predictors() => [.. PredictorNames.All.Except(PredictorNames.Scores).Except([PredictorNames.NeuralCapacitanceHistory])];

    [Theory, MemberData(nameof(Predictors))]
    public void What_was_observed_equal_to_the_bit_has_one_rank_and_one_chance(string predictor)
    {
        var job = new JobOfCurves { Selection = new SelectionSpec { Predictor = predictor }, Epochs = 9 }
            .With("first", TrialState.Succeeded, Curve).With("another", TrialState.Succeeded, Other)
            .With("second", TrialState.Succeeded, Curve).With("third", TrialState.Succeeded, Curve);

        var ranking = Ranker.Rank(job.Spec, job.Trials, job.Observations, history: [PastJobs.Task("a", 9, seed: 1), PastJobs.Task("b", 9, seed: 2), PastJobs.Task("c", 9, seed: 3)]);

        var equal = ranking.Candidates.Where(c => c.Candidate != "another").ToList();
        equal.Select(c => c.Rank).Distinct().ShouldHaveSingleItem().ShouldNotBeNull();
        equal.Select(c => c.RawPrediction).Distinct().ShouldHaveSingleItem();
        equal.Select(c => (c.ProbabilityBest, c.ExpectedRegret, c.IntervalLow, c.IntervalHigh)).Distinct().ShouldHaveSingleItem();
        ranking.Candidates.Sum(c => c.ProbabilityBest).ShouldNotBeNull().ShouldBe(1, 1e-9);
    }

    [Fact]
    public void Candidates_without_an_observation_are_no_tie()
        => Ties.In([new CandidateCurves([]), new CandidateCurves([]), new CandidateCurves([[]])]).ShouldBeEmpty();

    [Theory]
    [InlineData(0.7, 0.7, false)]
    [InlineData(0.7 + 1e-12, 0.7, false)]
    [InlineData(0.7 + 1e-6, 0.7, true)]
    [InlineData(0.7, 0.7 + 1e-6, false)]
    [InlineData(1e6 + 1e-6, 1e6, false)]
    [InlineData(1e6 + 1, 1e6, true)]
    public void A_solver_s_noise_makes_nothing_greater(double a, double b, bool isGreater) => Ties.IsGreater(a, b).ShouldBe(isGreater);

    [Fact]
    public void Exchanged_quantities_leave_the_posterior_as_it_is()
    {
        var covariance = Matrix<double>.Build.DenseOfArray(new[,] { { 4, 1, 0.5, 0.2 }, { 1, 3, 0.4, 0.1 }, { 0.5, 0.4, 2, 0.3 }, { 0.2, 0.1, 0.3, 1.0 } });
        var posterior = new JointPosterior(Vector<double>.Build.Dense([1.0, 2, 3, 4]), covariance);

        var settled = posterior.Exchangeable([[0, 2]]);

        settled.Mean.ToArray().ShouldBe([2, 2, 2, 4]);
        settled.Covariance.ToArray().ShouldBe(new[,] { { 3, 0.7, 0.5, 0.25 }, { 0.7, 3, 0.7, 0.1 }, { 0.5, 0.7, 3, 0.25 }, { 0.25, 0.1, 0.25, 1 } });
        settled.Covariance.Cholesky().ShouldNotBeNull();
        posterior.Covariance[0, 2].ShouldBe(0.5, "nothing is changed in place");
    }

    [Fact]
    public void A_predictor_without_an_answer_does_not_say_that_epochs_are_missing()
    {
        var job = new JobOfCurves { Selection = new SelectionSpec { Predictor = PredictorNames.Bgrn } }.With("a", TrialState.Succeeded, Curve).With("b", TrialState.Succeeded, Other);
        Ranker.Rank(job.Spec, job.Trials, job.Observations).Warnings.ShouldBe(["no candidate can be ranked yet; each one says why"]);
    }

    [Fact]
    public void Failed_candidates_are_counted()
    {
        var job = new JobOfCurves { Selection = new SelectionSpec { Predictor = PredictorNames.LastSeen } }.With("a", TrialState.Succeeded, Curve);
        for (var i = 0; i < 11; i++) job.With($"f{i}", TrialState.Failed, []);
        Ranker.Rank(job.Spec, job.Trials, job.Observations).Warnings
            .ShouldContain("11 of 12 candidates failed and are not among those compared: f0, f1, f2, f3, f4, f5, f6, f7, f8, f9 and 1 more");
    }
}
