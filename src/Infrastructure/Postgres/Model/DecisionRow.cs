using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;
using NeuralCapacitance.Domain.Races;

namespace NeuralCapacitance.Infrastructure.Postgres.Model;

/// <summary>Table <c>decisions</c>.</summary>
internal sealed class DecisionRow
{
    /// <summary>Drawn while the job's row is locked, so inside a job the order of ids is the order of decisions.</summary>
    public long Id { get; set; }

    public Guid JobId { get; set; }

    public int Round { get; set; }

    public int CandidateIndex { get; set; }

    public RaceAction Action { get; set; }

    public int? Repeat { get; set; }

    public bool IsLeader { get; set; }

    public double? ProbabilityBest { get; set; }

    public double? PredictedAccuracy { get; set; }

    public double? IntervalLow { get; set; }

    public double? IntervalHigh { get; set; }

    public double? ExpectedRegret { get; set; }

    public required string Reason { get; set; }

    public DateTimeOffset CreatedAt { get; set; }

    public static DecisionRow From(RaceDecision decision, Guid jobId, DateTimeOffset now) => new()
    {
        JobId = jobId,
        Round = decision.Round,
        CandidateIndex = decision.Candidate,
        Action = decision.Action,
        Repeat = decision.Repeat,
        IsLeader = decision.IsLeader,
        ProbabilityBest = decision.ProbabilityBest,
        PredictedAccuracy = decision.PredictedAccuracy,
        IntervalLow = decision.IntervalLow,
        IntervalHigh = decision.IntervalHigh,
        ExpectedRegret = decision.ExpectedRegret,
        Reason = decision.Reason,
        CreatedAt = now,
    };

    public RaceDecision ToDecision() => new()
    {
        Id = Id,
        Round = Round,
        Candidate = CandidateIndex,
        Action = Action,
        Repeat = Repeat,
        IsLeader = IsLeader,
        ProbabilityBest = ProbabilityBest,
        PredictedAccuracy = PredictedAccuracy,
        IntervalLow = IntervalLow,
        IntervalHigh = IntervalHigh,
        ExpectedRegret = ExpectedRegret,
        Reason = Reason,
        CreatedAt = CreatedAt,
    };

    internal sealed class Table : IEntityTypeConfiguration<DecisionRow>
    {
        public void Configure(EntityTypeBuilder<DecisionRow> builder)
        {
            builder.ToTable("decisions", t => t.HasCheckConstraint("ck_decisions_action", StateText.Check<RaceAction>("action")));
            builder.HasKey(d => d.Id).HasName("pk_decisions");
            builder.Property(d => d.Id).HasColumnName("id").UseIdentityAlwaysColumn();
            builder.Property(d => d.JobId).HasColumnName("job_id");
            builder.Property(d => d.Round).HasColumnName("round");
            builder.Property(d => d.CandidateIndex).HasColumnName("candidate_index");
            builder.Property(d => d.Action).HasColumnName("action").HasConversion(a => StateText.Of(a), a => StateText.Parse<RaceAction>(a));
            builder.Property(d => d.Repeat).HasColumnName("repeat");
            builder.Property(d => d.IsLeader).HasColumnName("is_leader");
            builder.Property(d => d.ProbabilityBest).HasColumnName("probability_best");
            builder.Property(d => d.PredictedAccuracy).HasColumnName("predicted_accuracy");
            builder.Property(d => d.IntervalLow).HasColumnName("interval_low");
            builder.Property(d => d.IntervalHigh).HasColumnName("interval_high");
            builder.Property(d => d.ExpectedRegret).HasColumnName("expected_regret");
            builder.Property(d => d.Reason).HasColumnName("reason");
            builder.Property(d => d.CreatedAt).HasColumnName("created_at");
            builder.HasOne<JobRow>().WithMany().HasForeignKey(d => d.JobId).HasConstraintName("fk_decisions_job").OnDelete(DeleteBehavior.Cascade);
            builder.HasIndex(d => new { d.JobId, d.Round, d.CandidateIndex }).IsUnique().HasDatabaseName("ux_decisions_job_round_candidate").HasFilter("action <> 'promoted'");
            builder.HasIndex(d => new { d.JobId, d.Id }).HasDatabaseName("ix_decisions_job_id");
        }
    }
}
