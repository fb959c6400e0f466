using NeuralCapacitance.Domain.Predictors;
using NeuralCapacitance.Evaluation.Curves;

namespace NeuralCapacitance.Evaluation.Rankings;

/// <summary>What a predictor said of the models of one task, and what became of them.</summary>
/// <param name="Models">Those that could be predicted.</param>
/// <param name="Seconds">That the prediction took.</param>
public sealed record Forecast(EvaluationTask Task, Window Window, IReadOnlyList<ModelForecast> Models, double Seconds)
{
    private const int TimedRounds = 3;

    /// <param name="confidence">Nominal level of the intervals.</param>
    /// <param name="clock">To time the prediction with.</param>
    public static Forecast Of(EvaluationTask task, IPredictor predictor, Window window, double confidence, TimeProvider clock)
    {
        IReadOnlyList<ModelCurves> models = task.Run.Models;
        var input = new PredictionInput { Candidates = [.. models.Select(m => m.Curves)], Window = window, Epochs = task.Run.Epochs };
        Prediction prediction = predictor.Predict(input);
        double seconds = Enumerable.Range(0, TimedRounds).Min(_ =>
        {
            long start = clock.GetTimestamp();
            predictor.Predict(input);
            return clock.GetElapsedTime(start).TotalSeconds;
        });

        int position = 0;
        var forecasts = new List<ModelForecast>();
        foreach ((ModelCurves model, CandidatePrediction answer) in models.Zip(prediction.Candidates))
        {
            if (answer.Value is not { } predicted)
            {
                continue;
            }

            (double low, double high) = prediction.Posterior!.Interval(position, confidence);
            forecasts.Add(new ModelForecast(model.Model, predicted, prediction.Posterior.Mean[position], low, high, model.Truth));
            position++;
        }

        return new Forecast(task, window, forecasts, seconds);
    }
}

/// <param name="Predicted">What it is ranked by.</param>
/// <param name="Level">The accuracy that is expected.</param>
/// <param name="Low">Of the interval.</param>
/// <param name="High">Of the interval.</param>
/// <param name="Truth">Mean test accuracy over the epochs that have one.</param>
public sealed record ModelForecast(string Model, double Predicted, double Level, double Low, double High, double Truth)
{
    public bool IsCovered => Low <= Truth && Truth <= High;
}
