namespace NeuralCapacitance.Domain.Predictors;

/// <summary>The latest answer of a predictor that looks at the candidates, window, length and history alone, for others that start from the same one.</summary>
internal sealed class LatestPrediction
{
    /// <summary>Replaced as a whole, so that threads which come at the same time at worst compute the same twice.</summary>
    private Entry? _latest;

    public Prediction Of(PredictionInput input, Func<PredictionInput, Prediction> predict)
    {
        var latest = _latest;
        if (latest is null || !latest.Answers(input)) _latest = latest = new Entry(input, predict(input));
        return latest.Prediction;
    }

    private sealed record Entry(PredictionInput Input, Prediction Prediction)
    {
        public bool Answers(PredictionInput other)
            => ReferenceEquals(Input.Candidates, other.Candidates) && ReferenceEquals(Input.History, other.History)
                && Input.Window == other.Window && Input.Epochs == other.Epochs;
    }
}
