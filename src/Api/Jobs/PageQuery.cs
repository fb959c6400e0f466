using NeuralCapacitance.Api.Problems;

namespace NeuralCapacitance.Api.Jobs;

/// <summary>What the parameters of a listing may be.</summary>
internal static class PageQuery
{
    public const int MaxPageSize = 100;

    public static FieldError? FaultIn(int? limit) => limit is < 1 or > MaxPageSize
        ? new FieldError("limit", limit, "is out of range", $"a whole number from 1 to {MaxPageSize}")
        : null;

    public static FieldError BadCursor(string? cursor) => new("cursor", cursor, "is not a cursor of this service", "`nextCursor` of an earlier page, unchanged");
}
