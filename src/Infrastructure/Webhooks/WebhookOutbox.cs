using Microsoft.EntityFrameworkCore;
using NeuralCapacitance.Domain.Notifications;
using NeuralCapacitance.Infrastructure.Postgres;
using NeuralCapacitance.Infrastructure.Postgres.Model;

namespace NeuralCapacitance.Infrastructure.Webhooks;

/// <summary>Notes, in the transaction that changes a job's state, whom that is to be told to: there is no change without its notes, and no note without its change.</summary>
internal static class WebhookOutbox
{
    /// <summary>The payload on <see cref="JobTransaction.Channel"/> that stands for deliveries; no job has this id.</summary>
    public static Guid ChangeId { get; } = new("00000000-0000-0000-0000-000000000001");

    /// <param name="job">In its new state.</param>
    public static async Task NoteAsync(ServiceDbContext context, JobRow job, DateTimeOffset now, CancellationToken cancellationToken)
    {
        if (job.Spec.Notify is not { Count: > 0 } receivers || JobEvents.Of(job.State, job.Finalizes is not null) is not { } happened) return;
        var told = receivers.Where(receiver => receiver.Events.Contains(happened, StringComparer.Ordinal)).ToList();
        if (told.Count == 0) return;
        context.AddRange(told.Select(receiver => new WebhookDeliveryRow
        {
            Id = Guid.CreateVersion7(now),
            JobId = job.Id,
            Event = happened,
            Url = receiver.Url,
            State = DeliveryState.Pending,
            NextAttemptAt = now,
            CreatedAt = now,
        }));
        await AnnounceAsync(context, cancellationToken);
    }

    /// <summary>Wakes who sends them, when the context's transaction commits.</summary>
    public static Task AnnounceAsync(ServiceDbContext context, CancellationToken cancellationToken)
        => context.Database.ExecuteSqlAsync($"SELECT pg_notify({JobTransaction.Channel}, {ChangeId.ToString()})", cancellationToken);
}
