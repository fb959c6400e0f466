using System.Text.Json;

namespace NeuralCapacitance.Domain.Jobs;

/// <summary>JSON can spell texts that are no Unicode (half a surrogate pair) or that no database stores (NUL).</summary>
internal static class WellFormedText
{
    public static SpecFault? FaultIn(JsonElement root)
    {
        try
        {
            return HoldsNul(root) ? Fault("holds the character \\u0000") : null;
        }
        catch (InvalidOperationException)
        {
            return Fault("holds half a surrogate pair (\\uD800 … \\uDFFF alone)");
        }
    }

    private static SpecFault Fault(string problem) => new("$", null, problem, "texts of Unicode characters without NUL");

    private static bool HoldsNul(JsonElement element) => element.ValueKind switch
    {
        JsonValueKind.String => element.GetString()!.Contains('\0', StringComparison.Ordinal),
        JsonValueKind.Array => element.EnumerateArray().Any(HoldsNul),
        JsonValueKind.Object => element.EnumerateObject().Any(f => f.Name.Contains('\0', StringComparison.Ordinal) || HoldsNul(f.Value)),
        _ => false,
    };
}
