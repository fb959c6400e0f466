using System.Globalization;
using NeuralCapacitance.Domain.Predictors;
using NeuralCapacitance.Evaluation.Rankings;

namespace NeuralCapacitance.Evaluation.Tests.Rankings;

public sealed class ReliabilityTableTests
{
    [Fact]
    public void Who_is_surely_the_best_was_it_and_the_others_were_not()
    {
        var section = ReliabilityTable.Of(MadeCurves.Evaluate([MadeCurves.Run("a", [.2, .3, .4, .95]), MadeCurves.Run("b", [.1, .9, .2, .3])], PredictorNames.NeuralCapacitance)).ShouldNotBeNull();

        var rows = section.Csv.Skip(1).Select(line => Array.ConvertAll(line.Split(','), cell => double.Parse(cell, CultureInfo.InvariantCulture))).ToList();
        rows.ShouldAllBe(r => r[4] == (r[0] >= .8 ? 1 : 0));
        rows.Where(r => r[0] >= .8).ShouldHaveSingleItem()[2].ShouldBe(2);
        section.Figures.ShouldBe(["best_of_sure=1.000"]);
    }

    [Fact]
    public void Equals_share_the_first_place()
    {
        var section = ReliabilityTable.Of(MadeCurves.Evaluate([MadeCurves.Run("a", [.2, .2, .9, .9])], PredictorNames.NeuralCapacitance)).ShouldNotBeNull();

        section.Csv.Skip(1).Select(line => line.Split(',')).Single(r => r[0] == "0.4")[4].ShouldBe("0.5");
    }

    [Fact]
    public void A_predictor_without_a_posterior_has_none()
        => ReliabilityTable.Of(MadeCurves.Evaluate([MadeCurves.Run("a", [.2, .3, .9], scores: [1, 2, 3])], PredictorNames.LogMe)).ShouldBeNull();
}
