using MathNet.Numerics.LinearAlgebra;
using NeuralCapacitance.Domain.Statistics;

namespace NeuralCapacitance.Domain.Predictors;

/// <summary>
/// <c>neural-capacitance-per-candidate</c>: the paper's recipe. Each candidate has its own Bayesian ridge of validation accuracy on
/// β_eff (scaled by the candidate's maximum) and is predicted at β_eff = 0. With start <c>auto</c>, early epochs are left out as
/// the Bayesian information criterion says (<see cref="StartEpoch"/>); a start that is given is taken as it is.
/// </summary>
public sealed class PerCandidatePredictor : IPredictor
{
    public string Name => PredictorNames.NeuralCapacitancePerCandidate;

    public string IntervalMeaning =>
        "Gaussian predictive interval of the candidate's own regression at β_eff = 0: slope, intercept and residual noise. With a handful of "
        + "epochs the noise itself is barely known, and the interval does not count that. Not calibrated: on the reference curves, 90 % intervals from 3, 5 and 8 epochs held the "
        + "final accuracy in 22 %, 21 % and 32 % of the cases.";

    public Prediction Predict(PredictionInput input, CancellationToken cancellationToken = default)
    {
        var fits = input.Candidates.Select(c => Fit(PooledCurve.WithBeta(c, input.Window), input.Window, cancellationToken)).ToList();
        var posteriors = fits.Where(f => f.Posterior is not null).Select(f => f.Posterior!).ToList();
        return new Prediction(
            [.. fits.Select(f => f.Prediction)],
            posteriors.Count == 0
                ? null
                : JointPosterior.Independent([.. posteriors.Select(p => p.Mean[0])], [.. posteriors.Select(p => p.Covariance[0, 0])]));
    }

    /// <summary>Of each candidate; null where it is not predicted.</summary>
    internal static IReadOnlyList<BetaLine?> Lines(IReadOnlyList<CandidateCurves> candidates, Window window, CancellationToken cancellationToken)
        => [.. candidates.Select(c => Fit(PooledCurve.WithBeta(c, window), window, cancellationToken).Line)];

    private static (CandidatePrediction Prediction, JointPosterior? Posterior, BetaLine? Line) Fit(PooledCurve curve, Window window, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        if (curve.Shortage(StartEpoch.LeastPoints, window) is { } shortage) return (CandidatePrediction.Impossible(shortage), null, null);
        var (betas, accuracies) = (curve.Betas, curve.Accuracies);
        var skip = window.Start is null ? StartEpoch.Select(betas, accuracies, curve.Points.Average(Noise)) : 0;
        var (x, y) = (betas[skip..], accuracies[skip..]);
        if (x.Max() <= 0) return (CandidatePrediction.Impossible("β_eff is 0 at every epoch"), null, null);
        if (x.Distinct().Count() == 1) return (CandidatePrediction.Impossible("β_eff is constant, so it has no slope"), null, null);

        var scale = x.Max();
        var ridge = BayesianRidge.Fit(Matrix<double>.Build.Dense(x.Length, 1, (i, _) => x[i] / scale), Vector<double>.Build.DenseOfArray(y));
        var posterior = ridge.Predict(Matrix<double>.Build.Dense(1, 1));
        return (new CandidatePrediction(posterior.Mean[0], [.. curve.Epochs.Skip(skip)], null) { EpochsReason = WhyFrom(curve.Epochs, skip) }, posterior, new BetaLine(ridge.Coefficients[0] / scale, posterior.Mean[0]));
    }

    private static string? WhyFrom(IReadOnlyList<int> epochs, int skip) => skip switch
    {
        0 => null,
        1 => $"epoch {epochs[0]} is left out: by the Bayesian information criterion it does not lie on the line of the later ones",
        _ => $"epochs {epochs[0]} to {epochs[skip - 1]} are left out: by the Bayesian information criterion they do not lie on the line of the later ones",
    };

    private static double Noise(CurvePoint point) => BinomialNoise.Variance(point.ValidationAccuracy, point.ValidationCount);
}
