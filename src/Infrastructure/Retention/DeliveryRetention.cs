using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;
using NeuralCapacitance.Infrastructure.Postgres;
using NeuralCapacitance.Infrastructure.Webhooks;

namespace NeuralCapacitance.Infrastructure.Retention;

/// <summary>Deliveries of webhooks that have ended, all that are too old as one. Those of a job go with it, too.</summary>
internal sealed class DeliveryRetention(IDbContextFactory<ServiceDbContext> contexts, IOptions<RetentionOptions> options) : IRetentionRule
{
    public string Kind => "deliveries";

    public RetentionLimit Limit => options.Value.Deliveries;

    public async Task<IReadOnlyList<RetentionCandidate>> FindAsync(DateTimeOffset now, CancellationToken cancellationToken)
    {
        if (Limit.MaxAge is not { } age) return [];
        var before = (now - age).ToUniversalTime();
        await using var context = await contexts.CreateDbContextAsync(cancellationToken);
        var old = context.WebhookDeliveries.Where(delivery => delivery.State != DeliveryState.Pending && delivery.EndedAt < before);
        if (await old.MaxAsync(delivery => delivery.EndedAt, cancellationToken) is not { } last) return [];
        var name = $"{await old.CountAsync(cancellationToken)} deliveries";
        return [new(new(name, 0, last, $"ended before {before:u}"), Kept: null, token => RemoveAsync(before, token))];
    }

    private async Task<string?> RemoveAsync(DateTimeOffset before, CancellationToken cancellationToken)
    {
        await using var context = await contexts.CreateDbContextAsync(cancellationToken);
        await context.WebhookDeliveries.Where(delivery => delivery.State != DeliveryState.Pending && delivery.EndedAt < before).ExecuteDeleteAsync(cancellationToken);
        return null;
    }
}
