namespace NeuralCapacitance.Domain.Curves;

/// <summary>One epoch of one model in one run: a line of a curves CSV. Blank cells are null.</summary>
/// <param name="Run">The task and seed: models of one run are ranked against each other.</param>
/// <param name="TestAccuracy">Filled for the epochs whose mean is the truth.</param>
/// <param name="Beta">β_eff, absolute.</param>
public sealed record CurveRow(
    string Run,
    string Model,
    int Epoch,
    double ValidationAccuracy,
    double? TestAccuracy,
    double? TrainAccuracy,
    double? TrainLoss,
    double Beta,
    double? TrainSeconds,
    double? BetaSeconds,
    int? ValidationCount,
    int? TestCount = null);
