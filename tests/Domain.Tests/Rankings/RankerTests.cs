using FsCheck;
using FsCheck.Fluent;
using NeuralCapacitance.Domain.Jobs;
using NeuralCapacitance.Domain.Predictors;
using NeuralCapacitance.Domain.Rankings;
using NeuralCapacitance.Domain.Statistics;
using NeuralCapacitance.Domain.Tests.Predictors;
using NeuralCapacitance.Domain.Trials;
using static NeuralCapacitance.Domain.Tests.Rankings.JobOfCurves;
using PastJobs = NeuralCapacitance.Domain.Tests.Predictors.Finished;

namespace NeuralCapacitance.Domain.Tests.Rankings;

public sealed class RankerTests
{
    public static TheoryData<string> Predictors() => [.. Quick.FromCurves];

    [Theory, MemberData(nameof(Predictors))]
    public void The_best_comes_first(string predictor)
    {
        var job = new JobOfCurves { Selection = new SelectionSpec { Predictor = predictor } }
            .With("middle", TrialState.Succeeded, Line(0.8, 5))
            .With("worst", TrialState.Succeeded, Line(0.7, 5))
            .With("best", TrialState.Succeeded, Line(0.9, 5));

        var ranking = Rank(job);

        ranking.Predictor.ShouldBe(predictor);
        ranking.Candidates.Select(c => (c.Candidate, c.Rank, c.CandidateIndex)).ShouldBe([("best", 1, 2), ("middle", 2, 0), ("worst", 3, 1)]);
        ranking.Candidates.ShouldAllBe(c => c.IntervalLow <= c.PredictedAccuracy && c.PredictedAccuracy <= c.IntervalHigh && c.Reason == null);
        ranking.Candidates.Sum(c => c.ProbabilityBest).ShouldNotBeNull().ShouldBe(1, 1e-9);
        ranking.Candidates[0].ProbabilityBest.ShouldNotBeNull().ShouldBeGreaterThan(0.95);
        ranking.Candidates.ShouldAllBe(c => c.Repeats == 1 && c.Epochs.SequenceEqual(new[] { 1, 2, 3, 4, 5 }));
        ranking.Warnings.ShouldBeEmpty();
        ranking.Agreement.ShouldBeNull();
    }

    [Fact]
    public void One_basis_serves_all_predictors_and_windows()
    {
        var job = new JobOfCurves()
            .With("middle", TrialState.Succeeded, Line(0.8, 6))
            .With("worst", TrialState.Succeeded, Line(0.7, 6, slope: 0.3))
            .With("best", TrialState.Succeeded, Line(0.81, 6))
            .With("behind", TrialState.Running, Line(0.81, 3));
        PastTask[] history = [PastJobs.Task("a", 9, seed: 1), PastJobs.Task("b", 9, seed: 2), PastJobs.Task("c", 9, seed: 3)];
        var basis = RankingBasis.Of(job.Spec, job.Trials, job.Observations, []);
        var selections =
            from window in new[] { (Observe: 6, Start: (int?)null), (Observe: 2, Start: 4), (Observe: 5, Start: 0) }
            from predictor in Quick.FromCurves.Concat([PredictorNames.NeuralCapacitanceHistory, PredictorNames.Bgrn])
            select new SelectionSpec { Predictor = predictor, Observe = window.Observe, Start = window.Start };

        foreach (var selection in selections)
            Text(Ranker.Rank(basis, selection, history)).ShouldBe(Text(Ranker.Rank(job.Spec, job.Trials, job.Observations, selection, history)));

        static string Text(Ranking ranking) => System.Text.Json.JsonSerializer.Serialize(ranking);
    }

    [Fact]
    public void Scores_rank_before_any_epoch_and_are_means_over_the_repeats()
    {
        var job = new JobOfCurves { Selection = new SelectionSpec { Predictor = PredictorNames.LogMe } }
            .With("a", (TrialState.Running, []), (TrialState.Queued, []))
            .With("b", (TrialState.Running, []), (TrialState.Running, []))
            .With("c", (TrialState.Running, []), (TrialState.Running, []))
            .With("d", (TrialState.Failed, []), (TrialState.Running, []))
            .With("e", TrialState.Queued);

        var ranking = Ranker.Rank(job.Spec, job.Trials, job.Observations, scores:
        [
            Score(0, 0, 1.5), Score(1, 0, 1), Score(1, 1, 3), Score(2, 0, null), Score(2, 1, null), Score(3, 0, 9), Score(3, 1, -2),
        ]);

        ranking.Unit.ShouldBe(PredictionUnit.Score);
        ranking.Candidates.Select(c => (c.Candidate, c.Rank, c.Score, c.Repeats)).ShouldBe(
            [("b", 1, 2, 2), ("a", 2, 1.5, 1), ("d", 3, -2, 1), ("c", null, null, 0), ("e", null, null, 0)]);
        ranking.Candidates.ShouldAllBe(c => c.PredictedAccuracy == null && c.IntervalLow == null && c.ProbabilityBest == null && c.Epochs.Count == 0);
        ranking.Candidates[3].Reason.ShouldBe("not applicable: here");
        ranking.Candidates[4].Reason.ShouldNotBeNull().ShouldStartWith("not computed: ");
        ranking.Warnings.ShouldBe(["1 of 2 repeats of d failed and is left out"]);

        TrialScore Score(int candidate, int repeat, double? value) => new(
            job.Trials.Single(t => t.CandidateIndex == candidate && t.Repeat == repeat).Id, PredictorNames.LogMe, value, value is null ? "not applicable: here" : null);
    }

    [Fact]
    public void The_failed_come_last_with_their_failure_and_take_no_part()
    {
        var job = new JobOfCurves()
            .With("diverged", TrialState.Failed, (0.9, 0.99), (0.8, double.NaN))
            .With("waiting", TrialState.Queued)
            .With("fine", TrialState.Succeeded, Line(0.8, 5))
            .With("also fine", TrialState.Succeeded, Line(0.9, 5));

        var ranking = Rank(job);

        ranking.Candidates.Select(c => (c.Candidate, c.Rank, c.State)).ShouldBe([
            ("also fine", 1, CandidateState.Succeeded), ("fine", 2, CandidateState.Succeeded),
            ("waiting", null, CandidateState.Queued), ("diverged", null, CandidateState.Failed)]);
        ranking.Candidates[2].Reason.ShouldBe("no epoch from 1 to 5 has been observed yet");
        ranking.Candidates[3].Failure.ShouldNotBeNull().Code.ShouldBe("diverged");
        ranking.Candidates[3].Reason.ShouldNotBeNull();
        ranking.Candidates[0].RawPrediction.ShouldBe(Rank(new JobOfCurves()
            .With("fine", TrialState.Succeeded, Line(0.8, 5))
            .With("also fine", TrialState.Succeeded, Line(0.9, 5))).Candidates[0].RawPrediction);
    }

    [Fact]
    public void Equal_predictions_share_a_rank()
    {
        var job = new JobOfCurves { Selection = new SelectionSpec { Predictor = PredictorNames.LastSeen } }
            .With("a", TrialState.Succeeded, (0.5, 0.7), (0.4, 0.8))
            .With("b", TrialState.Succeeded, (0.5, 0.6), (0.4, 0.8))
            .With("c", TrialState.Succeeded, (0.5, 0.6), (0.4, 0.75));

        Rank(job).Candidates.Select(c => c.Rank).ShouldBe([1, 1, 3]);
    }

    [Fact]
    public void Leaders_that_cannot_be_told_apart_are_named()
    {
        var job = new JobOfCurves { Images = 100, Selection = new SelectionSpec { Predictor = PredictorNames.LastSeen, Observe = 2 } }
            .With("a", TrialState.Succeeded, (0.5, 0.7), (0.4, 0.80))
            .With("b", TrialState.Succeeded, (0.5, 0.6), (0.4, 0.79))
            .With("c", TrialState.Succeeded, (0.5, 0.3), (0.4, 0.40));

        Rank(job).Warnings.ShouldHaveSingleItem().ShouldStartWith("the two leaders, a and b, cannot be told apart: the first is better with a probability of 0.5");
    }

    [Fact]
    public void Candidates_on_their_way_are_named()
    {
        var job = new JobOfCurves()
            .With("fast", TrialState.Running, Line(0.9, 5))
            .With("slow", TrialState.Running, Line(0.7, 3));

        var ranking = Rank(job);

        ranking.Warnings.ShouldBe(["only 3 of 5 epochs so far: slow"]);
        ranking.Candidates.Select(c => c.Epochs.Count).ShouldBe([5, 3]);
    }

    [Fact]
    public void A_prediction_above_one_is_shown_as_one_and_ranked_as_it_is()
    {
        var job = new JobOfCurves { Selection = new SelectionSpec { Predictor = PredictorNames.SharedSlope } }
            .With("b", TrialState.Succeeded, Line(1.2, 5, slope: 0.9)).With("a", TrialState.Succeeded, Line(1.3, 5, slope: 0.9));

        var ranking = Rank(job);

        ranking.Candidates.Select(c => c.Candidate).ShouldBe(["a", "b"]);
        ranking.Candidates.ShouldAllBe(c => c.PredictedAccuracy == 1 && c.IntervalHigh == 1 && c.RawPrediction > 1.1);
        ranking.Warnings.Count(w => w.Contains("outside [0, 1]")).ShouldBe(2);
    }

    [Fact]
    public void A_failed_repeat_is_left_out_and_named()
    {
        var job = new JobOfCurves()
            .With("a", (TrialState.Succeeded, Line(0.9, 5)), (TrialState.Failed, Line(0.2, 3)))
            .With("b", (TrialState.Succeeded, Line(0.7, 5)), (TrialState.Succeeded, Line(0.72, 5)));

        var ranking = Rank(job);

        ranking.Candidates.Select(c => (c.Candidate, c.Repeats, c.State)).ShouldBe([("a", 1, CandidateState.Succeeded), ("b", 2, CandidateState.Succeeded)]);
        ranking.Warnings.ShouldBe(["1 of 2 repeats of a failed and is left out"]);
    }

    [Fact]
    public void Final_accuracies_are_the_mean_of_the_last_tested_epochs()
    {
        var ranking = Rank(Finished(lastTested: 5));

        ranking.Agreement.ShouldNotBeNull().FinalAccuracyOf.ShouldBe("test");
        ranking.FinalAccuracyMeaning.ShouldBe("test, mean of the last 2 epochs");
        var line = Line(0.9, 10);
        ranking.Candidates.Single(c => c.Candidate == "best").FinalAccuracy.ShouldNotBeNull().ShouldBe(line[^2..].Average(p => p.Accuracy) - 0.1, 1e-12);
    }

    [Theory]
    [InlineData(1, 1)]
    [InlineData(7, 1)]
    [InlineData(10, 2)]
    [InlineData(19, 2)]
    [InlineData(20, 3)]
    [InlineData(150, 3)]
    public void A_short_training_is_judged_by_fewer_last_epochs(int epochs, int last)
    {
        SelectionSpec.FinalEpochs(epochs).ShouldBe(last);
        ((last - 1) / 2.0).ShouldBeLessThanOrEqualTo(epochs / 20.0, "the middle of them would lag behind the end");
    }

    [Fact]
    public void Without_a_test_set_validation_is_the_truth()
    {
        var ranking = Rank(Finished(lastTested: 0));

        ranking.Agreement.ShouldNotBeNull().FinalAccuracyOf.ShouldBe("validation");
        ranking.Candidates.Single(c => c.Candidate == "best").FinalAccuracy.ShouldNotBeNull().ShouldBe(Line(0.9, 10)[^2..].Average(p => p.Accuracy), 1e-12);
    }

    [Fact]
    public void Agreement_is_measured_where_final_accuracies_are_known()
    {
        var agreement = Rank(Finished(lastTested: 3)).Agreement.ShouldNotBeNull();

        agreement.Candidates.ShouldBe(4);
        agreement.Spearman.Value.ShouldBe(1);
        agreement.Spearman.PValue.ShouldBe(0);
        agreement.SpearmanInterval.ShouldBe(new RankInterval(1, 1, 0.9));
        agreement.Kendall.Value.ShouldNotBeNull().ShouldBe(1, 1e-12);
        agreement.Kendall.PValue.ShouldNotBeNull().ShouldBe(2.0 / 24, 1e-12);
        agreement.WeightedKendall.Value.ShouldNotBeNull().ShouldBe(1, 1e-12);
        agreement.Top1Regret.ShouldBe(0);
        agreement.PrecisionAt3.ShouldNotBeNull().ShouldBe(1, 1e-12);
    }

    [Fact]
    public void The_epochs_that_it_rests_on_are_explained()
    {
        // The first epoch of a candidate is off the line of the others.
        (double, double)[] bent = [(0.9, 0.1), .. Line(0.9, 8)[1..]];

        Explain(PredictorNames.NeuralCapacitance).EpochsMeaning.ShouldBe("epochs 1 to 8: start auto, the first 8, of which none is left out by evidence");
        Explain(PredictorNames.LastSeen, start: 1).EpochsMeaning.ShouldBe("epochs 2 to 9, as asked for");
        Explain(PredictorNames.BestSeen, start: 1).EpochsMeaning.ShouldBe("epochs 1 to 9: this predictor looks at all that the window's end leaves");
        Explain(PredictorNames.LogMe).EpochsMeaning.ShouldBe("none: scores are measured before training");
        var dropped = Explain(PredictorNames.NeuralCapacitancePerCandidate);
        dropped.EpochsMeaning.ShouldBe("epochs 1 to 8: start auto, the first 8, of which 1 of 2 candidates leave out early ones by evidence; each says which");
        var candidate = dropped.Candidates.Single(c => c.EpochsReason is not null);
        candidate.Epochs.ShouldBe([2, 3, 4, 5, 6, 7, 8]);
        candidate.EpochsReason.ShouldBe("epoch 1 is left out: by the Bayesian information criterion it does not lie on the line of the later ones");

        Ranking Explain(string predictor, int? start = null)
        {
            var job = new JobOfCurves { Selection = new SelectionSpec { Observe = 8, Start = start, Predictor = predictor } }
                .With("bent", TrialState.Succeeded, bent).With("straight", TrialState.Succeeded, Line(0.8, 9));
            return Rank(job);
        }
    }

    [Fact]
    public void Regret_is_what_the_first_of_the_ranking_gives_away()
    {
        // Crossing curves: at epoch 2 the one that ends worse is ahead.
        var job = new JobOfCurves { Epochs = 4, Selection = new SelectionSpec { Mode = SelectionMode.Full, Observe = 2, Predictor = PredictorNames.LastSeen } }
            .With("early", TrialState.Succeeded, (0.9, 0.5), (0.8, 0.7), (0.7, 0.7), (0.6, 0.7))
            .With("late", TrialState.Succeeded, (0.9, 0.3), (0.8, 0.6), (0.7, 0.8), (0.6, 0.9))
            .With("none", TrialState.Succeeded, (0.9, 0.3), (0.8, 0.3), (0.7, 0.3), (0.6, 0.3));

        var ranking = Rank(job);

        ranking.Candidates[0].Candidate.ShouldBe("early");
        ranking.Agreement.ShouldNotBeNull().Top1Regret.ShouldNotBeNull().ShouldBe(0.9 - 0.7, 1e-12);
    }

    [Fact]
    public void Regret_is_unknown_while_the_first_of_the_ranking_still_trains()
    {
        var job = new JobOfCurves { Epochs = 4, Selection = new SelectionSpec { Mode = SelectionMode.Full, Observe = 2, Predictor = PredictorNames.LastSeen } }
            .With("ahead", TrialState.Running, (0.9, 0.5), (0.8, 0.8))
            .With("late", TrialState.Succeeded, (0.9, 0.3), (0.8, 0.6), (0.7, 0.8), (0.6, 0.9))
            .With("none", TrialState.Succeeded, (0.9, 0.3), (0.8, 0.3), (0.7, 0.3), (0.6, 0.3));

        var ranking = Rank(job);

        ranking.Candidates[0].Candidate.ShouldBe("ahead");
        var agreement = ranking.Agreement.ShouldNotBeNull();
        agreement.Candidates.ShouldBe(2);
        agreement.Top1Regret.ShouldBeNull();
    }

    [Fact]
    public void An_early_job_has_no_final_accuracies()
    {
        var job = Finished(lastTested: 3);

        var ranking = Ranker.Rank(job.Spec with { Selection = new SelectionSpec { Mode = SelectionMode.Early } }, job.Trials, job.Observations);

        ranking.Agreement.ShouldBeNull();
        ranking.Candidates.ShouldAllBe(c => c.FinalAccuracy == null);
    }

    [Fact]
    public void Another_window_and_predictor_can_be_asked_for()
    {
        var job = Finished(lastTested: 3);

        var ranking = Ranker.Rank(job.Spec, job.Trials, job.Observations, new SelectionSpec { Observe = 3, Start = 4, Predictor = PredictorNames.BestSeen });

        ranking.Window.ShouldBe(new RankingWindow(3, 4, 5, 7));
        ranking.Predictor.ShouldBe(PredictorNames.BestSeen);
        ranking.Candidates[0].Epochs.ShouldBe([1, 2, 3, 4, 5, 6, 7]);
        ranking.Candidates[0].RawPrediction.ShouldBe(Line(0.9, 7)[^1].Accuracy);
    }

    [Fact]
    public void A_job_without_observations_ranks_nobody_and_says_so()
    {
        var ranking = Rank(new JobOfCurves().With("a", TrialState.Queued).With("b", TrialState.Running));

        ranking.Candidates.ShouldAllBe(c => c.Rank == null && c.Reason != null);
        ranking.Warnings.ShouldContain("no candidate can be ranked yet; each one says why");
    }

    [Fact]
    public void The_order_of_candidates_in_the_spec_does_not_matter()
        => Check.One(Config.QuickThrowOnFailure.WithMaxTest(60), Prop.ForAll(CurvesGen.Jobs.ToArbitrary(), sample =>
        {
            var straight = Rank(sample.Job([.. Enumerable.Range(0, sample.Curves.Length)]));
            var turned = Rank(sample.Job([.. Enumerable.Range(0, sample.Curves.Length).Reverse()]));

            foreach (var candidate in straight.Candidates)
            {
                var twin = turned.Candidates.Single(c => c.Candidate == candidate.Candidate);
                (twin.RawPrediction is null).ShouldBe(candidate.RawPrediction is null);
                if (candidate.RawPrediction is not { } raw) continue;
                twin.RawPrediction!.Value.ShouldBe(raw, 1e-8);
                if (straight.Unit == PredictionUnit.Score) continue;
                twin.IntervalLow!.Value.ShouldBe(candidate.IntervalLow!.Value, 1e-8);
                twin.ProbabilityBest!.Value.ShouldBe(candidate.ProbabilityBest!.Value, 0.05);
            }
        }));

    [Fact]
    public void Numbers_that_are_not_finite_never_leave()
        => Check.One(Config.QuickThrowOnFailure.WithMaxTest(500), Prop.ForAll(CurvesGen.BrokenJobs.ToArbitrary(), sample =>
        {
            var ranking = Rank(sample.Job([.. Enumerable.Range(0, sample.Curves.Length)]));

            ranking.Candidates.Count.ShouldBe(sample.Curves.Length);
            foreach (var c in ranking.Candidates)
            {
                double?[] numbers = [c.RawPrediction, c.ProbabilityBest, c.ExpectedRegret, c.FinalAccuracy];
                numbers.ShouldAllBe(n => n == null || double.IsFinite(n.Value));
                double?[] accuracies = [c.PredictedAccuracy, c.IntervalLow, c.IntervalHigh];
                accuracies.ShouldAllBe(a => a == null || (a >= 0 && a <= 1));
                (c.Reason is null).ShouldBe(c.RawPrediction is not null);
            }
        }));

    private static Ranking Rank(JobOfCurves job) => Ranker.Rank(job.Spec, job.Trials, job.Observations);

    private static JobOfCurves Finished(int lastTested) => new JobOfCurves { Epochs = 10, Selection = new SelectionSpec { Mode = SelectionMode.Full } }
        .With("low", TrialState.Succeeded, Line(0.7, 10))
        .With("best", TrialState.Succeeded, Line(0.9, 10))
        .With("running", TrialState.Running, Line(0.85, 7))
        .With("high", TrialState.Succeeded, Line(0.8, 10))
        .With("worst", TrialState.Succeeded, Line(0.5, 10))
        .Tested(lastTested);
}
