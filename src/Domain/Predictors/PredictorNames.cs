namespace NeuralCapacitance.Domain.Predictors;

/// <summary>Predictors as named in a job spec.</summary>
public static class PredictorNames
{
    public const string NeuralCapacitance = "neural-capacitance";

    public const string NeuralCapacitanceHistory = "neural-capacitance-history";

    public const string SharedSlope = "shared-slope";

    public const string NeuralCapacitancePerCandidate = "neural-capacitance-per-candidate";

    public const string LastSeen = "last-seen";

    public const string BestSeen = "best-seen";

    public const string LastThreeMean = "last-three-mean";

    public const string Bgrn = "bgrn";

    public const string CurveSimilarity = "curve-similarity";

    public const string Domhan = "domhan";

    public const string SourceAccuracy = "source-accuracy";

    public const string Nce = "nce";

    public const string Leep = "leep";

    public const string LogMe = "logme";

    public const string HScore = "h-score";

    public const string HScoreRegularized = "h-score-regularized";

    public const string LinearProbe = "linear-probe";

    public const string GradNorm = "grad-norm";

    public const string SynFlow = "synflow";

    public const string Naswot = "naswot";

    /// <summary>Those that learn from other models' finished curves, and answer nothing without.</summary>
    public static IReadOnlyList<string> OfHistory { get; } = [NeuralCapacitanceHistory, Bgrn, CurveSimilarity];

    /// <summary>Those that rank by a number known before training.</summary>
    public static IReadOnlyList<string> Scores { get; } = [SourceAccuracy, Nce, Leep, LogMe, HScore, HScoreRegularized, LinearProbe, GradNorm, SynFlow, Naswot];

    /// <summary>The default first.</summary>
    public static IReadOnlyList<string> All { get; } = [NeuralCapacitance, SharedSlope, NeuralCapacitancePerCandidate, LastSeen, BestSeen, LastThreeMean, .. OfHistory, Domhan, .. Scores];
}
