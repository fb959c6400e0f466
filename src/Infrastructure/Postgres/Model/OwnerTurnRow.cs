using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace NeuralCapacitance.Infrastructure.Postgres.Model;

/// <summary>Table <c>owner_turns</c>: whose turn it was last. A number, and no time: clocks jump.</summary>
internal sealed class OwnerTurnRow
{
    /// <summary>As in <see cref="JobRow.Owner"/>.</summary>
    public required string Owner { get; set; }

    /// <summary>Greater than that of all who were served before.</summary>
    public long Turn { get; set; }

    /// <summary>Notes that the owner is being served. The last lock that a claim takes: nobody who holds it waits for another.</summary>
    public static Task TakeAsync(ServiceDbContext context, string owner, CancellationToken cancellationToken) => context.Database.ExecuteSqlAsync(
        $"""
         INSERT INTO owner_turns (owner, turn) VALUES ({owner}, (SELECT coalesce(max(turn), 0) + 1 FROM owner_turns))
         ON CONFLICT (owner) DO UPDATE SET turn = greatest(owner_turns.turn, excluded.turn)
         """,
        cancellationToken);

    internal sealed class Table : IEntityTypeConfiguration<OwnerTurnRow>
    {
        public void Configure(EntityTypeBuilder<OwnerTurnRow> builder)
        {
            builder.ToTable("owner_turns");
            builder.HasKey(o => o.Owner).HasName("pk_owner_turns");
            builder.Property(o => o.Owner).HasColumnName("owner");
            builder.Property(o => o.Turn).HasColumnName("turn");
        }
    }
}
