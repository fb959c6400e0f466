using MathNet.Numerics.LinearAlgebra;
using MathNet.Numerics.LinearAlgebra.Factorization;

namespace NeuralCapacitance.Domain.Statistics;

/// <summary>The knobs of <see cref="BayesianRidge"/>, with scikit-learn's names and defaults.</summary>
public sealed record BayesianRidgeOptions
{
    /// <summary>Shape of the Gamma prior of the noise precision α.</summary>
    public double Alpha1 { get; init; } = 1e-6;

    /// <summary>Rate of the Gamma prior of α.</summary>
    public double Alpha2 { get; init; } = 1e-6;

    /// <summary>Shape of the Gamma prior of the weight precision λ.</summary>
    public double Lambda1 { get; init; } = 1e-6;

    /// <summary>Rate of the Gamma prior of λ.</summary>
    public double Lambda2 { get; init; } = 1e-6;

    /// <summary>Stop when the weights move by less than this, in sum of absolute values. Absolute: scale the columns to about 1.</summary>
    public double Tolerance { get; init; } = 1e-3;

    public int MaxIterations { get; init; } = 300;

    public bool FitIntercept { get; init; } = true;

    /// <summary>Also compute the log marginal likelihood of each iteration.</summary>
    public bool ComputeScore { get; init; }
}

/// <summary>Which variance a predictive standard deviation counts besides the noise 1/α.</summary>
public enum PredictiveStd
{
    /// <summary>x'Σx + 1/α + 1/(nα) with x centred on the training mean: weights, noise, and the intercept's own variance.</summary>
    CentredWithIntercept,

    /// <summary>x'Σx + 1/α with x centred: scikit-learn since #33918 (2026).</summary>
    Centred,

    /// <summary>
    /// x'Σx + 1/α with x as given and Σ without the null space of the data: scikit-learn 1.2. It reports the smallest uncertainty
    /// at x = 0, however far that is from the data; only for comparison.
    /// </summary>
    Raw,
}

/// <summary>
/// Linear regression y = b + Xw with a Gaussian prior of precision λ on the weights and Gaussian noise of precision α, both found by
/// maximising the evidence (MacKay 1992; Tipping 2001). The iteration is scikit-learn's, so that results agree to rounding.
/// </summary>
public sealed class BayesianRidge
{
    private readonly Vector<double> _means;
    private readonly int _rows;
    private readonly bool _hasIntercept;

    private BayesianRidge(Vector<double> means, int rows, bool hasIntercept)
    {
        _means = means;
        _rows = rows;
        _hasIntercept = hasIntercept;
    }

    /// <summary>w, one per column.</summary>
    public required Vector<double> Coefficients { get; init; }

    /// <summary>b; 0 without an intercept.</summary>
    public required double Intercept { get; init; }

    /// <summary>Precision of the noise.</summary>
    public required double Alpha { get; init; }

    /// <summary>Precision of the weights.</summary>
    public required double Lambda { get; init; }

    public required int Iterations { get; init; }

    /// <summary>Log marginal likelihood before each iteration's update and at the end; empty unless asked for.</summary>
    public required IReadOnlyList<double> Scores { get; init; }

    /// <summary>Posterior covariance of the weights, p×p, in the directions that the data span (scikit-learn 1.2's <c>sigma_</c>).</summary>
    public required Matrix<double> Covariance { get; init; }

    /// <summary>Posterior covariance in the directions that the data say nothing about, where the prior 1/λ remains.</summary>
    private Matrix<double> NullCovariance { get; init; } = null!;

    /// <param name="x">n×p, one row per observation.</param>
    /// <param name="y">n targets.</param>
    /// <exception cref="ArgumentException">Empty, of different lengths, or not finite.</exception>
    public static BayesianRidge Fit(Matrix<double> x, Vector<double> y, BayesianRidgeOptions? options = null, CancellationToken cancellationToken = default)
    {
        if (x.RowCount != y.Count) throw new ArgumentException($"{x.RowCount} rows but {y.Count} targets.", nameof(y));
        if (x.Exists(v => !double.IsFinite(v)) || y.Exists(v => !double.IsFinite(v)))
            throw new ArgumentException("Rows and targets must be finite.", nameof(x));

        options ??= new BayesianRidgeOptions();
        var means = options.FitIntercept ? x.ColumnSums() / x.RowCount : Vector<double>.Build.Dense(x.ColumnCount);
        var yMean = options.FitIntercept ? y.Average() : 0;
        var centred = Matrix<double>.Build.Dense(x.RowCount, x.ColumnCount, (i, j) => x[i, j] - means[j]);
        var evidence = new Evidence(centred, y - yMean, options);
        var (weights, iterations, scores) = evidence.Maximise(cancellationToken);

        var span = evidence.Directions;
        var nullSpace = Matrix<double>.Build.DenseIdentity(x.ColumnCount) - span.TransposeAndMultiply(span);
        return new BayesianRidge(means, x.RowCount, options.FitIntercept)
        {
            Coefficients = weights,
            Intercept = yMean - means.DotProduct(weights),
            Alpha = evidence.Alpha,
            Lambda = evidence.Lambda,
            Iterations = iterations,
            Scores = scores,
            Covariance = evidence.Covariance(),
            NullCovariance = nullSpace / evidence.Lambda,
        };
    }

    public double Mean(Vector<double> x) => Intercept + Coefficients.DotProduct(x);

    /// <summary>Standard deviation of a new observation at <paramref name="x"/>.</summary>
    public double StandardDeviation(Vector<double> x, PredictiveStd convention = PredictiveStd.CentredWithIntercept)
    {
        if (convention == PredictiveStd.Raw) return Math.Sqrt((x * Covariance * x) + (1 / Alpha));
        var d = x - _means;
        var variance = (d * (Covariance + NullCovariance) * d) + (1 / Alpha);
        return Math.Sqrt(variance + (convention == PredictiveStd.CentredWithIntercept ? InterceptVariance : 0));
    }

    /// <summary>
    /// The joint predictive distribution of one new observation at each row: they share weights and intercept, each has its own noise.
    /// </summary>
    /// <param name="rows">m×p.</param>
    public JointPosterior Predict(Matrix<double> rows)
    {
        var d = Matrix<double>.Build.Dense(rows.RowCount, rows.ColumnCount, (i, j) => rows[i, j] - _means[j]);
        var covariance = d * (Covariance + NullCovariance).TransposeAndMultiply(d);
        covariance = covariance.Add(InterceptVariance);
        covariance.SetDiagonal(covariance.Diagonal().Add(1 / Alpha));
        return new JointPosterior((rows * Coefficients).Add(Intercept), covariance);
    }

    private double InterceptVariance => _hasIntercept ? 1 / (_rows * Alpha) : 0;

    /// <summary>The evidence of centred data as a function of (α, λ), in the eigenbasis of X'X.</summary>
    private sealed class Evidence
    {
        private const double Epsilon = 2.220446049250313e-16;

        private readonly Matrix<double> _x;
        private readonly Vector<double> _y;
        private readonly Vector<double> _projected; // SU'y
        private readonly double[] _eigenvalues;
        private readonly BayesianRidgeOptions _options;

        public Evidence(Matrix<double> x, Vector<double> y, BayesianRidgeOptions options)
        {
            (_x, _y, _options) = (x, y, options);
            (Directions, var singular, var projected) = Decompose(x, y);
            _eigenvalues = [.. singular.Select(s => s * s)];
            _projected = projected.PointwiseMultiply(singular);
            var mean = y.Average();
            Alpha = 1 / (y.Average(v => (v - mean) * (v - mean)) + Epsilon);
        }

        public double Alpha { get; private set; }

        public double Lambda { get; private set; } = 1;

        /// <summary>Right singular vectors of X, p × min(n, p).</summary>
        public Matrix<double> Directions { get; }

        public (Vector<double> Weights, int Iterations, IReadOnlyList<double> Scores) Maximise(CancellationToken cancellationToken)
        {
            var scores = new List<double>();
            Vector<double> weights = null!, previous = null!;
            var iterations = 0;
            while (iterations < _options.MaxIterations)
            {
                cancellationToken.ThrowIfCancellationRequested();
                iterations++;
                (weights, var sse) = Weights();
                if (_options.ComputeScore) scores.Add(Score(weights, sse));
                Update(weights, sse);
                if (iterations > 1 && (previous - weights).L1Norm() < _options.Tolerance) break;
                previous = weights;
            }
            var (final, finalSse) = Weights();
            // As scikit-learn does it: the last iteration's weights with the final precisions and residuals.
            if (_options.ComputeScore) scores.Add(Score(weights, finalSse));
            return (final, iterations, scores);
        }

        public Matrix<double> Covariance()
            => Directions * Matrix<double>.Build.DiagonalOfDiagonalArray([.. _eigenvalues.Select(e => 1 / (Alpha * (e + (Lambda / Alpha))))])
                .TransposeAndMultiply(Directions);

        /// <summary>
        /// X = USV' by the SVD of the small square factor of a QR decomposition, since MathNet's SVD of a tall matrix computes a full n×n U.
        /// U'y and not V'X'y/S, which would blow rounding up where a singular value is 0.
        /// </summary>
        private static (Matrix<double> V, Vector<double> S, Vector<double> ProjectedTargets) Decompose(Matrix<double> x, Vector<double> y)
        {
            var tall = x.RowCount >= x.ColumnCount;
            var qr = (tall ? x : x.Transpose()).QR(QRMethod.Thin);
            var svd = qr.R.Svd();
            return tall
                ? (svd.VT.Transpose(), svd.S, svd.U.TransposeThisAndMultiply(qr.Q.TransposeThisAndMultiply(y)))
                : (qr.Q * svd.U, svd.S, svd.VT * y);
        }

        private (Vector<double> Weights, double Sse) Weights()
        {
            var ratio = Lambda / Alpha;
            var weights = Directions * _projected.MapIndexed((i, value) => value / (_eigenvalues[i] + ratio));
            var residual = _y - (_x * weights);
            return (weights, residual.DotProduct(residual));
        }

        private void Update(Vector<double> weights, double sse)
        {
            var determined = _eigenvalues.Sum(e => Alpha * e / (Lambda + (Alpha * e)));
            Lambda = (determined + (2 * _options.Lambda1)) / (weights.DotProduct(weights) + (2 * _options.Lambda2));
            Alpha = (_y.Count - determined + (2 * _options.Alpha1)) / (sse + (2 * _options.Alpha2));
        }

        private double Score(Vector<double> weights, double sse)
        {
            var (n, p) = (_y.Count, _x.ColumnCount);
            var logDeterminant = -_eigenvalues.Sum(e => Math.Log(Lambda + (Alpha * e))) - ((p - _eigenvalues.Length) * Math.Log(Lambda));
            return (_options.Lambda1 * Math.Log(Lambda)) - (_options.Lambda2 * Lambda)
                + (_options.Alpha1 * Math.Log(Alpha)) - (_options.Alpha2 * Alpha)
                + (0.5 * ((p * Math.Log(Lambda)) + (n * Math.Log(Alpha)) - (Alpha * sse) - (Lambda * weights.DotProduct(weights))
                    + logDeterminant - (n * Math.Log(2 * Math.PI))));
        }
    }
}
