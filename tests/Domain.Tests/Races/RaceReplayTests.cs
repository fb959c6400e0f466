using FsCheck;
using FsCheck.Fluent;
using NeuralCapacitance.Domain.Predictors;
using NeuralCapacitance.Domain.Races;

namespace NeuralCapacitance.Domain.Tests.Races;

public sealed class RaceReplayTests
{
    private static readonly RaceSettings Settings = new() { FirstRound = 3, Epochs = 30, Seed = 5 };

    [Fact]
    public void The_best_wins_long_before_all_are_trained_to_the_end()
    {
        var sample = RaceGen.Sample([0.95, 0.7, 0.6, 0.5, 0.4, 0.3, 0.25, 0.2], 11, 0.002, 1, Settings);
        var outcome = RaceReplay.Run(sample.Settings, sample.Curves);

        outcome.Winner.ShouldBe(0);
        outcome.Regret(sample.Truth).ShouldBe(0);
        outcome.EpochsInFull.ShouldBe(8 * 30);
        outcome.EpochsTrained.ShouldBeLessThan(8 * 30 / 2);
    }

    [Fact]
    public void Rounds_follow_each_other_the_field_only_shrinks_and_somebody_wins() => Check.One(
        Config.QuickThrowOnFailure.WithMaxTest(40),
        Prop.ForAll(RaceGen.Races.ToArbitrary(), sample =>
        {
            var outcome = RaceReplay.Run(sample.Settings, sample.Curves);

            outcome.Rounds.Select(r => r.Round).ShouldBe(Enumerable.Range(sample.Settings.FirstRound, outcome.Rounds.Count));
            foreach (var (round, next) in outcome.Rounds.Zip(outcome.Rounds.Skip(1)))
            {
                round.IsOver.ShouldBeFalse();
                next.Decisions.Select(d => d.Candidate).ShouldBe(round.Decisions.Where(d => d.Action is RaceAction.Kept).Select(d => d.Candidate));
            }
            outcome.Rounds[^1].IsOver.ShouldBeTrue();
            outcome.Winner.ShouldNotBeNull();
            outcome.EpochsTrained.ShouldBeInRange(1, outcome.EpochsInFull);
            outcome.EpochsTrained.ShouldBe(sample.Curves[0].Repeats.Count * outcome.Decisions.GroupBy(d => d.Candidate).Sum(own => own.Max(d => d.Round)));
        }));

    [Fact]
    public void Once_dropped_a_candidate_costs_no_further_epoch()
    {
        var sample = RaceGen.Sample([0.9, 0.895, 0.1], 2, 0.004, 2, Settings with { Tolerance = 0 });
        var outcome = RaceReplay.Run(sample.Settings, sample.Curves);

        var dropped = outcome.Decisions.First(d => d.Action is RaceAction.Dropped);
        dropped.Candidate.ShouldBe(2);
        outcome.EpochsTrained.ShouldBeLessThanOrEqualTo(2 * ((2 * outcome.Rounds[^1].Round) + dropped.Round));
    }

    [Fact]
    public void A_candidate_whose_curve_ends_is_out()
    {
        var sample = RaceGen.Sample([0.9, 0.89], 2, 0.01, 1, Settings with { Tolerance = 0, DropBelow = 0 });
        CandidateCurves[] curves = [new([[.. sample.Curves[0].Repeats[0].Where(p => p.Epoch <= 4)]]), sample.Curves[1]];
        var outcome = RaceReplay.Run(sample.Settings, curves);

        outcome.Winner.ShouldBe(1);
        outcome.Rounds[^1].Round.ShouldBe(5);
        outcome.Decisions.Where(d => d.Candidate == 0).Select(d => d.Round).ShouldBe([3, 4]);
        RaceReplay.Run(sample.Settings, [new CandidateCurves([]), new CandidateCurves([])]).Winner.ShouldBeNull();
    }
}
