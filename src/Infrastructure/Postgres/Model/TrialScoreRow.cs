using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;
using NeuralCapacitance.Domain.Trials;

namespace NeuralCapacitance.Infrastructure.Postgres.Model;

/// <summary>Table <c>trial_scores</c>.</summary>
internal sealed class TrialScoreRow
{
    public Guid TrialId { get; set; }

    public required string Name { get; set; }

    public double? Value { get; set; }

    public string? Reason { get; set; }

    public double Seconds { get; set; }

    public static TrialScoreRow From(TrialScore score)
        => new() { TrialId = score.TrialId, Name = score.Name, Value = score.Value, Reason = score.Reason, Seconds = score.Seconds };

    public TrialScore ToScore() => new(TrialId, Name, Value, Reason, Seconds);

    internal sealed class Table : IEntityTypeConfiguration<TrialScoreRow>
    {
        public void Configure(EntityTypeBuilder<TrialScoreRow> builder)
        {
            builder.ToTable("trial_scores");
            builder.HasKey(s => new { s.TrialId, s.Name }).HasName("pk_trial_scores");
            builder.Property(s => s.TrialId).HasColumnName("trial_id");
            builder.Property(s => s.Name).HasColumnName("name");
            builder.Property(s => s.Value).HasColumnName("value");
            builder.Property(s => s.Reason).HasColumnName("reason");
            builder.Property(s => s.Seconds).HasColumnName("seconds");
            builder.HasOne<TrialRow>().WithMany().HasForeignKey(s => s.TrialId).HasConstraintName("fk_trial_scores_trial").OnDelete(DeleteBehavior.Cascade);
        }
    }
}
