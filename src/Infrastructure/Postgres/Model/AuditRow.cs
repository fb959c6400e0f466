using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;
using NeuralCapacitance.Infrastructure.Access;

namespace NeuralCapacitance.Infrastructure.Postgres.Model;

/// <summary>Table <c>audit</c>. Refers to nothing: what it tells of may be gone.</summary>
internal sealed class AuditRow
{
    public long Id { get; set; }

    public DateTimeOffset At { get; set; }

    public required string Owner { get; set; }

    public required string Name { get; set; }

    public string? Address { get; set; }

    public AuditAction Action { get; set; }

    public required string Subject { get; set; }

    public string? Detail { get; set; }

    public AuditEntry ToEntry() => new(Id, At, Owner, Name, Address, Action, Subject, Detail);

    internal sealed class Table : IEntityTypeConfiguration<AuditRow>
    {
        public void Configure(EntityTypeBuilder<AuditRow> builder)
        {
            builder.ToTable("audit");
            builder.HasKey(a => a.Id).HasName("pk_audit");
            builder.Property(a => a.Id).HasColumnName("id").UseIdentityAlwaysColumn();
            builder.Property(a => a.At).HasColumnName("at");
            builder.Property(a => a.Owner).HasColumnName("owner");
            builder.Property(a => a.Name).HasColumnName("name");
            builder.Property(a => a.Address).HasColumnName("address");
            builder.Property(a => a.Action).HasColumnName("action").HasConversion(a => StateText.Of(a), a => StateText.Parse<AuditAction>(a));
            builder.Property(a => a.Subject).HasColumnName("subject");
            builder.Property(a => a.Detail).HasColumnName("detail");
            builder.HasIndex(a => a.At).HasDatabaseName("ix_audit_at");
            builder.HasIndex(a => new { a.Subject, a.Id }).HasDatabaseName("ix_audit_subject");
        }
    }
}
