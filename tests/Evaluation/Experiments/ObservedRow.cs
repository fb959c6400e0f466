using System.Text.Json.Nodes;
using NeuralCapacitance.Domain.Curves;
using NeuralCapacitance.Evaluation.Curves;

namespace NeuralCapacitance.Evaluation.Experiments;

/// <summary>An observation of the API as a row of curves.</summary>
internal static class ObservedRow
{
    public static CurveRow Of(JsonNode o, string run) => new(
        run,
        (string)o["candidate"]!,
        (int)o["epoch"]!,
        (double)o["validationAccuracy"]!,
        (double?)o["testAccuracy"],
        (double?)o["trainAccuracy"],
        (double?)o["trainLoss"],
        (double)o["betaEff"]!,
        (double?)o["trainSeconds"],
        (double?)o["betaSeconds"],
        (int?)o["validationCount"],
        (int?)o["testCount"]);
}
