using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace NeuralCapacitance.Infrastructure.Postgres.Model;

/// <summary>Table <c>past_work</c>: what was done for trials and observations that are no longer there, so that counters of work never fall. A row per deletion.</summary>
internal sealed class PastWorkRow
{
    public long Id { get; set; }

    public long Attempts { get; set; }

    /// <summary>The ones before training not counted.</summary>
    public long Epochs { get; set; }

    public double TrainSeconds { get; set; }

    public double BetaSeconds { get; set; }

    public double ValidationSeconds { get; set; }

    /// <summary>Of observations that are about to be discarded; their trial stays.</summary>
    public static PastWorkRow Of(IReadOnlyCollection<ObservationRow> observations) => new()
    {
        Epochs = observations.Count(o => o.Epoch > 0),
        TrainSeconds = observations.Sum(o => o.TrainSeconds),
        BetaSeconds = observations.Sum(o => o.BetaSeconds),
        ValidationSeconds = observations.Sum(o => o.ValidationSeconds),
    };

    /// <summary>Adds what was done for a job and its finalizations, which are about to be deleted.</summary>
    public static Task KeepAsync(ServiceDbContext context, Guid jobId, CancellationToken cancellationToken) => context.Database.ExecuteSqlAsync(
        $"""
         WITH gone AS (SELECT id FROM jobs WHERE id = {jobId} OR finalizes = {jobId})
         INSERT INTO past_work (attempts, epochs, train_seconds, beta_seconds, validation_seconds)
         SELECT (SELECT coalesce(sum(attempt), 0) FROM trials WHERE job_id IN (SELECT id FROM gone)),
                count(*) FILTER (WHERE epoch > 0), coalesce(sum(train_seconds), 0), coalesce(sum(beta_seconds), 0), coalesce(sum(validation_seconds), 0)
         FROM observations WHERE job_id IN (SELECT id FROM gone)
         """,
        cancellationToken);

    internal sealed class Table : IEntityTypeConfiguration<PastWorkRow>
    {
        public void Configure(EntityTypeBuilder<PastWorkRow> builder)
        {
            builder.ToTable("past_work");
            builder.HasKey(w => w.Id).HasName("pk_past_work");
            builder.Property(w => w.Id).HasColumnName("id").UseIdentityAlwaysColumn();
            builder.Property(w => w.Attempts).HasColumnName("attempts");
            builder.Property(w => w.Epochs).HasColumnName("epochs");
            builder.Property(w => w.TrainSeconds).HasColumnName("train_seconds");
            builder.Property(w => w.BetaSeconds).HasColumnName("beta_seconds");
            builder.Property(w => w.ValidationSeconds).HasColumnName("validation_seconds");
        }
    }
}
