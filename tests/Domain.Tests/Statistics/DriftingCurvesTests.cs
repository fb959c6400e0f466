using NeuralCapacitance.Domain.Statistics;

namespace NeuralCapacitance.Domain.Tests.Statistics;

public sealed class DriftingCurvesTests
{
    private const double Tolerance = 1e-7;

    private static readonly IReadOnlyList<Case> Cases = Golden.Read<Case>("drifting-curves.json");

    private static readonly NoisePrior Vague = new(Freedom: 2, Sd: 0.01);

    public static TheoryData<string> Names() => [.. Cases.Select(c => c.Name)];

    [Theory, MemberData(nameof(Names))]
    public void Agrees_with_dense_linear_algebra(string name)
    {
        var given = Cases.Single(c => c.Name == name);

        foreach (var expected in given.Fits)
        {
            var fit = given.Fit(expected);
            fit.NoiseVariance.ShouldBe(expected.Noise, Tolerance * expected.Noise);
            fit.CovariateCoefficient.Mean.ShouldBe(expected.Coefficient, 1e-6);
            fit.CovariateCoefficient.Variance.ShouldBe(expected.CoefficientVariance, 1e-6);
            var (mean, covariance) = fit.AtEnd();
            mean.ShouldBe(expected.Mean, Tolerance);
            covariance.ToRowArrays().SelectMany(row => row).ShouldBe(expected.Covariance.SelectMany(row => row), Tolerance);
        }
    }

    [Theory, MemberData(nameof(Names))]
    public void Weighs_drifts_as_the_restricted_likelihood_does(string name)
    {
        var given = Cases.Single(c => c.Name == name);
        var evidence = given.Fits.Select(f => given.Fit(f).LogEvidence).ToList();

        foreach (var (i, fit) in given.Fits.Index())
            (evidence[i] - evidence[0]).ShouldBe(fit.Evidence - given.Fits[0].Evidence, 1e-5);
    }

    [Fact]
    public void With_much_drift_a_curve_stands_where_it_was_last_seen_and_without_any_at_its_mean()
    {
        // Two curves of opposite jitter about a common time effect of none.
        var set = new CurveSet([0, 1, 2, 3], [Curve([.5, .6, .5, .6]), Curve([.6, .5, .6, .5])]);

        new DriftingCurves(set, 1e9, Vague).AtEnd().Mean.ShouldBe([.6, .5], 1e-6);
        new DriftingCurves(set, 0, Vague).AtEnd().Mean.ShouldBe([.55, .55], 1e-6);
    }

    [Fact]
    public void The_evidence_tells_jitter_from_drift()
    {
        double[] jitter = [.5, .6, .5, .6, .5, .6, .5, .6, .5, .6], drift = [.5, .51, .53, .55, .58, .60, .61, .63, .64, .65];
        double[] times = [.. Enumerable.Range(0, 10)];

        Preference(jitter).ShouldBeLessThan(-1.5);
        Preference(drift).ShouldBeGreaterThan(1.5);

        double Preference(double[] curve)
        {
            var set = new CurveSet(times, [Curve(curve), Curve([.. curve.Select(y => 1.1 - y)])]);
            return new DriftingCurves(set, 30, Vague).LogEvidence - new DriftingCurves(set, 0.1, Vague).LogEvidence;
        }
    }

    [Fact]
    public void One_curve_alone_is_all_time_effect()
    {
        var fit = new DriftingCurves(new CurveSet([0, 1, 2], [Curve([.5, .6, .65])]), 1, Vague);

        fit.AtEnd().Mean[0].ShouldBe(.65, 1e-9);
    }

    private static WeightedCurve Curve(double[] targets) => new(
        [.. Enumerable.Range(0, targets.Length)], targets, [.. Enumerable.Repeat(1.0, targets.Length)]);

    internal sealed record Case(string Name, NoisePrior Prior, Coefficient Coefficient, double[] Times, WeightedCurve[] Curves, double Ahead, Fit[] Fits)
    {
        public DriftingCurves Fit(Fit fit) => new(new CurveSet(Times, Curves) { Ahead = Ahead }, fit.Drift, Prior, Coefficient);
    }

    internal sealed record Fit(double Drift, double Noise, double Evidence, double Coefficient, double CoefficientVariance, double[] Mean, double[][] Covariance);
}
