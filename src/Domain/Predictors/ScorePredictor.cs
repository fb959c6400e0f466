namespace NeuralCapacitance.Domain.Predictors;

/// <summary>Ranks by a number that was known before any training; it looks at no epoch.</summary>
public sealed class ScorePredictor : IPredictor
{
    internal const string NotComputed =
        "not computed: no trial of it has measured this score, because none has started yet, or because selection.scores was false when they did";

    private ScorePredictor(string name, string meaning)
    {
        Name = name;
        IntervalMeaning = $"{meaning} A score orders candidates and says nothing of their accuracy, so it has no interval.";
    }

    public string Name { get; }

    public PredictionUnit Unit => PredictionUnit.Score;

    public string IntervalMeaning { get; }

    /// <summary>One of each, in the order of <see cref="PredictorNames.Scores"/>.</summary>
    public static IReadOnlyList<ScorePredictor> All { get; } =
    [
        new(PredictorNames.SourceAccuracy, "Accuracy that the initial weights reached on the data they were trained with, as published with them: what one would go by without any measurement. Comparable between weights of the same source data only."),
        new(PredictorNames.Nce, "Negative conditional entropy, in nats, of the classes given the source head's best guess; 0 is best."),
        new(PredictorNames.Leep, "Mean logarithm of the probability that the source head's outputs give the right class; at most 0."),
        new(PredictorNames.LogMe, "Logarithm of the evidence, per image and class, of a linear model on the frozen features."),
        new(PredictorNames.HScore, "Share of the frozen features' variance that lies between the classes, summed over directions; at most the number of classes − 1."),
        new(PredictorNames.HScoreRegularized, "H-score with a covariance shrunk towards a multiple of the identity, for few images and many features."),
        new(PredictorNames.LinearProbe, "Accuracy, on images that it was not fitted on, of a logistic regression on the frozen features."),
        new(PredictorNames.GradNorm, "Sum of the gradient norms of the backbone's parameters on one batch, by the loss that training starts from."),
        new(PredictorNames.SynFlow, "Logarithm of the sum of |weight · gradient| with all weights made positive and images of ones: how much signal can flow. No images are used."),
        new(PredictorNames.Naswot, "Logarithm of the determinant of the kernel of binary ReLU patterns on one batch: how differently the network treats different images."),
    ];

    public Prediction Predict(PredictionInput input, CancellationToken cancellationToken = default) => new([.. input.Candidates.Select(Of)], null);

    private CandidatePrediction Of(CandidateCurves candidate) => candidate.Scores.GetValueOrDefault(Name) switch
    {
        { Value: { } value } when double.IsFinite(value) => new CandidatePrediction(value, [], null),
        { Reason: { } reason } => CandidatePrediction.Impossible(reason),
        { Value: not null } => CandidatePrediction.Impossible("the score is not finite"),
        _ => CandidatePrediction.Impossible(NotComputed),
    };
}
