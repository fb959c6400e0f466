using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;
using NeuralCapacitance.Domain.Access;

namespace NeuralCapacitance.Infrastructure.Postgres.Model;

/// <summary>Table <c>idempotency_keys</c>.</summary>
internal sealed class IdempotencyRow
{
    /// <summary>Two owners may use the same key.</summary>
    public string Owner { get; set; } = Caller.LocalOwner;

    public required string Key { get; set; }

    public required string RequestHash { get; set; }

    public Guid JobId { get; set; }

    public DateTimeOffset CreatedAt { get; set; }

    internal sealed class Table : IEntityTypeConfiguration<IdempotencyRow>
    {
        public void Configure(EntityTypeBuilder<IdempotencyRow> builder)
        {
            builder.ToTable("idempotency_keys");
            builder.HasKey(k => new { k.Owner, k.Key }).HasName("pk_idempotency_keys");
            builder.Property(k => k.Owner).HasColumnName("owner").HasDefaultValue(Caller.LocalOwner);
            builder.Property(k => k.Key).HasColumnName("key");
            builder.Property(k => k.RequestHash).HasColumnName("request_hash");
            builder.Property(k => k.JobId).HasColumnName("job_id");
            builder.Property(k => k.CreatedAt).HasColumnName("created_at");
            builder.HasOne<JobRow>().WithMany().HasForeignKey(k => k.JobId).HasConstraintName("fk_idempotency_keys_job").OnDelete(DeleteBehavior.Cascade);
            builder.HasIndex(k => k.JobId).HasDatabaseName("ix_idempotency_keys_job_id");
            builder.HasIndex(k => k.CreatedAt).HasDatabaseName("ix_idempotency_keys_created_at");
        }
    }
}
