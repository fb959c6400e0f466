using NeuralCapacitance.Domain.Predictors;
using NeuralCapacitance.Evaluation.Curves;

namespace NeuralCapacitance.Evaluation.Rankings;

/// <summary>What a predictor said of the models of one run, and what became of them.</summary>
/// <param name="Models">Those that could be predicted.</param>
/// <param name="Seconds">That the prediction took.</param>
public sealed record Forecast(EvaluationTask Task, Window Window, IReadOnlyList<ModelForecast> Models, double Seconds)
{
    private const int TimedRounds = 3;

    private const int Draws = 5_000;

    private const int DrawsSeed = 1;

    /// <summary>What took longer is not timed again.</summary>
    private static readonly TimeSpan Long = TimeSpan.FromMilliseconds(50);

    /// <summary>Whether there is an order: a predictor that lacks scores or history says nothing.</summary>
    public bool IsAnswered => Models.Count > 1;

    /// <param name="confidence">Nominal level of the intervals.</param>
    /// <param name="clock">To time the prediction with.</param>
    public static Forecast Of(EvaluationTask task, IPredictor predictor, PredictionInput input, double confidence, TimeProvider clock)
    {
        (Prediction prediction, TimeSpan least) = Timed(predictor, input, clock);
        for (int round = 0; round < TimedRounds && least < Long; round++)
        {
            TimeSpan again = Timed(predictor, input, clock).Time;
            least = again < least ? again : least;
        }

        var greatest = prediction.Posterior?.Greatest(DrawsSeed, Draws);
        int position = 0;
        var forecasts = new List<ModelForecast>();
        foreach ((ModelCurves model, CandidatePrediction answer) in task.Run.Models.Zip(prediction.Candidates))
        {
            if (answer.Value is not { } predicted)
            {
                continue;
            }

            Level? level = null;
            if (prediction.Posterior is { } posterior)
            {
                (double low, double high) = posterior.Interval(position, confidence);
                level = new Level(posterior.Mean[position], low, high) { ProbabilityBest = greatest!.Probability[position], ExpectedRegret = greatest.ExpectedRegret[position] };
            }

            forecasts.Add(new ModelForecast(model.Model, predicted, level, model.Truth));
            position++;
        }

        return new Forecast(task, input.Window, forecasts, least.TotalSeconds);
    }

    /// <summary>The same of fewer models.</summary>
    public Forecast Only(IReadOnlySet<string> models) => Models.All(m => models.Contains(m.Model)) ? this : this with { Models = [.. Models.Where(m => models.Contains(m.Model))] };

    private static (Prediction Prediction, TimeSpan Time) Timed(IPredictor predictor, PredictionInput input, TimeProvider clock)
    {
        long start = clock.GetTimestamp();
        Prediction prediction = predictor.Predict(input);
        return (prediction, clock.GetElapsedTime(start));
    }
}

/// <param name="Predicted">What it is ranked by.</param>
/// <param name="Level">Null for scores.</param>
/// <param name="Truth">Mean test accuracy over the epochs that have one.</param>
public sealed record ModelForecast(string Model, double Predicted, Level? Level, double Truth)
{
    public bool? IsCovered => Level is { } level ? level.Low <= Truth && Truth <= level.High : null;
}

/// <param name="Expected">The accuracy that is expected.</param>
/// <param name="Low">Of its interval.</param>
/// <param name="High">Of its interval.</param>
public sealed record Level(double Expected, double Low, double High)
{
    /// <summary>That it is the best of all models that were predicted.</summary>
    public double ProbabilityBest { get; init; }

    /// <summary>How much accuracy taking it is expected to give away.</summary>
    public double ExpectedRegret { get; init; }
}
