using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;
using NeuralCapacitance.Infrastructure.Webhooks;

namespace NeuralCapacitance.Infrastructure.Postgres.Model;

/// <summary>Table <c>webhook_deliveries</c>: what is to be told to one receiver, and how far that has come.</summary>
internal sealed class WebhookDeliveryRow
{
    public Guid Id { get; set; }

    public Guid JobId { get; set; }

    public required string Event { get; set; }

    public required string Url { get; set; }

    public DeliveryState State { get; set; }

    /// <summary>The body, from the first attempt on: every attempt sends the same bytes.</summary>
    public string? Payload { get; set; }

    /// <summary>Made in all.</summary>
    public int Attempts { get; set; }

    /// <summary>Made since it was noted, or sent again by hand: the backoff follows them.</summary>
    public int Tries { get; set; }

    public DateTimeOffset NextAttemptAt { get; set; }

    /// <summary>Of the attempt that is under way: only it may write what came of it.</summary>
    public Guid? Claim { get; set; }

    /// <summary>After this the attempt counts as dead.</summary>
    public DateTimeOffset? ClaimedUntil { get; set; }

    public DateTimeOffset? LastAttemptAt { get; set; }

    public int? LastStatus { get; set; }

    public string? LastError { get; set; }

    public DateTimeOffset CreatedAt { get; set; }

    /// <summary>When it was delivered or given up.</summary>
    public DateTimeOffset? EndedAt { get; set; }

    public WebhookDelivery ToDelivery() => new(
        Id, JobId, Event, Url, State, Attempts, State == DeliveryState.Pending ? NextAttemptAt : null, LastAttemptAt, LastStatus, LastError, CreatedAt, EndedAt);

    internal sealed class Table : IEntityTypeConfiguration<WebhookDeliveryRow>
    {
        public void Configure(EntityTypeBuilder<WebhookDeliveryRow> builder)
        {
            builder.ToTable("webhook_deliveries", t => t.HasCheckConstraint("ck_webhook_deliveries_state", StateText.Check<DeliveryState>()));
            builder.HasKey(d => d.Id).HasName("pk_webhook_deliveries");
            builder.Property(d => d.Id).HasColumnName("id").ValueGeneratedNever();
            builder.Property(d => d.JobId).HasColumnName("job_id");
            builder.Property(d => d.Event).HasColumnName("event");
            builder.Property(d => d.Url).HasColumnName("url");
            builder.Property(d => d.State).HasColumnName("state").HasConversion(s => StateText.Of(s), s => StateText.Parse<DeliveryState>(s));
            builder.Property(d => d.Payload).HasColumnName("payload");
            builder.Property(d => d.Attempts).HasColumnName("attempts");
            builder.Property(d => d.Tries).HasColumnName("tries");
            builder.Property(d => d.NextAttemptAt).HasColumnName("next_attempt_at");
            builder.Property(d => d.Claim).HasColumnName("claim");
            builder.Property(d => d.ClaimedUntil).HasColumnName("claimed_until");
            builder.Property(d => d.LastAttemptAt).HasColumnName("last_attempt_at");
            builder.Property(d => d.LastStatus).HasColumnName("last_status");
            builder.Property(d => d.LastError).HasColumnName("last_error");
            builder.Property(d => d.CreatedAt).HasColumnName("created_at");
            builder.Property(d => d.EndedAt).HasColumnName("ended_at");
            builder.HasOne<JobRow>().WithMany().HasForeignKey(d => d.JobId).HasConstraintName("fk_webhook_deliveries_job").OnDelete(DeleteBehavior.Cascade);
            builder.HasIndex(d => new { d.JobId, d.Id }).HasDatabaseName("ix_webhook_deliveries_job_id");
            builder.HasIndex(d => d.NextAttemptAt).HasDatabaseName("ix_webhook_deliveries_due").HasFilter("state = 'pending'");
            builder.HasIndex(d => d.EndedAt).HasDatabaseName("ix_webhook_deliveries_ended_at");
        }
    }
}
