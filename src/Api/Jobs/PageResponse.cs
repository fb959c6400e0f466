namespace NeuralCapacitance.Api.Jobs;

/// <summary>One page of a listing.</summary>
/// <param name="NextCursor">Pass it as `cursor` to get the next page; null on the last.</param>
public sealed record PageResponse<T>(IReadOnlyList<T> Items, string? NextCursor);
