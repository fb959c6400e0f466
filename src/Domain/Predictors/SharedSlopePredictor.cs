using MathNet.Numerics.LinearAlgebra;
using NeuralCapacitance.Domain.Statistics;

namespace NeuralCapacitance.Domain.Predictors;

/// <summary>
/// <c>shared-slope</c>: one Bayesian ridge for the whole job. Every candidate has its own intercept, all share the slope of
/// accuracy on β_eff, which a few epochs of one candidate alone cannot tell. Rows (candidate m, epoch t), columns
/// [β_mt / max β, one-hot(m)], target validation accuracy; the prediction is the value at β_eff = 0, where training has converged.
/// β is scaled by its maximum because the ridge stops by an absolute tolerance.
/// </summary>
public sealed class SharedSlopePredictor : IPredictor
{
    private const int LeastEpochs = 2;

    public string Name => PredictorNames.SharedSlope;

    public string IntervalMeaning =>
        "Gaussian predictive interval of the regression at β_eff = 0: weights, intercept and residual noise. It trusts the straight line, so it "
        + "leaves out that accuracies bend away from it before they converge. Not calibrated: on the reference curves, 90 % intervals from 3, 5 "
        + "and 8 epochs held the final accuracy in 79 %, 43 % and 18 % of the cases, since predictions were 0.02, 0.07 and 0.10 too high.";

    public Prediction Predict(PredictionInput input, CancellationToken cancellationToken = default)
    {
        var curves = input.Candidates.Select(c => PooledCurve.WithBeta(c, input.Window)).ToList();
        var reasons = curves.Select(c => c.Shortage(LeastEpochs, input.Window)).ToList();
        var usable = Enumerable.Range(0, curves.Count).Where(m => reasons[m] is null).ToList();
        if (usable.Count == 0) return new Prediction([.. reasons.Select(r => CandidatePrediction.Impossible(r!))], null);

        var used = usable.ConvertAll(m => curves[m]);
        if (UnknownSlope(used) is { } reason)
            return new Prediction([.. reasons.Select(r => CandidatePrediction.Impossible(r ?? reason))], null);

        var posterior = Fit(used, cancellationToken).Predict(AtZero(used.Count));
        return new Prediction([.. curves.Select((curve, m) => reasons[m] is { } r
            ? CandidatePrediction.Impossible(r)
            : new CandidatePrediction(posterior.Mean[usable.IndexOf(m)], curve.Epochs, null))], posterior);
    }

    /// <summary>Lines of one slope, of all that are predicted; null of the others.</summary>
    internal static IReadOnlyList<BetaLine?> Lines(IReadOnlyList<CandidateCurves> candidates, Window window, CancellationToken cancellationToken)
    {
        var curves = candidates.Select(c => PooledCurve.WithBeta(c, window)).ToList();
        var used = curves.FindAll(c => c.Shortage(LeastEpochs, window) is null);
        if (used.Count == 0 || UnknownSlope(used) is not null) return [.. curves.Select(_ => (BetaLine?)null)];
        var fit = Fit(used, cancellationToken);
        var (slope, intercepts) = (fit.Coefficients[0] / used.Max(c => c.Betas.Max()), fit.Predict(AtZero(used.Count)).Mean);
        return [.. curves.Select(c => used.IndexOf(c) is var m and >= 0 ? new BetaLine(slope, intercepts[m]) : null)];
    }

    private static string? UnknownSlope(List<PooledCurve> curves)
    {
        if (curves.Max(c => c.Betas.Max()) <= 0) return "β_eff is 0 at every epoch";
        return curves.TrueForAll(c => c.Betas.Distinct().Count() == 1) ? "β_eff is constant, so it has no slope" : null;
    }

    private static BayesianRidge Fit(List<PooledCurve> curves, CancellationToken cancellationToken)
    {
        var scale = curves.Max(c => c.Betas.Max());
        var rows = curves.SelectMany((curve, m) => curve.Points.Select(point => (m, point))).ToList();
        var x = Matrix<double>.Build.Dense(rows.Count, curves.Count + 1);
        foreach (var (row, (m, point)) in rows.Index())
        {
            x[row, 0] = point.BetaEff / scale;
            x[row, m + 1] = 1;
        }
        return BayesianRidge.Fit(x, Vector<double>.Build.DenseOfEnumerable(rows.Select(r => r.point.ValidationAccuracy)), cancellationToken: cancellationToken);
    }

    private static Matrix<double> AtZero(int candidates) => Matrix<double>.Build.Dense(candidates, candidates + 1, (m, column) => column == m + 1 ? 1 : 0);
}
