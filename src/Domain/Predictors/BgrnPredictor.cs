using NeuralCapacitance.Domain.Statistics;

namespace NeuralCapacitance.Domain.Predictors;

/// <summary>
/// <c>bgrn</c> (Baker, Gupta, Raskar and Naik 2017): other models' finished curves teach a ν-SVR to tell the final accuracy from a curve's
/// beginning; <see cref="CurveRegressor"/> says how. One regression per number of epochs seen. Architecture and hyper-parameters, which the original adds to
/// the features, are left out: a backbone is one model, not a point of a search space. So are the mean and deviation of the curve that some
/// implementations append: the mean is a sum of features that are there.
/// </summary>
public sealed class BgrnPredictor : IPredictor
{
    private const int LeastEpochs = 2;

    public string Name => PredictorNames.Bgrn;

    public bool IsQuick => false;

    public string IntervalMeaning =>
        "Gaussian interval from the errors on finished curves that were held out, whole tasks at a time where there are three or more. The errors on "
        + "one task have a common part, which the interval of a candidate holds, but P(best) takes for independent. It knows nothing of tasks unlike those finished. On "
        + "the reference curves, learning from the other five tasks, 90 % intervals from 3, 5 and 8 epochs held the final accuracy in 87 %, 86 % and 88 % of the cases.";

    public Prediction Predict(PredictionInput input, CancellationToken cancellationToken = default)
    {
        var past = new PastCurves(input.History, input.Window, input.Epochs);
        var regressors = new Dictionary<string, (CurveRegressor? Regressor, string? Reason)>(StringComparer.Ordinal);
        var answers = input.Candidates
            .Select(c => PooledCurve.OfAccuracies(c, input.Window.FirstEpoch, input.Window.LastEpoch))
            .Select(curve => Answer(curve, input.Window, epochs => Cached(regressors, epochs, past, cancellationToken)))
            .ToList();
        return Prediction.Independent(answers);
    }

    private static (CandidatePrediction Prediction, double Variance) Answer(
        PooledCurve curve, Window window, Func<IReadOnlyList<int>, (CurveRegressor? Regressor, string? Reason)> train)
    {
        if (curve.Shortage(LeastEpochs, window) is { } shortage) return (CandidatePrediction.Impossible(shortage), 0);
        var (regressor, reason) = train(curve.Epochs);
        return regressor is null
            ? (CandidatePrediction.Impossible(reason!), 0)
            : (new CandidatePrediction(regressor.Predict(curve.Accuracies), curve.Epochs, null), regressor.ResidualVariance);
    }

    /// <summary>Candidates that have come equally far share a regression.</summary>
    private static (CurveRegressor? Regressor, string? Reason) Cached(
        Dictionary<string, (CurveRegressor? Regressor, string? Reason)> regressors, IReadOnlyList<int> epochs, PastCurves past, CancellationToken cancellationToken)
    {
        var key = string.Join(' ', epochs);
        if (regressors.TryGetValue(key, out var known)) return known;
        var curves = past.Covering(epochs);
        return regressors[key] = curves.Count < PastCurves.Enough
            ? (null, PastCurves.NotEnough(curves.Count, PastCurves.Enough, epochs))
            : (CurveRegressor.Train(curves, cancellationToken), null);
    }
}
