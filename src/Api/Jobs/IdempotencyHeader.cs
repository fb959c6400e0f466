using NeuralCapacitance.Api.Problems;

namespace NeuralCapacitance.Api.Jobs;

/// <summary>What an <c>Idempotency-Key</c> may be.</summary>
internal static class IdempotencyHeader
{
    private const int MaxLength = 255;

    public static FieldError? FaultIn(string? key) => key is { Length: 0 or > MaxLength }
        ? new FieldError("Idempotency-Key", key, $"has {key.Length} characters", $"a text of 1 to {MaxLength} characters")
        : null;
}
