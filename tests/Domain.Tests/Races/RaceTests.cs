using FsCheck;
using FsCheck.Fluent;
using NeuralCapacitance.Domain.Jobs;
using NeuralCapacitance.Domain.Predictors;
using NeuralCapacitance.Domain.Races;
using NeuralCapacitance.Domain.Statistics;

namespace NeuralCapacitance.Domain.Tests.Races;

public sealed class RaceTests
{
    private static readonly RaceSettings Plain = new() { FirstRound = 4, Epochs = RaceGen.Epochs, Seed = 7 };

    [Fact]
    public void Never_drops_all_and_says_something_about_each() => Holds(sample =>
    {
        var round = Race.Decide(sample.Settings, sample.Settings.FirstRound, sample.Racers);

        round.Decisions.Select(d => d.Candidate).ShouldBe(Enumerable.Range(0, sample.Curves.Length));
        round.Decisions.ShouldContain(d => d.Action != RaceAction.Dropped);
        round.Decisions.Count(d => d.IsLeader).ShouldBe(1);
        round.Decisions.Single(d => d.IsLeader).Action.ShouldNotBe(RaceAction.Dropped);
        round.Decisions.Select(d => d.Action).ShouldNotContain(RaceAction.Promoted);
        round.IsOver.ShouldBe(round.Winner is not null);
    });

    [Fact]
    public void Numbers_are_finite_and_probabilities_sum_to_one_over_those_in_the_race() => Holds(sample =>
    {
        var racers = sample.Racers.Select(r => r.Candidate == 1 ? r with { DroppedAfter = 2 } : r).ToList();
        var round = Race.Decide(sample.Settings, sample.Settings.FirstRound, racers);

        round.Decisions.ShouldNotContain(d => d.Candidate == 1);
        var judged = round.Decisions.Where(d => d.ProbabilityBest is not null).ToList();
        if (sample.Settings.FirstRound > 2) judged.Count.ShouldBe(round.Decisions.Count);
        if (judged.Count > 0) judged.Sum(d => d.ProbabilityBest!.Value).ShouldBe(1, 1e-9);
        foreach (var d in judged)
        {
            d.PredictedAccuracy!.Value.ShouldBeInRange(0, 1);
            d.IntervalLow!.Value.ShouldBeLessThanOrEqualTo(d.PredictedAccuracy.Value);
            d.IntervalHigh!.Value.ShouldBeGreaterThanOrEqualTo(d.PredictedAccuracy.Value);
            d.ExpectedRegret!.Value.ShouldBeGreaterThanOrEqualTo(0);
        }
    });

    [Fact]
    public void While_little_is_known_the_leader_says_why_the_race_goes_on() => Holds(sample =>
    {
        var settings = sample.Settings with { FirstRound = 4, Epochs = RaceGen.Epochs, Tolerance = 0, DropBelow = 0 };

        var leader = Race.Decide(settings, 4, sample.Racers).Decisions.Single(d => d.IsLeader);

        if (leader.ProbabilityBest is null || leader.Action is not RaceAction.Kept) return;
        leader.Reason.ShouldMatch(@"^leads: P\(best\) [\d.]+; its final accuracy may be [\d.]+ to [\d.]+, and its expected regret [\d.]+ is not below tolerance 0 yet$");
    });

    [Fact]
    public void The_same_curves_seed_and_round_give_the_same_decisions() => Holds(sample =>
        Race.Decide(sample.Settings, sample.Settings.FirstRound, sample.Racers).Decisions
            .ShouldBe(Race.Decide(sample.Settings, sample.Settings.FirstRound, sample.Racers).Decisions));

    [Fact]
    public void Epochs_beyond_the_round_change_nothing() => Holds(sample =>
    {
        var round = sample.Settings.FirstRound;
        var behind = sample.Racers.Select(r => r with
        {
            Curves = new CandidateCurves([.. r.Curves.Repeats.Select(points => (IReadOnlyList<CurvePoint>)[.. points.Where(p => p.Epoch <= round)])]),
        }).ToList();

        Race.Decide(sample.Settings, round, behind).Decisions.ShouldBe(Race.Decide(sample.Settings, round, sample.Racers).Decisions);
    });

    [Fact]
    public void Of_a_dropped_candidate_nothing_counts_that_it_trained_after_it_was_dropped()
    {
        var sample = RaceGen.Sample([0.9, 0.88, 0.2], 3, 0.01, 1, Plain);
        var raced = sample.Racers.Select(r => r.Candidate == 2 ? r with { DroppedAfter = 4 } : r).ToList();
        var cut = raced.ConvertAll(r => r.Candidate == 2 ? r with { Curves = r.Through(6) } : r);

        Race.Decide(Plain, 6, cut).Decisions.ShouldBe(Race.Decide(Plain, 6, raced).Decisions);
    }

    [Fact]
    public void A_stricter_bound_drops_no_fewer() => Holds(sample =>
    {
        var mild = Dropped(sample.Settings with { DropBelow = 0.01 });
        Dropped(sample.Settings with { DropBelow = 0.3 }).IsSupersetOf(mild).ShouldBeTrue();

        HashSet<int> Dropped(RaceSettings settings) =>
            [.. Race.Decide(settings, settings.FirstRound, sample.Racers).Decisions.Where(d => d.Action is RaceAction.Dropped).Select(d => d.Candidate)];
    });

    [Fact]
    public void One_that_remains_has_won()
    {
        var sample = RaceGen.Sample([0.9, 0.5], 1, 0.01, 1, Plain with { Tolerance = 0 });
        var alone = Race.Decide(sample.Settings, 4, [sample.Racers[0]]);

        alone.Winner.ShouldBe(0);
        alone.Decisions.ShouldHaveSingleItem().Reason.ShouldBe("it alone remains");
        Race.Decide(sample.Settings, 4, [sample.Racers[1], sample.Racers[0] with { DroppedAfter = 3 }]).Winner.ShouldBe(1);
    }

    [Fact]
    public void The_last_epoch_ends_it_whatever_is_known()
    {
        var sample = RaceGen.Sample([0.9, 0.9, 0.9], 1, 0.03, 1, Plain with { DropBelow = 0, Tolerance = 0 });

        Race.Decide(sample.Settings, RaceGen.Epochs - 1, sample.Racers).IsOver.ShouldBeFalse();
        var last = Race.Decide(sample.Settings, RaceGen.Epochs, sample.Racers);
        last.Decisions.ShouldAllBe(d => d.Action == RaceAction.Stopped && d.Reason == "epoch 12 is the last");
        last.Winner.ShouldNotBeNull();
    }

    [Fact]
    public void A_leader_that_gives_little_away_ends_it()
    {
        var sample = RaceGen.Sample([0.9, 0.3, 0.2], 1, 0.002, 1, Plain with { DropBelow = 0, Tolerance = 0.02 });
        var round = Race.Decide(sample.Settings, 4, sample.Racers);

        round.Winner.ShouldBe(0);
        round.Decisions[0].ExpectedRegret!.Value.ShouldBeLessThan(0.02);
        round.Decisions[0].Reason.ShouldContain("below tolerance 0.02");
    }

    [Fact]
    public void One_that_cannot_be_judged_is_kept_and_keeps_the_race_going()
    {
        var sample = RaceGen.Sample([0.9, 0.3, 0.2], 1, 0.002, 1, Plain with { Tolerance = 0.5 });
        var blind = new Racer(2, new CandidateCurves([[.. sample.Curves[2].Repeats[0].Select(p => p with { BetaEff = double.NaN })]]));
        var round = Race.Decide(sample.Settings, 4, [sample.Racers[0], sample.Racers[1], blind]);

        round.IsOver.ShouldBeFalse();
        var decision = round.Decisions[2];
        decision.Action.ShouldBe(RaceAction.Kept);
        decision.ProbabilityBest.ShouldBeNull();
        decision.Reason.ShouldStartWith("cannot be judged: too few epochs");
    }

    [Fact]
    public void Without_any_prediction_the_last_accuracy_decides_in_the_end()
    {
        var sample = RaceGen.Sample([0.3, 0.9], 1, 0.002, 1, Plain);
        var blind = sample.Racers.Select(r => r with { Curves = new CandidateCurves([[.. r.Curves.Repeats[0].Select(p => p with { BetaEff = double.NaN })]]) }).ToList();

        Race.Decide(Plain, 5, blind).IsOver.ShouldBeFalse();
        Race.Decide(Plain, RaceGen.Epochs, blind).Winner.ShouldBe(1);
    }

    [Theory]
    [InlineData(true, "the prediction failed: no fit")]
    [InlineData(false, "the prediction failed: ")]
    public void A_prediction_or_a_draw_that_fails_is_none(bool throws, string reason)
    {
        var sample = RaceGen.Sample([0.3, 0.9, 0.5], 1, 0.002, 1, Plain);
        var racers = sample.Racers.Select(r => r.Candidate == 2 ? r with { DroppedAfter = 3 } : r).ToList();

        var field = RaceAssessment.Of(new Broken(throws), Plain, 4, racers);

        field.Select(a => a.Racer.Candidate).ShouldBe([0, 1]);
        field.ShouldAllBe(a => a.Prediction == null && a.ProbabilityBest == null && a.ExpectedRegret == null);
        field.ShouldAllBe(a => a.Reason!.StartsWith(reason, StringComparison.Ordinal));
    }

    [Fact]
    public void Chances_are_those_on_the_images_at_hand_and_intervals_those_on_others()
    {
        var sample = RaceGen.Sample([0.3, 0.9, 0.5], 1, 0.002, 1, Plain);

        var field = RaceAssessment.Of(new Fixed([.70, .72, .60], variance: .01, onTheseImages: .0001), Plain, 4, sample.Racers);

        var first = field[0];
        (first.IntervalHigh!.Value - first.IntervalLow!.Value).ShouldBe(2 * 1.6449 * .1, 1e-3);
        first.ProbabilityBest!.Value.ShouldBe(.079, .02); // Φ(−.02 / (.01 √2)); with the other variance it would be .44
        field[2].ProbabilityBest!.Value.ShouldBe(0);
        field[1].ExpectedRegret!.Value.ShouldBe(.0005, .0003); // .01 √2 (φ(z) − z (1 − Φ(z))) with z = √2
    }

    [Fact]
    public void Nobody_in_the_race_is_no_decision() => Race.Decide(Plain, 4, []).Decisions.ShouldBeEmpty();

    [Fact]
    public void Settings_are_those_of_the_spec()
    {
        var spec = new JobSpec
        {
            Dataset = new DatasetSpec { Name = "synthetic" },
            Candidates = [new CandidateSpec { Name = "a", Backbone = "a" }, new CandidateSpec { Name = "b", Backbone = "b" }],
            Training = new TrainingSpec { Epochs = 30, Seed = 9 },
            Selection = new SelectionSpec { Mode = SelectionMode.Race, Observe = 4, Start = 1, Race = new RaceSpec { DropBelow = 0.05, Tolerance = 0.02 } },
        };

        RaceSettings.Of(spec).ShouldBe(new RaceSettings { Start = 1, FirstRound = 5, Epochs = 30, DropBelow = 0.05, Tolerance = 0.02, Seed = 9 });
        RaceSettings.Of(spec).WindowTo(8).ShouldBe(new Window(7, 1));
        (spec.EpochsTarget(), spec.MostEpochs(), spec.EpochsTested()).ShouldBe((5, 30, 0));
    }

    /// <summary>Throws, or answers with a covariance that is none.</summary>
    private sealed class Broken(bool throws) : IPredictor
    {
        public string Name => "broken";

        public string IntervalMeaning => "";

        public Prediction Predict(PredictionInput input, CancellationToken cancellationToken = default) => throws
            ? throw new ArithmeticException("no fit")
            : new Prediction(
                [.. input.Candidates.Select(_ => new CandidatePrediction(0.5, [1], null))],
                JointPosterior.Independent([.. input.Candidates.Select(_ => 0.5)], [.. input.Candidates.Select(_ => -1.0)]));
    }

    /// <summary>The same answer always, of independent candidates.</summary>
    private sealed class Fixed(double[] means, double variance, double onTheseImages) : IPredictor
    {
        public string Name => "fixed";

        public string IntervalMeaning => "";

        public Prediction Predict(PredictionInput input, CancellationToken cancellationToken = default) => new([.. means.Select(mean => new CandidatePrediction(mean, [1], null))], Posterior(variance))
        {
            OnTheseImages = Posterior(onTheseImages),
        };

        private JointPosterior Posterior(double each) => JointPosterior.Independent(means, [.. means.Select(_ => each)]);
    }

    private static void Holds(Action<RaceSample> property) => Check.One(Config.QuickThrowOnFailure.WithMaxTest(60), Prop.ForAll(RaceGen.Races.ToArbitrary(), property));
}
