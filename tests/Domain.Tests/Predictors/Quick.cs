using NeuralCapacitance.Domain.Predictors;

namespace NeuralCapacitance.Domain.Tests.Predictors;

/// <summary>Names of predictors for tests that go through them all.</summary>
internal static class Quick
{
    /// <summary>In milliseconds: all but Domhan's, which samples for a tenth of a second per candidate.</summary>
    public static IReadOnlyList<string> Predictors { get; } = [.. PredictorNames.All.Except([PredictorNames.Domhan])];

    /// <summary>Of those, the ones that answer from the candidates' curves alone.</summary>
    public static IReadOnlyList<string> FromCurves { get; } = [.. Predictors.Except(PredictorNames.Scores).Except(PredictorNames.OfHistory)];
}
