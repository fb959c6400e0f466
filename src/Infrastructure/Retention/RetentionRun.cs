using Microsoft.Extensions.Logging;

namespace NeuralCapacitance.Infrastructure.Retention;

/// <summary>Looks at every kind, and throws away what has passed its limit and nothing needs.</summary>
public sealed partial class RetentionRun
{
    private const int MostItems = 100;

    private readonly IReadOnlyList<IRetentionRule> _rules;
    private readonly TimeProvider _clock;
    private readonly ILogger<RetentionRun> _logger;

    internal RetentionRun(IEnumerable<IRetentionRule> rules, TimeProvider clock, ILogger<RetentionRun> logger)
    {
        _rules = [.. rules];
        _clock = clock;
        _logger = logger;
    }

    /// <summary>What would go now, and what would stay.</summary>
    public async Task<RetentionReport> PlanAsync(CancellationToken cancellationToken)
    {
        var now = _clock.GetUtcNow();
        var kinds = new List<RetentionKind>();
        foreach (var rule in _rules)
        {
            var found = await rule.FindAsync(now, cancellationToken);
            kinds.Add(KindOf(
                rule,
                [.. found.Where(candidate => candidate.Kept is null).Select(candidate => candidate.Item)],
                [.. found.Where(candidate => candidate.Kept is not null).Select(candidate => candidate.Item with { Reason = candidate.Kept! })]));
        }
        return new(now, kinds, kinds.Sum(kind => kind.RemovedBytes));
    }

    /// <summary>Throws it away. What cannot be removed is told and stays; the rest does not wait for it.</summary>
    public async Task<RetentionReport> ApplyAsync(CancellationToken cancellationToken)
    {
        var now = _clock.GetUtcNow();
        var kinds = new List<RetentionKind>();
        foreach (var rule in _rules)
        {
            try
            {
                kinds.Add(await ApplyAsync(rule, now, cancellationToken));
            }
            catch (Exception e) when (!cancellationToken.IsCancellationRequested)
            {
                LogKindFailed(e, rule.Kind);
            }
        }
        return new(now, kinds, kinds.Sum(kind => kind.RemovedBytes));
    }

    private async Task<RetentionKind> ApplyAsync(IRetentionRule rule, DateTimeOffset now, CancellationToken cancellationToken)
    {
        var (removed, kept) = (new List<RetentionItem>(), new List<RetentionItem>());
        foreach (var candidate in await rule.FindAsync(now, cancellationToken))
        {
            if ((candidate.Kept ?? await TryRemoveAsync(rule, candidate, cancellationToken)) is { } reason)
            {
                kept.Add(candidate.Item with { Reason = reason });
                continue;
            }
            removed.Add(candidate.Item);
            LogRemoved(rule.Kind, candidate.Item.Name, candidate.Item.Bytes, candidate.Item.Reason);
        }
        return KindOf(rule, removed, kept);
    }

    private async Task<string?> TryRemoveAsync(IRetentionRule rule, RetentionCandidate candidate, CancellationToken cancellationToken)
    {
        try
        {
            return await candidate.RemoveAsync(cancellationToken);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            LogNotRemoved(e, rule.Kind, candidate.Item.Name);
            return "it could not be removed; the log says why";
        }
    }

    private static RetentionKind KindOf(IRetentionRule rule, List<RetentionItem> removed, List<RetentionItem> kept) => new()
    {
        Kind = rule.Kind,
        MaxAgeSeconds = rule.Limit.MaxAge?.TotalSeconds,
        MaxCount = rule.Limit.MaxCount,
        Removed = removed.Count,
        RemovedBytes = removed.Sum(item => item.Bytes),
        Items = [.. removed.Take(MostItems)],
        Kept = kept.Count,
        KeptItems = [.. kept.Take(MostItems)],
    };

    [LoggerMessage(2700, LogLevel.Information, "Retention removed {Name} of {Kind} ({Bytes} bytes): {Reason}")]
    private partial void LogRemoved(string kind, string name, long bytes, string reason);

    [LoggerMessage(2701, LogLevel.Warning, "Retention could not remove {Name} of {Kind}; the next run tries again")]
    private partial void LogNotRemoved(Exception exception, string kind, string name);

    [LoggerMessage(2702, LogLevel.Warning, "Retention of {Kind} failed; the next run tries again")]
    private partial void LogKindFailed(Exception exception, string kind);
}
