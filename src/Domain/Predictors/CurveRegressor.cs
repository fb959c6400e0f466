using NeuralCapacitance.Domain.Statistics;

namespace NeuralCapacitance.Domain.Predictors;

/// <summary>
/// Final accuracy from the shape of a curve's beginning: ν-SVR on the accuracies, their first and their second differences. Parameters are those
/// of a small grid that predict held-out curves best, in three folds: of whole tasks where there are at least three, since the curve to be predicted
/// will be of a new one. The original draws 1 000 parameters at random and takes the best mean R²; a grid of six takes milliseconds.
/// </summary>
internal sealed class CurveRegressor
{
    private const int Folds = 3;

    /// <summary>The share of the rows outside the tube that is nearly best for Gaussian noise (Schölkopf et al. 2000: 0.54).</summary>
    private const double Nu = 0.5;

    /// <summary>While choosing, an accuracy need not be better than this.</summary>
    private const double CoarseTolerance = 1e-3;

    private const double FineTolerance = 1e-4;

    private const int CoarseSteps = 5_000;

    /// <summary>Of an error, where held-out curves leave none: a tenth of a point.</summary>
    private const double LeastDeviation = 1e-3;

    /// <summary>By γ, the costs tried. A great cost with a narrow kernel takes long, and follows noise.</summary>
    private static readonly (double Gamma, double[] Costs)[] Grid = [(0.1, [1, 10]), (1, [0.1, 1]), (10, [0.1, 1])];

    private readonly NuSupportVectorRegression _regression;

    private CurveRegressor(NuSupportVectorRegression regression, NuSvrParameters parameters, double variance)
        => (_regression, Parameters, ResidualVariance) = (regression, parameters, variance);

    public NuSvrParameters Parameters { get; }

    /// <summary>Mean squared error of the curves held out, at the parameters chosen.</summary>
    public double ResidualVariance { get; }

    /// <param name="curves">At least one per fold.</param>
    public static CurveRegressor Train(IReadOnlyList<PastCurve> curves, CancellationToken cancellationToken = default)
    {
        double[][] rows = [.. curves.Select(c => Features(c.Accuracies))];
        double[] targets = [.. curves.Select(c => c.FinalAccuracy)];
        var distances = GaussianKernel.SquaredDistances(rows);
        var folds = FoldsOf(curves);
        var chosen = (
            from row in Grid
            let kernel = GaussianKernel.Of(distances, row.Gamma)
            let parts = Enumerable.Range(0, Folds).Select(fold => new Fold(kernel, targets, folds, fold)).ToList()
            from cost in row.Costs
            let parameters = new NuSvrParameters(cost, Nu, row.Gamma)
            select (kernel, parameters, error: parts.Sum(part => part.SquaredErrors(parameters, cancellationToken)) / targets.Length)).MinBy(choice => choice.error);
        return new CurveRegressor(
            NuSupportVectorRegression.Fit(rows, chosen.kernel, targets, chosen.parameters, FineTolerance, cancellationToken),
            chosen.parameters,
            Math.Max(chosen.error, LeastDeviation * LeastDeviation));
    }

    /// <param name="accuracies">At the epochs trained on.</param>
    public double Predict(double[] accuracies) => _regression.Predict(Features(accuracies));

    /// <summary>y_1 … y_t, then y_i − y_{i−1}, then the differences of these.</summary>
    public static double[] Features(double[] accuracies)
    {
        var first = Differences(accuracies);
        return [.. accuracies, .. first, .. Differences(first)];
    }

    private static double[] Differences(double[] values)
        => values.Length < 2 ? [] : [.. Enumerable.Range(1, values.Length - 1).Select(i => values[i] - values[i - 1])];

    private static int[] FoldsOf(IReadOnlyList<PastCurve> curves)
    {
        var tasks = curves.Select(c => c.Task).Distinct().ToList();
        return [.. curves.Select((curve, i) => (tasks.Count >= Folds ? tasks.IndexOf(curve.Task) : i) % Folds)];
    }

    /// <summary>What is held out and what is trained on, with their kernels: the same for all costs.</summary>
    private sealed class Fold
    {
        private readonly double[][] _used;
        private readonly double[] _usedTargets;
        private readonly double[][] _heldOut;
        private readonly double[] _heldOutTargets;

        public Fold(double[][] kernel, double[] targets, int[] folds, int fold)
        {
            int[] used = [.. Enumerable.Range(0, folds.Length).Where(i => folds[i] != fold)];
            int[] heldOut = [.. Enumerable.Range(0, folds.Length).Where(i => folds[i] == fold)];
            (_used, _usedTargets) = (Array.ConvertAll(used, i => Pick(kernel[i], used)), Pick(targets, used));
            (_heldOut, _heldOutTargets) = (Array.ConvertAll(heldOut, i => Pick(kernel[i], used)), Pick(targets, heldOut));
        }

        /// <summary>Sum over what is held out.</summary>
        public double SquaredErrors(NuSvrParameters parameters, CancellationToken cancellationToken)
        {
            var solution = NuSvrDual.Solve(_used, _usedTargets, parameters.C, parameters.Nu, CoarseTolerance, CoarseSteps, cancellationToken);
            return _heldOut.Zip(_heldOutTargets, (row, target) => Math.Pow(target - solution.At(row), 2)).Sum();
        }

        private static double[] Pick(double[] values, int[] indices)
        {
            var picked = new double[indices.Length];
            for (var i = 0; i < indices.Length; i++) picked[i] = values[indices[i]];
            return picked;
        }
    }
}
