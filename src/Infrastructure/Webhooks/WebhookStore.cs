using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;
using NeuralCapacitance.Infrastructure.Access;
using NeuralCapacitance.Infrastructure.Postgres;
using NeuralCapacitance.Infrastructure.Postgres.Model;

namespace NeuralCapacitance.Infrastructure.Webhooks;

/// <param name="Claim">What the attempt shows when it writes what came of it.</param>
internal sealed record ClaimedDelivery(Guid Id, Guid Claim);

/// <summary>Deliveries in Postgres. The database's clock decides what is due.</summary>
public sealed class WebhookStore
{
    /// <summary>From the claim to the attempt's begin; then it lasts as long as an attempt may.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(2);

    private readonly IDbContextFactory<ServiceDbContext> _contexts;
    private readonly string _publicUrl;

    internal WebhookStore(IDbContextFactory<ServiceDbContext> contexts, IOptions<WebhookOptions> options)
    {
        _contexts = contexts;
        _publicUrl = options.Value.PublicUrl ?? "";
    }

    /// <summary>In the order of the events.</summary>
    public async Task<IReadOnlyList<WebhookDelivery>> ListAsync(Guid jobId, CancellationToken cancellationToken)
    {
        await using var context = await _contexts.CreateDbContextAsync(cancellationToken);
        var rows = await context.WebhookDeliveries.AsNoTracking().Where(d => d.JobId == jobId).OrderBy(d => d.CreatedAt).ThenBy(d => d.Id).ToListAsync(cancellationToken);
        return [.. rows.Select(row => row.ToDelivery())];
    }

    /// <summary>Sends it again, now and with the whole backoff before it, whatever came of it. Null: the job has none of this id.</summary>
    public async Task<WebhookDelivery?> RedeliverAsync(Guid jobId, Guid id, Actor by, CancellationToken cancellationToken)
    {
        await using var context = await _contexts.CreateDbContextAsync(cancellationToken);
        await using var transaction = await context.BeginTransactionAsync(cancellationToken);
        var row = (await context.WebhookDeliveries.FromSql($"SELECT * FROM webhook_deliveries WHERE id = {id} AND job_id = {jobId} FOR UPDATE").ToListAsync(cancellationToken)).SingleOrDefault();
        if (row is null) return null;
        var now = await context.NowAsync(cancellationToken);
        (row.State, row.Tries, row.NextAttemptAt, row.EndedAt) = (DeliveryState.Pending, 0, now, null);
        // What an attempt that is under way brings is not waited for.
        (row.Claim, row.ClaimedUntil) = (null, null);
        context.Note(by, AuditAction.Redelivered, AuditSubject.Delivery(id), now, AuditSubject.Job(jobId));
        await context.SaveChangesAsync(cancellationToken);
        await WebhookOutbox.AnnounceAsync(context, cancellationToken);
        await transaction.CommitAsync(cancellationToken);
        return row.ToDelivery();
    }

    /// <summary>Takes deliveries that are due, those first that were tried least: receivers that do not answer keep nobody else waiting.</summary>
    internal async Task<IReadOnlyList<ClaimedDelivery>> ClaimAsync(int most, CancellationToken cancellationToken)
    {
        await using var context = await _contexts.CreateDbContextAsync(cancellationToken);
        await using var transaction = await context.BeginTransactionAsync(cancellationToken);
        var rows = await context.WebhookDeliveries.FromSql(
            $"""
             SELECT * FROM webhook_deliveries
             WHERE state = 'pending' AND next_attempt_at <= clock_timestamp() AND (claimed_until IS NULL OR claimed_until < clock_timestamp())
             ORDER BY tries, next_attempt_at
             LIMIT {most}
             FOR UPDATE SKIP LOCKED
             """).ToListAsync(cancellationToken);
        var until = await context.NowAsync(cancellationToken) + Patience;
        foreach (var row in rows) (row.Claim, row.ClaimedUntil) = (Guid.NewGuid(), until);
        await context.SaveChangesAsync(cancellationToken);
        await transaction.CommitAsync(cancellationToken);
        return [.. rows.Select(row => new ClaimedDelivery(row.Id, row.Claim!.Value))];
    }

    /// <summary>Begins the attempt. Null: the claim is no longer good.</summary>
    /// <param name="longest">That the attempt may take.</param>
    internal async Task<WebhookAttempt?> BeginAsync(ClaimedDelivery claimed, TimeSpan longest, CancellationToken cancellationToken)
    {
        await using var context = await _contexts.CreateDbContextAsync(cancellationToken);
        var row = await context.WebhookDeliveries.SingleOrDefaultAsync(d => d.Id == claimed.Id && d.Claim == claimed.Claim && d.State == DeliveryState.Pending, cancellationToken);
        if (row is null) return null;
        var now = await context.NowAsync(cancellationToken);
        row.ClaimedUntil = now + longest + Patience;
        var job = await context.Jobs.AsNoTracking().SingleAsync(j => j.Id == row.JobId, cancellationToken);
        row.Payload ??= await WebhookPayload.ComposeAsync(context, row, job, _publicUrl, cancellationToken);
        await context.SaveChangesAsync(cancellationToken);
        return new(claimed, row.Url, row.Payload, job.Owner, row.Tries + 1, now);
    }

    /// <summary>Writes what came of the attempt, unless the delivery is no longer its.</summary>
    internal async Task<bool> EndAsync(WebhookAttempt attempt, WebhookAnswer answer, CancellationToken cancellationToken)
    {
        await using var context = await _contexts.CreateDbContextAsync(cancellationToken);
        var now = await context.NowAsync(cancellationToken);
        var pause = answer.IsFinal ? null : WebhookBackoff.After(attempt.Try, attempt.Claimed.Id);
        var state = answer.Error is null ? DeliveryState.Delivered : pause is null ? DeliveryState.Failed : DeliveryState.Pending;
        var (next, ended) = (now + (pause ?? TimeSpan.Zero), state == DeliveryState.Pending ? (DateTimeOffset?)null : now);
        return await context.WebhookDeliveries.Where(d => d.Id == attempt.Claimed.Id && d.Claim == attempt.Claimed.Claim)
            .ExecuteUpdateAsync(
                set => set.SetProperty(d => d.State, state).SetProperty(d => d.Tries, attempt.Try).SetProperty(d => d.Attempts, d => d.Attempts + 1)
                    .SetProperty(d => d.NextAttemptAt, next).SetProperty(d => d.EndedAt, ended).SetProperty(d => d.LastAttemptAt, attempt.At)
                    .SetProperty(d => d.LastStatus, answer.Status).SetProperty(d => d.LastError, answer.Error)
                    .SetProperty(d => d.Claim, (Guid?)null).SetProperty(d => d.ClaimedUntil, (DateTimeOffset?)null),
                cancellationToken) == 1;
    }

    /// <summary>Gives it back: the node stops, and has told the receiver nothing that counts.</summary>
    internal async Task ReleaseAsync(ClaimedDelivery claimed, CancellationToken cancellationToken)
    {
        await using var context = await _contexts.CreateDbContextAsync(cancellationToken);
        await context.WebhookDeliveries.Where(d => d.Id == claimed.Id && d.Claim == claimed.Claim)
            .ExecuteUpdateAsync(set => set.SetProperty(d => d.Claim, (Guid?)null).SetProperty(d => d.ClaimedUntil, (DateTimeOffset?)null), cancellationToken);
    }
}

/// <param name="Owner">Whose secret signs it.</param>
/// <param name="Try">Since it was noted, or sent again by hand; from 1.</param>
internal sealed record WebhookAttempt(ClaimedDelivery Claimed, string Url, string Body, string Owner, int Try, DateTimeOffset At);
