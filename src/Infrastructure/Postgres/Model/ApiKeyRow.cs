using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;
using NeuralCapacitance.Domain.Access;
using NeuralCapacitance.Infrastructure.Access;

namespace NeuralCapacitance.Infrastructure.Postgres.Model;

/// <summary>Table <c>api_keys</c>.</summary>
internal sealed class ApiKeyRow
{
    public Guid Id { get; set; }

    public required string Name { get; set; }

    public Role Role { get; set; }

    /// <summary>SHA-256.</summary>
    public required byte[] SecretHash { get; set; }

    /// <summary>Of the secret before the last rotation.</summary>
    public byte[]? PreviousHash { get; set; }

    public DateTimeOffset? PreviousUntil { get; set; }

    public DateTimeOffset CreatedAt { get; set; }

    public DateTimeOffset? ExpiresAt { get; set; }

    public DateTimeOffset? LastUsedAt { get; set; }

    public DateTimeOffset? RotatedAt { get; set; }

    public DateTimeOffset? RevokedAt { get; set; }

    public ApiKey ToKey() => new()
    {
        Id = Id,
        Name = Name,
        Role = Role,
        CreatedAt = CreatedAt,
        ExpiresAt = ExpiresAt,
        LastUsedAt = LastUsedAt,
        RotatedAt = RotatedAt,
        PreviousUntil = PreviousUntil,
        RevokedAt = RevokedAt,
    };

    internal sealed class Table : IEntityTypeConfiguration<ApiKeyRow>
    {
        public void Configure(EntityTypeBuilder<ApiKeyRow> builder)
        {
            builder.ToTable("api_keys", t => t.HasCheckConstraint("ck_api_keys_role", StateText.Check<Role>("role")));
            builder.HasKey(k => k.Id).HasName("pk_api_keys");
            builder.Property(k => k.Id).HasColumnName("id").ValueGeneratedNever();
            builder.Property(k => k.Name).HasColumnName("name");
            builder.Property(k => k.Role).HasColumnName("role").HasConversion(r => StateText.Of(r), r => StateText.Parse<Role>(r));
            builder.Property(k => k.SecretHash).HasColumnName("secret_hash");
            builder.Property(k => k.PreviousHash).HasColumnName("previous_hash");
            builder.Property(k => k.PreviousUntil).HasColumnName("previous_until");
            builder.Property(k => k.CreatedAt).HasColumnName("created_at");
            builder.Property(k => k.ExpiresAt).HasColumnName("expires_at");
            builder.Property(k => k.LastUsedAt).HasColumnName("last_used_at");
            builder.Property(k => k.RotatedAt).HasColumnName("rotated_at");
            builder.Property(k => k.RevokedAt).HasColumnName("revoked_at");
            builder.HasIndex(k => k.SecretHash).IsUnique().HasDatabaseName("ux_api_keys_secret_hash");
            builder.HasIndex(k => k.PreviousHash).HasDatabaseName("ix_api_keys_previous_hash");
            builder.HasIndex(k => k.Name).IsUnique().HasFilter("revoked_at IS NULL").HasDatabaseName("ux_api_keys_name");
        }
    }
}
