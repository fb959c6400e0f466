namespace NeuralCapacitance.Infrastructure.Retention;

/// <summary>Something that has passed its limit.</summary>
/// <param name="Kept">Why it stays all the same; null: it goes.</param>
/// <param name="RemoveAsync">Looks again, and throws it away. Returns why it stays, or null.</param>
internal sealed record RetentionCandidate(RetentionItem Item, string? Kept, Func<CancellationToken, Task<string?>> RemoveAsync);

/// <summary>One kind of things that are thrown away.</summary>
internal interface IRetentionRule
{
    string Kind { get; }

    RetentionLimit Limit { get; }

    /// <summary>Changes nothing.</summary>
    Task<IReadOnlyList<RetentionCandidate>> FindAsync(DateTimeOffset now, CancellationToken cancellationToken);
}
