using Microsoft.EntityFrameworkCore;
using NeuralCapacitance.Infrastructure.Postgres.Model;

namespace NeuralCapacitance.Infrastructure.Postgres;

/// <summary>The service's own tables; Quartz keeps its <c>qrtz_</c> ones beside them.</summary>
internal sealed class ServiceDbContext(DbContextOptions<ServiceDbContext> options) : DbContext(options)
{
    public DbSet<JobRow> Jobs => Set<JobRow>();

    public DbSet<TrialRow> Trials => Set<TrialRow>();

    public DbSet<ObservationRow> Observations => Set<ObservationRow>();

    public DbSet<TrialScoreRow> TrialScores => Set<TrialScoreRow>();

    public DbSet<DecisionRow> Decisions => Set<DecisionRow>();

    public DbSet<IdempotencyRow> IdempotencyKeys => Set<IdempotencyRow>();

    /// <summary>Everything that is sent belongs to a transaction; see <see cref="TransactionGuard"/>.</summary>
    public bool IsInTransaction { get; set; }

    /// <summary>Contexts are pooled: the next one to have it begins anew.</summary>
    public override ValueTask DisposeAsync()
    {
        IsInTransaction = false;
        return base.DisposeAsync();
    }

    protected override void OnModelCreating(ModelBuilder modelBuilder)
    {
        modelBuilder.ApplyConfiguration(new JobRow.Table());
        modelBuilder.ApplyConfiguration(new TrialRow.Table());
        modelBuilder.ApplyConfiguration(new ObservationRow.Table());
        modelBuilder.ApplyConfiguration(new TrialScoreRow.Table());
        modelBuilder.ApplyConfiguration(new DecisionRow.Table());
        modelBuilder.ApplyConfiguration(new IdempotencyRow.Table());
    }
}
