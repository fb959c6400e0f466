namespace NeuralCapacitance.Domain.Predictors;

/// <summary>The predictors by name. Adding one: a class, a name in <see cref="PredictorNames"/>, a line here.</summary>
public static class PredictorCatalogue
{
    /// <summary>The default first.</summary>
    public static IReadOnlyList<IPredictor> All { get; } =
        [
            new NeuralCapacitancePredictor(), new SharedSlopePredictor(), new PerCandidatePredictor(),
            SeenValuePredictor.LastSeen(), SeenValuePredictor.BestSeen(), SeenValuePredictor.LastThreeMean(),
            new HistoryPredictor(),
            new BgrnPredictor(), new CurveSimilarityPredictor(), new DomhanPredictor(),
            .. ScorePredictor.All,
        ];

    /// <exception cref="ArgumentException">No predictor has this name; the message lists those that exist.</exception>
    public static IPredictor Get(string name) => All.FirstOrDefault(p => string.Equals(p.Name, name, StringComparison.Ordinal))
        ?? throw new ArgumentException($"'{name}' is no predictor; there are {string.Join(", ", PredictorNames.All)}.", nameof(name));
}
