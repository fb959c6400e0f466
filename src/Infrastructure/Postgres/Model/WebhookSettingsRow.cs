using System.Text.Json;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;
using NeuralCapacitance.Domain.Notifications;

namespace NeuralCapacitance.Infrastructure.Postgres.Model;

/// <summary>Table <c>webhook_settings</c>: an owner's secret, and whom its jobs tell that name nobody. A key's owner stays when the key is rotated, and so does this.</summary>
internal sealed class WebhookSettingsRow
{
    /// <summary>As in <see cref="Domain.Access.Caller.Owner"/>.</summary>
    public required string Owner { get; set; }

    /// <summary>Protected.</summary>
    public string? Secret { get; set; }

    /// <summary>Protected; the one before the last rotation.</summary>
    public string? PreviousSecret { get; set; }

    /// <summary>Until then both sign.</summary>
    public DateTimeOffset? PreviousUntil { get; set; }

    public string Notify { get; set; } = "[]";

    public IReadOnlyList<NotifySpec> Receivers
    {
        get => JsonSerializer.Deserialize<IReadOnlyList<NotifySpec>>(Notify, JsonSerializerOptions.Web)!;
        set => Notify = JsonSerializer.Serialize(value, JsonSerializerOptions.Web);
    }

    internal sealed class Table : IEntityTypeConfiguration<WebhookSettingsRow>
    {
        public void Configure(EntityTypeBuilder<WebhookSettingsRow> builder)
        {
            builder.ToTable("webhook_settings");
            builder.HasKey(s => s.Owner).HasName("pk_webhook_settings");
            builder.Property(s => s.Owner).HasColumnName("owner");
            builder.Property(s => s.Secret).HasColumnName("secret");
            builder.Property(s => s.PreviousSecret).HasColumnName("previous_secret");
            builder.Property(s => s.PreviousUntil).HasColumnName("previous_until");
            builder.Property(s => s.Notify).HasColumnName("notify").HasColumnType("jsonb").HasDefaultValueSql("'[]'");
            builder.Ignore(s => s.Receivers);
        }
    }
}
