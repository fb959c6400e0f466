using NeuralCapacitance.Domain.Predictors;
using NeuralCapacitance.Domain.Statistics;

namespace NeuralCapacitance.Domain.Tests.Statistics;

public sealed class NuSupportVectorRegressionTests
{
    /// <summary>LIBSVM, and so scikit-learn, keeps the kernel in single precision: coefficients as large as C carry an error of 10⁻⁷ each.</summary>
    private static double Tolerance(double c) => 1e-6 * Math.Max(c, 0.1);

    private static readonly double[][] Curves =
        [[.50, .60, .66, .70], [.55, .62, .67, .69], [.40, .52, .60, .66], [.62, .70, .74, .77], [.30, .45, .54, .60], [.58, .64, .68, .71]];

    private static readonly double[] Finals = [.78, .75, .74, .84, .70, .77];

    public static TheoryData<string> Names() => [.. Golden.Read<Reference>("nu-svr.json").Select(c => c.Name)];

    [Fact]
    public void Six_curves_agree_with_scikit_learn()
    {
        var fit = Fit(new NuSvrParameters(1, .5, 1));

        Predictions(fit).ShouldBe([.767822379848, .771542427462, .737125071576, .814088526763, .712177626384, .782177563641], 1e-7);
        fit.Intercept.ShouldBe(.788064252055, 1e-7);
        fit.Predict(CurveRegressor.Features([.45, .56, .63, .68])).ShouldBe(.751851862151, 1e-7);
    }

    [Fact]
    public void Six_curves_with_a_greater_cost_agree_with_scikit_learn()
    {
        var fit = Fit(new NuSvrParameters(10, .5, .5));

        Predictions(fit).ShouldBe([.776214630879, .755431778671, .739270932814, .839270542136, .700728870394, .770729451732], 1e-6);
        fit.Intercept.ShouldBe(.768218350812, 1e-5); // coefficients move against it
    }

    [Theory, MemberData(nameof(Names))]
    public void Other_data_agree_with_scikit_learn(string name)
    {
        var reference = Golden.Read<Reference>("nu-svr.json").Single(c => c.Name == name);

        var fit = NuSupportVectorRegression.Fit(reference.Rows, reference.Targets, new NuSvrParameters(reference.C, reference.Nu, reference.Gamma));

        reference.Rows.Select(fit.Predict).ShouldBe(reference.Fitted, Tolerance(reference.C));
        reference.At.Select(fit.Predict).ShouldBe(reference.Predicted, Tolerance(reference.C));
        fit.Intercept.ShouldBe(reference.Intercept, Tolerance(reference.C));
        fit.Coefficients.ShouldBe(reference.Coefficients, 1e-3 * Math.Max(1, reference.C)); // where the kernel is flat, they can move and the fit stays
    }

    [Fact]
    public void Coefficients_keep_to_their_bounds_and_sums()
    {
        foreach (var (rows, targets, parameters) in Samples)
        {
            var fit = NuSupportVectorRegression.Fit(rows, targets, parameters);

            fit.Coefficients.ShouldAllBe(c => Math.Abs(c) <= parameters.C * (1 + 1e-9));
            fit.Coefficients.Sum().ShouldBe(0, 1e-9 * parameters.C * rows.Length);
            var total = parameters.C * parameters.Nu * rows.Length;
            var magnitudes = fit.Coefficients.Sum(Math.Abs);
            magnitudes.ShouldBeLessThanOrEqualTo(total * (1 + 1e-9));
            fit.Tube.ShouldBeGreaterThanOrEqualTo(0);
            if (fit.Tube > 1e-6) magnitudes.ShouldBe(total, 1e-9 * total);
        }
    }

    [Fact]
    public void Errors_and_coefficients_meet_the_conditions_of_an_optimum()
    {
        foreach (var (rows, targets, parameters) in Samples)
        {
            var fit = NuSupportVectorRegression.Fit(rows, targets, parameters);

            if (fit.Tube <= 1e-6) continue;
            var errors = rows.Select((row, i) => targets[i] - fit.Predict(row)).ToList();
            foreach (var (error, coefficient) in errors.Zip(fit.Coefficients))
            {
                var share = Math.Abs(coefficient) / parameters.C;
                if (share < 1e-9) Math.Abs(error).ShouldBeLessThanOrEqualTo(fit.Tube + 1e-7); // inside the tube, or on its edge
                else (error * Math.Sign(coefficient)).ShouldBeGreaterThanOrEqualTo(fit.Tube - 1e-7); // on the edge or outside
                if (share is > 1e-9 and < 1 - 1e-9) Math.Abs(error).ShouldBe(fit.Tube, 1e-7); // on the edge
            }
            ((double)errors.Count(e => Math.Abs(e) > fit.Tube + 1e-6)).ShouldBeLessThanOrEqualTo((parameters.Nu * rows.Length) + 1e-9);
        }
    }

    [Fact]
    public void Rows_that_are_all_equal_give_a_constant()
    {
        var fit = NuSupportVectorRegression.Fit([[1, 2], [1, 2], [1, 2]], [.5, .6, .7], new NuSvrParameters(1, .5, 1));

        fit.Predict([1, 2]).ShouldBeInRange(.5, .7);
        fit.Predict([9, 9]).ShouldBe(fit.Intercept, 1e-9);
    }

    [Theory]
    [InlineData(0, .5, 1)]
    [InlineData(1, 0, 1)]
    [InlineData(1, 1.1, 1)]
    [InlineData(1, .5, -1)]
    [InlineData(1, .5, double.NaN)]
    [InlineData(double.PositiveInfinity, .5, 1)]
    public void Parameters_out_of_range_are_refused(double c, double nu, double gamma)
        => Should.Throw<ArgumentException>(() => Fit(new NuSvrParameters(c, nu, gamma))).Message.ShouldContain("are needed");

    [Fact]
    public void Rows_that_do_not_fit_are_refused()
    {
        var parameters = new NuSvrParameters(1, .5, 1);

        Should.Throw<ArgumentException>(() => NuSupportVectorRegression.Fit([], [], parameters));
        Should.Throw<ArgumentException>(() => NuSupportVectorRegression.Fit([[1]], [1, 2], parameters));
        Should.Throw<ArgumentException>(() => NuSupportVectorRegression.Fit([[1], [1, 2]], [1, 2], parameters));
        Should.Throw<ArgumentException>(() => NuSupportVectorRegression.Fit([[double.NaN], [1]], [1, 2], parameters));
    }

    /// <summary>The same in every run: now and then random data are so badly conditioned that no tolerance holds.</summary>
    private static IEnumerable<(double[][] Rows, double[] Targets, NuSvrParameters Parameters)> Samples => Enumerable.Range(0, 100).Select(seed =>
    {
        var random = new Random(seed);
        var n = random.Next(2, 21);
        var parameters = new NuSvrParameters(Any(0.1, 1, 5), Any(0.1, 0.5, 0.9, 1), Any(0.3, 1, 3));
        return (
            Enumerable.Range(0, n).Select(_ => new[] { random.NextDouble(), random.NextDouble() }).ToArray(),
            Enumerable.Range(0, n).Select(_ => random.NextDouble()).ToArray(),
            parameters);

        double Any(params double[] of) => of[random.Next(of.Length)];
    });

    private static NuSupportVectorRegression Fit(NuSvrParameters parameters)
        => NuSupportVectorRegression.Fit([.. Curves.Select(CurveRegressor.Features)], Finals, parameters);

    private static double[] Predictions(NuSupportVectorRegression fit) => [.. Curves.Select(CurveRegressor.Features).Select(fit.Predict)];

    private sealed record Reference(
        string Name, double[][] Rows, double[] Targets, double C, double Nu, double Gamma,
        double[] Coefficients, double Intercept, double[] Fitted, double[][] At, double[] Predicted);
}
