using NeuralCapacitance.Domain.Statistics;

namespace NeuralCapacitance.Domain.Tests.Statistics;

public sealed class LearningCurveTests
{
    private static readonly double[] Epochs = [.. Enumerable.Range(1, 12).Select(i => (double)i)];

    public static TheoryData<string> Names() => [.. LearningCurve.All.Select(c => c.Name)];

    [Fact]
    public void There_are_eleven_and_their_formulas_are_the_published_ones()
    {
        LearningCurve.All.Count.ShouldBe(11);
        Value("vapor pressure", 3, -.6, -.5, .04).ShouldBe(Math.Exp(-.6 - (.5 / 3) + (.04 * Math.Log(3))), 1e-12);
        Value("ilog2", 3, .43, .78).ShouldBe(.78 - (.43 / Math.Log(4)), 1e-12);
        Value("weibull", 3, .7, .1, .2, 1.5).ShouldBe(.7 - (.6 * Math.Exp(-Math.Pow(.6, 1.5))), 1e-12);
        Value("pow3", 3, .9, .5, .6).ShouldBe(.9 - (.5 * Math.Pow(3, -.6)), 1e-12);
        Value("pow4", 3, .1, 200, 1, .8).ShouldBe(.8 - Math.Pow(601, -.1), 1e-12);
        Value("log log linear", 3, 1, 1.5).ShouldBe(Math.Log(Math.Log(3) + 1.5), 1e-12);
        Value("mmf", 3, .7, .1, .2, 2).ShouldBe(.7 - (.6 / (1 + Math.Pow(.6, 2))), 1e-12);
        Value("janoschek", 3, .7, .1, .3, .5).ShouldBe(.7 - (.6 * Math.Exp(-.3 * Math.Sqrt(3))), 1e-12);
        Value("hill3", 3, .8, 1.5, 2).ShouldBe(.8 * Math.Pow(3, 1.5) / (Math.Pow(2, 1.5) + Math.Pow(3, 1.5)), 1e-12);
        Value("log power", 3, .77, 2, -.5).ShouldBe(.77 / (1 + Math.Pow(3 / Math.Exp(2), -.5)), 1e-12);
        Value("exp4", 3, .7, .8, -.8, .3).ShouldBe(.7 - Math.Exp((-.8 * Math.Pow(3, .3)) - .8), 1e-12);
    }

    [Theory, MemberData(nameof(Names))]
    public void A_curve_of_the_family_is_fitted_by_the_family(string name)
    {
        var curve = LearningCurve.All.Single(c => c.Name == name);
        double[] nearby = [.. curve.Start.Select(p => p * 1.1)];

        var fit = LearningCurveFit.Of(curve, Epochs, [.. Epochs.Select(x => curve.At(x, nearby))], Ones).ShouldNotBeNull();

        fit.Deviation.ShouldBeLessThan(1e-3);
        curve.At(30, fit.Parameters).ShouldBe(curve.At(30, nearby), 0.02);
    }

    [Fact]
    public void A_power_law_is_recovered_from_far_away()
    {
        var curve = LearningCurve.All.Single(c => c.Name == "pow3");

        var fit = LearningCurveFit.Of(curve, Epochs, [.. Epochs.Select(x => .9 - (.5 * Math.Pow(x, -.6)))], Ones).ShouldNotBeNull();

        fit.Parameters.ShouldBe([.9, .5, .6], 1e-4);
    }

    [Fact]
    public void Later_epochs_can_weigh_more()
    {
        var curve = LearningCurve.All.Single(c => c.Name == "ilog2");
        double[] accuracies = [.3, .5, .5, .5, .7, .5, .6, .7, .6, .6, .9, .9];

        var early = LearningCurveFit.Of(curve, Epochs, accuracies, Ones).ShouldNotBeNull();
        var late = LearningCurveFit.Of(curve, Epochs, accuracies, [.. Epochs.Select(x => x > 10 ? 100.0 : 1)]).ShouldNotBeNull();

        // Linear least squares on 1/ln(x + 1) by numpy.linalg.lstsq.
        early.Parameters.ShouldBe([0.4281832595990549, 0.8704982171973682], 1e-5);
        late.Parameters.ShouldBe([0.7412770620111554, 1.1861452090327307], 1e-5);
    }

    private static double[] Ones => [.. Epochs.Select(_ => 1.0)];

    private static double Value(string name, double x, params double[] parameters) => LearningCurve.All.Single(c => c.Name == name).At(x, parameters);
}
