namespace NeuralCapacitance.Domain.Statistics;

/// <param name="C">&gt; 0: what an error outside the tube costs.</param>
/// <param name="Nu">In (0, 1]: at most this share of the rows lies outside the tube, at least this share supports it.</param>
/// <param name="Gamma">&gt; 0: of the kernel exp(−γ‖x − x'‖²).</param>
public sealed record NuSvrParameters(double C, double Nu, double Gamma);

/// <summary>
/// ν-support vector regression with a Gaussian kernel (Schölkopf et al. 2000), f(x) = Σ coefficient · exp(−γ‖row − x‖²) + b. The dual is
/// solved to a tight tolerance, so that results do not depend on the path that led there.
/// </summary>
public sealed class NuSupportVectorRegression
{
    private const double StandardTolerance = 1e-9;
    private const int Steps = 1_000_000;

    private readonly IReadOnlyList<double[]> _rows;
    private readonly double _gamma;
    private readonly NuSvrSolution _solution;

    private NuSupportVectorRegression(IReadOnlyList<double[]> rows, double gamma, NuSvrSolution solution)
        => (_rows, _gamma, _solution) = (rows, gamma, solution);

    /// <summary>One per row, in [−C, C]; they sum to 0, and their magnitudes to C·ν·n where the tube has a width.</summary>
    public IReadOnlyList<double> Coefficients => _solution.Coefficients;

    public double Intercept => _solution.Intercept;

    /// <summary>Half the tube's width, in units of the targets.</summary>
    public double Tube => _solution.Tube;

    /// <param name="rows">n rows of equal length.</param>
    /// <param name="targets">n.</param>
    /// <param name="tolerance">Of the optimality conditions, in units of the targets.</param>
    /// <exception cref="ArgumentException">There is no row, rows and targets differ in number or rows in length, a number is not finite, or a parameter is out of its range.</exception>
    public static NuSupportVectorRegression Fit(
        IReadOnlyList<double[]> rows, IReadOnlyList<double> targets, NuSvrParameters parameters, double tolerance = StandardTolerance)
    {
        if (rows.Count == 0 || rows.Count != targets.Count) throw new ArgumentException($"{rows.Count} rows and {targets.Count} targets; as many of both, and at least one, are needed.", nameof(rows));
        if (rows.Any(row => row.Length != rows[0].Length)) throw new ArgumentException("Rows differ in length.", nameof(rows));
        if (!rows.SelectMany(row => row).Concat(targets).All(double.IsFinite)) throw new ArgumentException("Rows and targets must be finite.", nameof(rows));
        if (!(parameters is { C: > 0, Nu: > 0 and <= 1, Gamma: > 0 } && double.IsFinite(parameters.C) && double.IsFinite(parameters.Gamma)))
            throw new ArgumentException($"{parameters}: C and γ above 0 and ν in (0, 1] are needed.", nameof(parameters));

        return Fit(rows, GaussianKernel.Of(GaussianKernel.SquaredDistances(rows), parameters.Gamma), [.. targets], parameters, tolerance);
    }

    /// <param name="kernel">Of the rows, at the parameters' γ.</param>
    internal static NuSupportVectorRegression Fit(IReadOnlyList<double[]> rows, double[][] kernel, double[] targets, NuSvrParameters parameters, double tolerance, CancellationToken cancellationToken = default)
        => new(rows, parameters.Gamma, NuSvrDual.Solve(kernel, targets, parameters.C, parameters.Nu, tolerance, Steps, cancellationToken));

    /// <param name="row">Of the rows' length.</param>
    public double Predict(double[] row)
    {
        var kernel = new double[_rows.Count];
        for (var i = 0; i < kernel.Length; i++) kernel[i] = Math.Exp(-_gamma * GaussianKernel.SquaredDistance(_rows[i], row));
        return _solution.At(kernel);
    }
}
