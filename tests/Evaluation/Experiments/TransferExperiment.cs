using System.Text.Json.Nodes;
using NeuralCapacitance.Domain.Curves;
using NeuralCapacitance.Evaluation.Curves;

namespace NeuralCapacitance.Evaluation.Experiments;

/// <summary>Pretrains backbones on some classes and transfers them to others, with the product itself: two jobs, the second starting from the first's weights.</summary>
internal sealed class TransferExperiment(Service service)
{
    /// <param name="pretrain">A job spec with <c>saveWeights</c> and one repeat.</param>
    /// <param name="transfer">A <c>full</c> job spec with the same backbones; their weights are filled in here.</param>
    /// <returns>The transfer's curves, one run per repeat.</returns>
    public async Task<IReadOnlyList<CurveRow>> RunAsync(JsonObject pretrain, JsonObject transfer, CancellationToken cancellationToken)
    {
        string source = await service.RunAsync(pretrain, cancellationToken);
        IReadOnlyDictionary<string, string> weights = await service.WeightsAsync(source, cancellationToken);
        transfer["candidates"] = new JsonArray([.. transfer["candidates"]!.AsArray().Select(name => StartFrom((string)name!, weights))]);
        string target = await service.RunAsync(transfer, cancellationToken);
        return [.. (await service.ObservationsAsync(target, cancellationToken)).Select(o => ObservedRow.Of(o, $"repeat {(int)o["repeat"]!}")).OrderBy(r => r.Run, StringComparer.Ordinal).ThenBy(r => r.Model, StringComparer.Ordinal).ThenBy(r => r.Epoch)];
    }

    private static JsonNode StartFrom(string backbone, IReadOnlyDictionary<string, string> weights)
        => new JsonObject { ["name"] = backbone, ["backbone"] = backbone, ["weights"] = weights[backbone] };
}
