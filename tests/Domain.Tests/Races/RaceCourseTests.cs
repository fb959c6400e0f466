using NeuralCapacitance.Domain.Jobs;
using NeuralCapacitance.Domain.Predictors;
using NeuralCapacitance.Domain.Races;
using NeuralCapacitance.Domain.Trials;

namespace NeuralCapacitance.Domain.Tests.Races;

public sealed class RaceCourseTests
{
    private static readonly JobSpec Spec = new()
    {
        Dataset = new DatasetSpec { Name = "synthetic" },
        Candidates = [.. "abc".Select(name => new CandidateSpec { Name = $"{name}", Backbone = "resnet8" })],
        Training = new TrainingSpec { Epochs = 12 },
        Selection = new SelectionSpec { Mode = SelectionMode.Race, Observe = 3, Race = new RaceSpec { Tolerance = 0 } },
    };

    [Fact]
    public void A_round_waits_for_all_that_are_in_the_race_and_sound()
    {
        Course(Paused(3), Paused(3), Running(2)).IsRoundComplete.ShouldBeFalse();
        Course(Paused(3), Paused(3), Running(3)).IsRoundComplete.ShouldBeTrue("what is observed counts, not that the worker is done");
        Course(Paused(3), Paused(3), Failed(2)).IsRoundComplete.ShouldBeTrue();
        new RaceCourse(Spec, Trials(Paused(4), Paused(4), Running(3)), [Kept(0), Kept(1), Dropped(2)]).IsRoundComplete.ShouldBeTrue();
    }

    [Fact]
    public void A_candidate_that_failed_before_the_round_is_not_in_it_and_one_that_failed_beyond_is()
    {
        var trials = Trials(Paused(3), Failed(2), Failed(4));

        new RaceCourse(Spec, trials, []).Decide(Evidence(trials)).Decisions.Select(d => d.Candidate).ShouldBe([0, 2]);
    }

    [Fact]
    public void Who_ran_ahead_changes_no_decision()
    {
        var abreast = Trials(Paused(3), Paused(3), Paused(3));
        var ahead = Trials(Paused(5), Running(4), Paused(3));

        new RaceCourse(Spec, ahead, [Promoted(0)]).Decide(Evidence(ahead)).Decisions
            .ShouldBe(new RaceCourse(Spec, abreast, []).Decide(Evidence(abreast)).Decisions);
    }

    [Fact]
    public void Rounds_follow_each_other_and_promotions_are_none()
    {
        Course(Paused(3), Paused(3), Paused(3)).Round.ShouldBe(3);
        var course = new RaceCourse(Spec, Trials(Paused(5), Paused(3), Paused(3)), [Promoted(0, 4), Kept(0), Kept(1), Dropped(2)]);

        course.Round.ShouldBe(4);
        course.TargetOf(Trial(0, Paused(5))).ShouldBe(5);
        course.TargetOf(Trial(1, Paused(3))).ShouldBe(4);
        course.EndOf(Trial(1, Paused(3))).ShouldBeNull();
        course.EndOf(Trial(2, Running(3))).ShouldBe(TrialState.Dropped);
    }

    [Fact]
    public void When_it_is_over_the_remaining_trials_succeed()
    {
        var course = new RaceCourse(Spec, Trials(Paused(3), Running(4), Paused(3)), [Stopped(0), Stopped(1), Dropped(2)]);

        (course.IsOver, course.IsRoundComplete).ShouldBe((true, false));
        course.EndOf(Trial(1, Running(4))).ShouldBe(TrialState.Succeeded);
        course.EndOf(Trial(2, Paused(3))).ShouldBe(TrialState.Dropped);
        Course(Failed(1), Failed(2), Failed(0)).IsOver.ShouldBeTrue("nobody is left");
    }

    [Fact]
    public void A_promotion_goes_to_the_trial_least_ahead_and_no_further_than_the_bound()
    {
        var trials = Trials(Paused(4), Paused(3), Running(2));
        var promotion = new RaceCourse(Spec, trials, []).Promote(Evidence(trials)).ShouldNotBeNull();

        (promotion.Candidate, promotion.Repeat, promotion.Round, promotion.Action).ShouldBe((1, 0, 3, RaceAction.Promoted));
        var far = Trials(Paused(5), Paused(5), Running(2));
        new RaceCourse(Spec, far, []).Promote(Evidence(far)).ShouldBeNull();
    }

    [Fact]
    public void Scores_from_before_the_training_take_part()
    {
        var spec = Spec with { Candidates = [.. "abcd".Select(name => new CandidateSpec { Name = $"{name}", Backbone = $"{name}" })] };
        IReadOnlyList<Trial> trials = [.. Enumerable.Range(0, 4).Select(i => Trial(Math.Min(i, 2), Paused(3)) with { Id = Guid.Parse($"00000000-0000-0000-0000-00000000001{i}"), CandidateIndex = i })];
        var curves = RaceGen.Sample([0.8, 0.8, 0.8, 0.8], 4, 0.002, 1, RaceSettings.Of(spec)).Curves;
        IReadOnlyList<Observation> observations = [.. trials.SelectMany(t => curves[t.CandidateIndex].Repeats[0].Where(p => p.Epoch <= 3).Select(p => Observe(t, p)))];
        IReadOnlyList<TrialScore> scores = [.. trials.Select((t, i) => new TrialScore(t.Id, PredictorNames.LogMe, i == 3 ? 2 : 0.1 * i, null))];

        var (without, with) = (Decide([]), Decide(scores));

        with.Decisions[3].PredictedAccuracy!.Value.ShouldBeGreaterThan(without.Decisions[3].PredictedAccuracy!.Value);
        with.Decisions[3].ProbabilityBest!.Value.ShouldBeGreaterThan(without.Decisions[3].ProbabilityBest!.Value);

        RaceRound Decide(IReadOnlyList<TrialScore> measured) => new RaceCourse(spec, trials, []).Decide(new RaceEvidence(observations, measured));
    }

    [Fact]
    public void A_hopeless_trial_is_not_promoted()
    {
        var trials = Trials(Running(3), Running(3), Paused(3));

        new RaceCourse(Spec, trials, []).Promote(Evidence(trials)).ShouldBeNull();
    }

    [Fact]
    public void What_was_saved_is_what_ended_trials_did_not_train()
    {
        IReadOnlyList<Trial> trials = [Trial(0, (TrialState.Succeeded, 5)), Trial(1, Failed(2)), Trial(2, (TrialState.Dropped, 3))];
        var standing = RaceStanding.Of(
            Spec, trials, [Kept(0), Dropped(2), Stopped(0, 5) with { IsLeader = true }],
            new Dictionary<Guid, double> { [trials[0].Id] = 2, [trials[1].Id] = 100, [trials[2].Id] = 0.5 });

        (standing.Round, standing.LastRound, standing.IsOver).ShouldBe((5, 12, true));
        standing.Remaining.ShouldBe(["a"]);
        standing.Dropped.ShouldBe(["c"]);
        (standing.Leader, standing.Winner).ShouldBe(("a", "a"));
        (standing.EpochsTrained, standing.EpochsSaved, standing.SecondsSaved).ShouldBe((10, 7 + 9, (7 * 2) + (9 * 0.5)));
    }

    [Fact]
    public void A_race_that_was_cancelled_is_over_without_a_winner()
    {
        var trials = Trials((TrialState.Cancelled, 3), (TrialState.Cancelled, 4), (TrialState.Cancelled, 3));
        var standing = RaceStanding.Of(Spec, trials, [Kept(0) with { IsLeader = true }, Kept(1), Kept(2)], new Dictionary<Guid, double>());

        (standing.IsOver, standing.Leader, standing.Winner).ShouldBe((true, "a", null));
    }

    private static RaceCourse Course(params (TrialState, int)[] trials) => new(Spec, Trials(trials), []);

    private static (TrialState, int) Paused(int epochs) => (TrialState.Paused, epochs);

    private static (TrialState, int) Running(int epochs) => (TrialState.Running, epochs);

    private static (TrialState, int) Failed(int epochs) => (TrialState.Failed, epochs);

    private static RaceDecision Kept(int candidate) => Decision(candidate, RaceAction.Kept, 3);

    private static RaceDecision Dropped(int candidate) => Decision(candidate, RaceAction.Dropped, 3);

    private static RaceDecision Stopped(int candidate, int round = 3) => Decision(candidate, RaceAction.Stopped, round);

    private static RaceDecision Promoted(int candidate, int round = 3) => Decision(candidate, RaceAction.Promoted, round);

    private static RaceDecision Decision(int candidate, RaceAction action, int round) => new() { Round = round, Candidate = candidate, Action = action, Reason = "" };

    private static IReadOnlyList<Trial> Trials(params (TrialState, int)[] trials) => [.. trials.Select((t, i) => Trial(i, t))];

    private static Trial Trial(int candidate, (TrialState State, int Epochs) at) => new()
    {
        Id = Guid.Parse($"00000000-0000-0000-0000-00000000000{candidate}"),
        JobId = Guid.Empty,
        CandidateIndex = candidate,
        Candidate = Spec.Candidates[candidate].Name,
        Repeat = 0,
        Seed = 1,
        State = at.State,
        EpochsDone = at.Epochs,
        EpochsTarget = Math.Max(3, at.Epochs),
    };

    private static RaceEvidence Evidence(IReadOnlyList<Trial> trials) => new(Observations(trials), []);

    /// <summary>The first two are close, the third is far behind.</summary>
    private static IReadOnlyList<Observation> Observations(IReadOnlyList<Trial> trials)
    {
        var curves = RaceGen.Sample([0.9, 0.89, 0.2], 4, 0.002, 1, RaceSettings.Of(Spec)).Curves;
        return [.. trials.SelectMany(t => curves[t.CandidateIndex].Repeats[0].Where(p => p.Epoch <= t.EpochsDone).Select(p => Observe(t, p)))];
    }

    private static Observation Observe(Trial trial, CurvePoint point) => new()
    {
        TrialId = trial.Id,
        Epoch = point.Epoch,
        BetaEff = point.BetaEff,
        ValidationAccuracy = point.ValidationAccuracy,
        ValidationLoss = 1,
        ValidationCount = point.ValidationCount,
    };
}
