using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;
using NeuralCapacitance.Infrastructure.Postgres;

namespace NeuralCapacitance.Infrastructure.Retention;

/// <summary>Lines of the audit, all that are too old as one: whoever reads the audit finds when it begins.</summary>
internal sealed class AuditRetention(IDbContextFactory<ServiceDbContext> contexts, IOptions<RetentionOptions> options) : IRetentionRule
{
    public string Kind => "audit";

    public RetentionLimit Limit => options.Value.Audit;

    public async Task<IReadOnlyList<RetentionCandidate>> FindAsync(DateTimeOffset now, CancellationToken cancellationToken)
    {
        if (Limit.MaxAge is not { } age) return [];
        var before = (now - age).ToUniversalTime();
        await using var context = await contexts.CreateDbContextAsync(cancellationToken);
        var old = context.Audit.Where(entry => entry.At < before);
        if (await old.MaxAsync(entry => (DateTimeOffset?)entry.At, cancellationToken) is not { } last) return [];
        var name = $"{await old.CountAsync(cancellationToken)} lines";
        return [new(new(name, 0, last, $"from before {before:u}"), Kept: null, token => RemoveAsync(before, token))];
    }

    private async Task<string?> RemoveAsync(DateTimeOffset before, CancellationToken cancellationToken)
    {
        await using var context = await contexts.CreateDbContextAsync(cancellationToken);
        await context.Audit.Where(entry => entry.At < before).ExecuteDeleteAsync(cancellationToken);
        return null;
    }
}
