using NeuralCapacitance.Domain.Curves;
using NeuralCapacitance.Domain.Tests.Rankings;
using NeuralCapacitance.Domain.Trials;

namespace NeuralCapacitance.Domain.Tests.Curves;

public sealed class ObservedCurveTests
{
    [Fact]
    public void An_epoch_is_the_mean_and_range_of_the_repeats_that_have_not_failed()
    {
        var job = new JobOfCurves().With(
            "a", (TrialState.Succeeded, [(0.8, 0.5), (0.4, 0.7)]), (TrialState.Running, [(0.6, 0.3), (double.NaN, 0.5), (0.2, 0.9)]), (TrialState.Failed, [(9, 0.1)]));

        var curve = ObservedCurve.Of(job.Spec, job.Trials, job.Observations).ShouldHaveSingleItem();

        curve.Epochs.Select(e => e.Epoch).ShouldBe([1, 2, 3]);
        (curve.At(1)!.Accuracy, curve.At(1)!.Beta).ShouldBe((new Spread(0.4, 0.3, 0.5), new Spread(0.7, 0.6, 0.8)));
        curve.At(2)!.Beta.ShouldBe(new Spread(0.4, 0.4, 0.4), "one that is not finite is left out");
        curve.At(3)!.Accuracy.ShouldBe(new Spread(0.9, 0.9, 0.9));
        curve.At(4).ShouldBeNull();
    }

    [Theory]
    [InlineData(200, 100)]
    [InlineData(101, 100)]
    [InlineData(3, 2)]
    public void A_thinned_curve_keeps_its_ends_and_each_epoch_once(int epochs, int most)
    {
        var curve = new ObservedCurve([.. Enumerable.Range(0, epochs).Select(e => new ObservedEpoch(e, new Spread(0.5, 0.5, 0.5), null))]);

        var thinned = curve.Thinned(most).Epochs.Select(e => e.Epoch).ToList();

        thinned.Count.ShouldBe(most);
        (thinned[0], thinned[^1]).ShouldBe((0, epochs - 1));
        thinned.ShouldBeUnique();
    }
}
