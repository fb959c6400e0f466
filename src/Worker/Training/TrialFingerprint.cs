using System.Security.Cryptography;
using System.Text.Json;

namespace NeuralCapacitance.Worker.Training;

internal static class TrialFingerprint
{
    /// <summary>Raise it when a checkpoint of the last version must not be resumed: another layout, or other numbers from the same spec.</summary>
    private const int Version = 4;

    /// <summary>Differs whenever a checkpoint would give other results in the other trial. Hexadecimal SHA-256.</summary>
    /// <param name="networkDigest">Of the file that the network itself came from; null: from none.</param>
    public static string Of(TrialPlan plan, string datasetHash, string? networkDigest)
    {
        // Without a head of its own it is what it was before there were any: checkpoints of selections stay good.
        var selection = OfSelection(plan, datasetHash, networkDigest);
        return plan.Spec.Head is { } head ? Convert.ToHexStringLower(SHA256.HashData(JsonSerializer.SerializeToUtf8Bytes(new { selection, head }))) : selection;
    }

    private static string OfSelection(TrialPlan plan, string datasetHash, string? networkDigest)
        => Convert.ToHexStringLower(SHA256.HashData(JsonSerializer.SerializeToUtf8Bytes(new
        {
            Version,
            plan.TrialId,
            plan.Candidate.Backbone,
            plan.Candidate.Weights,
            plan.Candidate.Module,
            plan.Seed,
            plan.Spec.Training,
            plan.Spec.Probe,
            datasetHash,
            networkDigest,
        })));
}
