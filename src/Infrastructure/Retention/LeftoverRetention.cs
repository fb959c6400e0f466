using Microsoft.Extensions.Options;
using NeuralCapacitance.Infrastructure.Artifacts;

namespace NeuralCapacitance.Infrastructure.Retention;

/// <summary>Training state of trials that have ended. Removed here and by every node's sweep: folders need not be shared.</summary>
internal sealed class CheckpointRetention(Leftovers leftovers, IOptions<RetentionOptions> options) : IRetentionRule
{
    public string Kind => "checkpoints";

    public RetentionLimit Limit => options.Value.Checkpoints;

    public async Task<IReadOnlyList<RetentionCandidate>> FindAsync(DateTimeOffset now, CancellationToken cancellationToken)
        => [.. (await leftovers.CheckpointsAsync(cancellationToken)).Select(leftover => leftover.ToCandidate())];
}

/// <summary>Files that nothing refers to: of killed attempts, of jobs that were deleted, half-written ones.</summary>
internal sealed class LeftoverRetention(Leftovers leftovers) : IRetentionRule
{
    public string Kind => "leftovers";

    public RetentionLimit Limit { get; } = new(Leftovers.LeastAge, MaxCount: null);

    public async Task<IReadOnlyList<RetentionCandidate>> FindAsync(DateTimeOffset now, CancellationToken cancellationToken)
        => [.. (await leftovers.FilesAsync(cancellationToken)).Select(leftover => leftover.ToCandidate())];
}
