using NeuralCapacitance.Domain.Curves;
using NeuralCapacitance.Domain.Predictors;
using NeuralCapacitance.Domain.Statistics;

namespace NeuralCapacitance.Evaluation.Curves;

/// <summary>One model's curves, one per repeat, and its true accuracy: the mean test accuracy over the epochs and repeats that have one.</summary>
public sealed record ModelCurves(string Model, CandidateCurves Curves, double Truth)
{
    /// <summary>Of one epoch of training, mean over epochs and repeats; null: not recorded.</summary>
    public double? TrainSeconds { get; init; }

    /// <summary>Of one β_eff, likewise.</summary>
    public double? BetaSeconds { get; init; }
}

/// <summary>Models that are ranked against each other.</summary>
/// <param name="Epochs">Of the whole training.</param>
public sealed record Run(string Name, IReadOnlyList<ModelCurves> Models, int Epochs)
{
    /// <summary>The runs of a curves CSV, each as it is.</summary>
    public static IReadOnlyList<Run> Single(IReadOnlyList<CurveRow> rows)
        => [.. rows.GroupBy(r => r.Run).Select(run => Of(run.Key, [.. run]))];

    /// <summary>All runs of the CSV as repeats of one.</summary>
    public static Run Pooled(string name, IReadOnlyList<CurveRow> rows) => Of(name, rows);

    /// <summary>Runs as repeats of one: a model's curves side by side, its truth and seconds the mean over them.</summary>
    public static Run Pooled(string name, IReadOnlyList<Run> repeats) => new(
        name,
        [.. repeats.SelectMany(r => r.Models).GroupBy(m => m.Model, StringComparer.Ordinal).Select(model => new ModelCurves(
            model.Key,
            new CandidateCurves([.. model.SelectMany(m => m.Curves.Repeats)])
            {
                Kind = model.First().Curves.Kind,
                Scores = ScoreValue.Means(model.SelectMany(m => m.Curves.Scores).Select(s => (s.Key, s.Value))),
            },
            model.Average(m => m.Truth))
        {
            TrainSeconds = model.Average(m => m.TrainSeconds),
            BetaSeconds = model.Average(m => m.BetaSeconds),
        })],
        repeats.Max(r => r.Epochs));

    /// <summary>What a predictor says at <paramref name="window"/>, and Spearman's ρ with the truth.</summary>
    public Outcome Evaluate(IPredictor predictor, Window window)
    {
        Prediction prediction = predictor.Predict(new PredictionInput { Candidates = [.. Models.Select(m => m.Curves)], Window = window, Epochs = Epochs });
        var known = Models.Zip(prediction.Candidates)
            .Where(pair => pair.Second.Value is not null)
            .Select(pair => (pair.First.Model, Predicted: pair.Second.Value!.Value, pair.First.Truth))
            .ToList();
        double? rho = known.Count < 2
            ? null
            : RankCorrelation.Spearman(known.ConvertAll(k => k.Predicted), known.ConvertAll(k => k.Truth)).Value;
        return new Outcome(known, rho);
    }

    /// <summary>All rows as one run, in which those of one model but of several <see cref="CurveRow.Run"/>s are its repeats.</summary>
    public static Run Of(string name, IReadOnlyList<CurveRow> rows)
    {
        int counted = Granularity.CommonCount([.. rows.Select(r => r.ValidationAccuracy)]) ?? UnknownCount;
        return new(name, [.. rows.GroupBy(r => r.Model).Select(model => new ModelCurves(
            model.Key,
            new CandidateCurves([.. model.GroupBy(r => r.Run).Select(repeat => Curve(repeat, counted))]),
            model.Where(r => r.TestAccuracy is not null).Average(r => r.TestAccuracy!.Value))
        {
            TrainSeconds = model.Where(r => r.Epoch > 0).Average(r => r.TrainSeconds),
            BetaSeconds = model.Where(r => r.Epoch > 0).Average(r => r.BetaSeconds),
        })], rows.Max(r => r.Epoch));
    }

    private static IReadOnlyList<CurvePoint> Curve(IEnumerable<CurveRow> rows, int counted)
        => [.. rows.OrderBy(r => r.Epoch).Select(r => new CurvePoint(r.Epoch, r.Beta, r.ValidationAccuracy, r.ValidationCount ?? counted) { TestCount = r.TestCount ?? 0 })];

    private const int UnknownCount = 2_000;
}

/// <param name="Models">Those that could be predicted.</param>
/// <param name="Rho">Null where it is undefined.</param>
public sealed record Outcome(IReadOnlyList<(string Model, double Predicted, double Truth)> Models, double? Rho);
