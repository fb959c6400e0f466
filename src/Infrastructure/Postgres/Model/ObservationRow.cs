using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;
using NeuralCapacitance.Domain.Trials;

namespace NeuralCapacitance.Infrastructure.Postgres.Model;

/// <summary>Table <c>observations</c>.</summary>
internal sealed class ObservationRow
{
    /// <summary>The event id. It is drawn while the job's row is locked, so inside a job the order of ids is the order of commits.</summary>
    public long Id { get; set; }

    public Guid JobId { get; set; }

    public Guid TrialId { get; set; }

    public int Epoch { get; set; }

    /// <summary>Null under a linear head.</summary>
    public double? BetaEff { get; set; }

    public double? BetaSquared { get; set; }

    public double? BetaPerSample { get; set; }

    public double? BetaSigned { get; set; }

    public double ValidationAccuracy { get; set; }

    public double ValidationLoss { get; set; }

    public int ValidationCount { get; set; }

    public double? TrainAccuracy { get; set; }

    public double? TrainLoss { get; set; }

    public double? TestAccuracy { get; set; }

    public int TestCount { get; set; }

    public double TrainSeconds { get; set; }

    public double BetaSeconds { get; set; }

    public double ValidationSeconds { get; set; }

    /// <summary>Which attempt at the trial measured it.</summary>
    public int Attempt { get; set; }

    public DateTimeOffset RecordedAt { get; set; }

    public static ObservationRow From(Observation observation, Guid jobId, int attempt, DateTimeOffset now) => new()
    {
        JobId = jobId,
        TrialId = observation.TrialId,
        Epoch = observation.Epoch,
        BetaEff = observation.BetaEff,
        BetaSquared = observation.BetaSquared,
        BetaPerSample = observation.BetaPerSample,
        BetaSigned = observation.BetaSigned,
        ValidationAccuracy = observation.ValidationAccuracy,
        ValidationLoss = observation.ValidationLoss,
        ValidationCount = observation.ValidationCount,
        TrainAccuracy = observation.TrainAccuracy,
        TrainLoss = observation.TrainLoss,
        TestAccuracy = observation.TestAccuracy,
        TestCount = observation.TestCount,
        TrainSeconds = observation.TrainSeconds,
        BetaSeconds = observation.BetaSeconds,
        ValidationSeconds = observation.ValidationSeconds,
        Attempt = attempt,
        RecordedAt = observation.RecordedAt == default ? now : observation.RecordedAt.ToUniversalTime(),
    };

    /// <summary>Whether both are of one run: another one would differ in some bit of these.</summary>
    public bool IsMeasurementOf(Observation observation)
        => (Epoch, BetaEff, ValidationLoss, TrainLoss) == (observation.Epoch, observation.BetaEff, observation.ValidationLoss, observation.TrainLoss);

    public Observation ToObservation() => new()
    {
        Id = Id,
        TrialId = TrialId,
        Epoch = Epoch,
        BetaEff = BetaEff,
        BetaSquared = BetaSquared,
        BetaPerSample = BetaPerSample,
        BetaSigned = BetaSigned,
        ValidationAccuracy = ValidationAccuracy,
        ValidationLoss = ValidationLoss,
        ValidationCount = ValidationCount,
        TrainAccuracy = TrainAccuracy,
        TrainLoss = TrainLoss,
        TestAccuracy = TestAccuracy,
        TestCount = TestCount,
        TrainSeconds = TrainSeconds,
        BetaSeconds = BetaSeconds,
        ValidationSeconds = ValidationSeconds,
        RecordedAt = RecordedAt,
    };

    internal sealed class Table : IEntityTypeConfiguration<ObservationRow>
    {
        public void Configure(EntityTypeBuilder<ObservationRow> builder)
        {
            builder.ToTable("observations");
            builder.HasKey(o => o.Id).HasName("pk_observations");
            builder.Property(o => o.Id).HasColumnName("id").UseIdentityAlwaysColumn();
            builder.Property(o => o.JobId).HasColumnName("job_id");
            builder.Property(o => o.TrialId).HasColumnName("trial_id");
            builder.Property(o => o.Epoch).HasColumnName("epoch");
            builder.Property(o => o.BetaEff).HasColumnName("beta_eff");
            builder.Property(o => o.BetaSquared).HasColumnName("beta_squared");
            builder.Property(o => o.BetaPerSample).HasColumnName("beta_per_sample");
            builder.Property(o => o.BetaSigned).HasColumnName("beta_signed");
            builder.Property(o => o.ValidationAccuracy).HasColumnName("validation_accuracy");
            builder.Property(o => o.ValidationLoss).HasColumnName("validation_loss");
            builder.Property(o => o.ValidationCount).HasColumnName("validation_count");
            builder.Property(o => o.TrainAccuracy).HasColumnName("train_accuracy");
            builder.Property(o => o.TrainLoss).HasColumnName("train_loss");
            builder.Property(o => o.TestAccuracy).HasColumnName("test_accuracy");
            builder.Property(o => o.TestCount).HasColumnName("test_count").HasDefaultValue(0);
            builder.Property(o => o.TrainSeconds).HasColumnName("train_seconds");
            builder.Property(o => o.BetaSeconds).HasColumnName("beta_seconds");
            builder.Property(o => o.ValidationSeconds).HasColumnName("validation_seconds");
            builder.Property(o => o.Attempt).HasColumnName("attempt");
            builder.Property(o => o.RecordedAt).HasColumnName("recorded_at");
            builder.HasOne<JobRow>().WithMany().HasForeignKey(o => o.JobId).HasConstraintName("fk_observations_job").OnDelete(DeleteBehavior.Cascade);
            builder.HasOne<TrialRow>().WithMany().HasForeignKey(o => o.TrialId).HasConstraintName("fk_observations_trial").OnDelete(DeleteBehavior.Cascade);
            builder.HasIndex(o => new { o.TrialId, o.Epoch }).IsUnique().HasDatabaseName("ux_observations_trial_epoch");
            builder.HasIndex(o => new { o.JobId, o.Id }).HasDatabaseName("ix_observations_job_id");
        }
    }
}
