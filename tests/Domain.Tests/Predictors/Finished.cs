using NeuralCapacitance.Domain.Predictors;

namespace NeuralCapacitance.Domain.Tests.Predictors;

/// <summary>Curves final − (fall)·epoch^−0.6 of made-up models, with a little noise, to learn from.</summary>
internal static class Finished
{
    public static PastTask Task(string name, int candidates, bool sameDataset = false, int epochs = 20, double shift = 0, int seed = 1)
    {
        var random = new Random(seed);
        return new PastTask(name, sameDataset, epochs, [.. Enumerable.Range(0, candidates).Select(i =>
        {
            var final = 0.5 + shift + (0.4 * random.NextDouble());
            return new PastCandidate($"{name}-{i}", Curve(epochs, epoch => Accuracy(final, epoch) + (0.005 * (random.NextDouble() - 0.5))), final);
        })]);
    }

    /// <summary>A beginning whose end is known: the lower the final accuracy, the deeper the fall.</summary>
    public static double Accuracy(double final, int epoch) => final - ((0.8 - (0.5 * final)) * Math.Pow(epoch, -0.6));

    public static CandidateCurves Curve(int epochs, Func<int, double> accuracy)
        => new([[.. Enumerable.Range(1, epochs).Select(epoch => new CurvePoint(epoch, 1.0 / epoch, Math.Clamp(accuracy(epoch), 0, 1), 2_000))]]);

    public static CandidateCurves Curve(params double[] accuracies) => Curve(accuracies.Length, epoch => accuracies[epoch - 1]);

    public static Prediction Predict(IPredictor predictor, IReadOnlyList<PastTask> history, params CandidateCurves[] candidates)
        => predictor.Predict(new PredictionInput { Candidates = candidates, Window = new Window(5, null), Epochs = 20, History = history });
}
