using NeuralCapacitance.Domain.Predictors;
using NeuralCapacitance.Evaluation.Rankings;

namespace NeuralCapacitance.Evaluation.Tests.Rankings;

public sealed class RaceTableTests
{
    [Fact]
    public void A_race_with_a_clear_winner_finds_it_before_the_end()
    {
        var section = RaceTable.Of(MadeCurves.Evaluate([MadeCurves.Run("a", [0.2, 0.3, 0.4, 0.9])], PredictorNames.NeuralCapacitance)).ShouldNotBeNull();

        section.Figures[0].ShouldBe("race_within=1.000");
        var rows = section.Csv.Skip(1).Select(line => line.Split(',')).ToList();
        rows.Select(row => string.Join(' ', row[1..4])).ShouldBe(["2 0.01 0.005", "3 0.01 0.005", "5 0.01 0.005", "2 0.02 0.005", "2 0.05 0.005", "2 0.01 0.01", "0 0 0"]);
        rows.ShouldAllBe(row => row[5] == "m3" && row[6] == "0");
        rows.Select(row => double.Parse(row[9], System.Globalization.CultureInfo.InvariantCulture)).Index().ShouldAllBe(share => share.Index == 6 ? share.Item == 1 : share.Item < 1);
    }

    [Fact]
    public void A_predictor_that_no_race_may_use_has_no_races()
        => RaceTable.Of(MadeCurves.Evaluate([MadeCurves.Run("a", [0.2, 0.3, 0.4, 0.9])], PredictorNames.LogMe)).ShouldBeNull();

    [Fact]
    public void Running_time_counts_the_epochs_of_all_candidates()
    {
        var section = RunningTimeTable.Of(MadeCurves.Evaluate([MadeCurves.Run("a", [0.2, 0.3, 0.4, 0.9])], PredictorNames.LastSeen)).ShouldNotBeNull();

        section.Csv[1].ShouldBe("a,4,12,2,0.5,3,30,96"); // 4 models × 3 epochs × (2 s + 0.5 s) of 4 × 12 × 2 s
    }
}
