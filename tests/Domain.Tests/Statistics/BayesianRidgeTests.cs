using MathNet.Numerics.LinearAlgebra;
using NeuralCapacitance.Domain.Statistics;

namespace NeuralCapacitance.Domain.Tests.Statistics;

public sealed class BayesianRidgeTests
{
    /// <summary>β_eff and accuracies of five epochs: fixture B of the research notes (scikit-learn 1.2.1).</summary>
    private static readonly double[] Beta = [.9, .7, .55, .45, .4];
    private static readonly double[] Accuracy = [.62, .71, .76, .80, .815];

    [Fact]
    public void Two_columns_agree_with_scikit_learn()
    {
        var fit = Fit([[1, 1], [3, 4], [5, 7], [4, 1], [2, 6], [3, 10], [3, 2]], [1, 2, 3, 2, 0, 4, 5]);

        fit.Coefficients.ToArray().ShouldBe([.00077351523146227, .00085914948592299], 1e-9);
        fit.Intercept.ShouldBe(2.422446078010811, 1e-9);
        fit.Alpha.ShouldBe(0.39504842324375, 1e-9);
        fit.Lambda.ShouldBe(3057.2881360309693, 1e-6);
        fit.Iterations.ShouldBe(9);
        fit.Scores.Count.ShouldBe(10);
        fit.Scores[0].ShouldBe(-15.029686664717207, 1e-9);
        fit.Scores[^1].ShouldBe(-13.188272261058138, 1e-9);
        fit.Mean(Vector([4, 4])).ShouldBe(2.428976736880352, 1e-9);
        fit.StandardDeviation(Vector([4, 4]), PredictiveStd.Raw).ShouldBe(1.594283289164685, 1e-9);
    }

    [Fact]
    public void One_column_agrees_with_scikit_learn()
    {
        var fit = Fit(Column(Beta), Accuracy);

        fit.Coefficients[0].ShouldBe(-.38749692671403385, 1e-9);
        fit.Intercept.ShouldBe(.9734981560284202, 1e-9);
        fit.Alpha.ShouldBe(40917.562342654135, 1e-4);
        fit.Lambda.ShouldBe(6.65320534113115, 1e-9);
        fit.Iterations.ShouldBe(3);
        fit.Covariance[0, 0].ShouldBe(.00014797165650298714, 1e-9);
    }

    [Theory]
    [InlineData(0.0, .0049436, .0088153, .0090883)]
    [InlineData(0.3, .0061447, .0061447, .0065303)]
    [InlineData(0.6, .0088153, .0049436, .0054155)]
    public void Every_convention_of_the_predictive_std_is_there(double x, double raw, double centred, double withIntercept)
    {
        var fit = Fit(Column(Beta), Accuracy);

        fit.StandardDeviation(Vector([x]), PredictiveStd.Raw).ShouldBe(raw, 1e-7);
        fit.StandardDeviation(Vector([x]), PredictiveStd.Centred).ShouldBe(centred, 1e-7);
        fit.StandardDeviation(Vector([x])).ShouldBe(withIntercept, 1e-7);
    }

    [Fact]
    public void Constant_targets_give_a_flat_line()
    {
        var fit = Fit(Column(Beta), [.5, .5, .5, .5, .5]);

        (fit.Coefficients[0], fit.Intercept, fit.Iterations).ShouldBe((0, .5, 2));
        (fit.Alpha / 2301205.9989110557).ShouldBe(1, 1e-9);
        (fit.Lambda / 198796.00108894444).ShouldBe(1, 1e-9);
    }

    [Fact]
    public void A_constant_column_has_no_weight()
    {
        var fit = Fit(Column([.5, .5, .5, .5, .5]), Accuracy);

        fit.Coefficients[0].ShouldBe(0, 1e-12);
        fit.Intercept.ShouldBe(Accuracy.Average(), 1e-12);
        (fit.Alpha / 200.62603322365786).ShouldBe(1, 1e-9);
        fit.Lambda.ShouldBe(1, 1e-9);
    }

    [Fact]
    public void One_row_is_its_own_prediction()
    {
        var fit = Fit(Column([.9]), [.62]);

        (fit.Coefficients[0], fit.Intercept).ShouldBe((0, .62));
    }

    [Fact]
    public void Fewer_rows_than_columns_agree_with_scikit_learn()
    {
        var fit = Fit([[1, 2, 3], [2, 1, 0]], [1, 2]);

        fit.Coefficients.ToArray().ShouldBe([.09090872727694721, -.09090872727694721, -.27272618183084163], 1e-9);
        fit.Intercept.ShouldBe(1.9090892727462625, 1e-9);
        (fit.Alpha / 499997.59653847315).ShouldBe(1, 1e-9);
        fit.Lambda.ShouldBe(10.999863470488163, 1e-9);
        fit.Iterations.ShouldBe(3);
    }

    [Fact]
    public void The_prior_stays_where_the_data_say_nothing()
    {
        var fit = Fit([[1, 0], [2, 0], [3, 0]], [1, 2, 3]);

        // Nothing was seen off the first axis, so a step along the second adds the whole prior variance 1/λ.
        var variance = Math.Pow(fit.StandardDeviation(Vector([2, 1]), PredictiveStd.Centred), 2);
        (variance - (1 / fit.Alpha)).ShouldBe(1 / fit.Lambda, 1e-9);

        var wide = Fit([[1, 2, 3], [2, 1, 0]], [1, 2]);
        double[] unseen = [1.5 + 1, 1.5 + 1, 1.5];
        (Math.Pow(wide.StandardDeviation(Vector(unseen), PredictiveStd.Centred), 2) - (1 / wide.Alpha)).ShouldBe(2 / wide.Lambda, 1e-9);
    }

    [Fact]
    public void Columns_on_a_tiny_scale_stop_the_iteration_early()
    {
        // Why predictors scale β_eff: the tolerance is absolute.
        Fit(Column([.. Beta.Select(b => b * 1e-4)]), Accuracy).Intercept.ShouldBe(0.741, 1e-4);
        Fit(Column([.. Beta.Select(b => b * 1e-2)]), Accuracy).Intercept.ShouldBe(0.9736, 2e-4);
    }

    [Theory]
    [InlineData(2, 1.0248)]
    [InlineData(3, .9843)]
    [InlineData(4, .9793)]
    [InlineData(5, .9735)]
    public void Few_epochs_extrapolate_high(int epochs, double expected)
        => Fit(Column(Beta[..epochs]), Accuracy[..epochs]).Intercept.ShouldBe(expected, 5e-5);

    public static TheoryData<string> GoldenNames() => [.. Golden.Read<Case>("bayesian-ridge.json").Select(c => c.Name)];

    [Theory, MemberData(nameof(GoldenNames))]
    public void A_random_problem_agrees_with_scikit_learn(string name)
    {
        var golden = Golden.Read<Case>("bayesian-ridge.json").Single(c => c.Name == name);

        var fit = BayesianRidge.Fit(
            Matrix<double>.Build.DenseOfRowArrays(golden.X), Vector(golden.Y),
            new BayesianRidgeOptions { ComputeScore = true, FitIntercept = golden.FitIntercept });

        fit.Coefficients.ToArray().ShouldBe(golden.Coefficients, 1e-9);
        fit.Intercept.ShouldBe(golden.Intercept, 1e-9);
        (fit.Alpha / golden.Alpha).ShouldBe(1, 1e-8);
        (fit.Lambda / golden.Lambda).ShouldBe(1, 1e-8);
        fit.Iterations.ShouldBe(golden.Iterations);
        fit.Scores.ShouldBe(golden.Scores, 1e-7);
        golden.At.Select(at => fit.Mean(Vector(at))).ShouldBe(golden.Mean, 1e-9);
        if (golden.Covariance is null || golden.RawStd is null) return;
        fit.Covariance.Enumerate().ShouldBe(Matrix<double>.Build.DenseOfRowArrays(golden.Covariance).Enumerate(), 1e-9);
        golden.At.Select(at => fit.StandardDeviation(Vector(at), PredictiveStd.Raw)).ShouldBe(golden.RawStd, 1e-9);
    }

    [Fact]
    public void The_joint_prediction_has_the_marginals_of_the_single_ones()
    {
        var golden = Golden.Read<Case>("bayesian-ridge.json").Single(c => c.Name == "shared slope");
        var fit = BayesianRidge.Fit(Matrix<double>.Build.DenseOfRowArrays(golden.X), Vector(golden.Y));

        var joint = fit.Predict(Matrix<double>.Build.DenseOfRowArrays(golden.At));

        for (var i = 0; i < golden.At.Length; i++)
        {
            joint.Mean[i].ShouldBe(fit.Mean(Vector(golden.At[i])), 1e-12);
            Math.Sqrt(joint.Covariance[i, i]).ShouldBe(fit.StandardDeviation(Vector(golden.At[i])), 1e-12);
        }
        joint.Covariance[0, 1].ShouldBe(joint.Covariance[1, 0], 1e-15);
    }

    [Fact]
    public void Numbers_that_are_not_finite_are_refused()
    {
        Should.Throw<ArgumentException>(() => Fit(Column([1, double.NaN]), [1, 2])).Message.ShouldContain("finite");
        Should.Throw<ArgumentException>(() => Fit(Column([1, 2, 3]), [1, 2])).Message.ShouldContain("3 rows but 2 targets");
    }

    private static BayesianRidge Fit(double[][] rows, double[] y)
        => BayesianRidge.Fit(Matrix<double>.Build.DenseOfRowArrays(rows), Vector(y), new BayesianRidgeOptions { ComputeScore = true });

    private static double[][] Column(double[] values) => [.. values.Select(v => new[] { v })];

    private static Vector<double> Vector(double[] values) => Vector<double>.Build.DenseOfArray(values);

    internal sealed record Case(
        string Name, double[][] X, double[] Y, bool FitIntercept, double[] Coefficients, double Intercept, double Alpha, double Lambda,
        int Iterations, double[] Scores, double[][]? Covariance, double[][] At, double[] Mean, double[]? RawStd);
}
