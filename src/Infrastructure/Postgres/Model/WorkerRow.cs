using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace NeuralCapacitance.Infrastructure.Postgres.Model;

/// <summary>Table <c>workers</c>: the places that trials are run at, and who has each.</summary>
internal sealed class WorkerRow
{
    public required string Id { get; set; }

    /// <summary>Machine and process, as in the owners of leases.</summary>
    public required string Process { get; set; }

    /// <summary>New with every start.</summary>
    public Guid Instance { get; set; }

    public required string Version { get; set; }

    public required string Device { get; set; }

    public int Slots { get; set; }

    public long? MemoryUsed { get; set; }

    public long? MemoryTotal { get; set; }

    public long? DeviceMemoryUsed { get; set; }

    public long? DeviceMemoryTotal { get; set; }

    public DateTimeOffset StartedAt { get; set; }

    /// <summary>The last check-in; null: it has left.</summary>
    public DateTimeOffset? SeenAt { get; set; }

    /// <summary>Since when it takes no trials; null: it takes them.</summary>
    public DateTimeOffset? DrainingSince { get; set; }

    internal sealed class Table : IEntityTypeConfiguration<WorkerRow>
    {
        public void Configure(EntityTypeBuilder<WorkerRow> builder)
        {
            builder.ToTable("workers");
            builder.HasKey(w => w.Id).HasName("pk_workers");
            builder.Property(w => w.Id).HasColumnName("id");
            builder.Property(w => w.Process).HasColumnName("process");
            builder.Property(w => w.Instance).HasColumnName("instance");
            builder.Property(w => w.Version).HasColumnName("version");
            builder.Property(w => w.Device).HasColumnName("device");
            builder.Property(w => w.Slots).HasColumnName("slots");
            builder.Property(w => w.MemoryUsed).HasColumnName("memory_used");
            builder.Property(w => w.MemoryTotal).HasColumnName("memory_total");
            builder.Property(w => w.DeviceMemoryUsed).HasColumnName("device_memory_used");
            builder.Property(w => w.DeviceMemoryTotal).HasColumnName("device_memory_total");
            builder.Property(w => w.StartedAt).HasColumnName("started_at");
            builder.Property(w => w.SeenAt).HasColumnName("seen_at");
            builder.Property(w => w.DrainingSince).HasColumnName("draining_since");
        }
    }
}
