namespace NeuralCapacitance.Client.Models;

/// <summary>A receiver of notifications.</summary>
public sealed record NotifySpec : WireObject
{
    /// <summary>Absolute, <c>https</c> or <c>http</c>. Whoever may look at the job can see it.</summary>
    public required string Url { get; init; }

    /// <summary><c>job.succeeded</c>, <c>finalization.failed</c>, …; null: all of them.</summary>
    public IReadOnlyList<string>? Events { get; init; }
}
