using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Storage;
using NeuralCapacitance.Infrastructure.Postgres.Model;

namespace NeuralCapacitance.Infrastructure.Postgres;

/// <summary>The service's own tables; Hangfire keeps its own in another schema.</summary>
internal sealed class ServiceDbContext(DbContextOptions<ServiceDbContext> options) : DbContext(options)
{
    public DbSet<JobRow> Jobs => Set<JobRow>();

    public DbSet<TrialRow> Trials => Set<TrialRow>();

    public DbSet<ObservationRow> Observations => Set<ObservationRow>();

    public DbSet<TrialScoreRow> TrialScores => Set<TrialScoreRow>();

    public DbSet<DecisionRow> Decisions => Set<DecisionRow>();

    public DbSet<WorkerRow> Workers => Set<WorkerRow>();

    public DbSet<IdempotencyRow> IdempotencyKeys => Set<IdempotencyRow>();

    public DbSet<ApiKeyRow> ApiKeys => Set<ApiKeyRow>();

    public DbSet<AuditRow> Audit => Set<AuditRow>();

    public DbSet<WebhookDeliveryRow> WebhookDeliveries => Set<WebhookDeliveryRow>();

    public DbSet<WebhookSettingsRow> WebhookSettings => Set<WebhookSettingsRow>();

    public DbSet<PastWorkRow> PastWork => Set<PastWorkRow>();

    public DbSet<OwnerTurnRow> OwnerTurns => Set<OwnerTurnRow>();

    /// <summary>What was measured before training of a job's trials, in no particular order.</summary>
    public IQueryable<TrialScoreRow> ScoresOf(Guid jobId) => TrialScores.AsNoTracking().Where(s => Trials.Any(t => t.Id == s.TrialId && t.JobId == jobId));

    /// <summary>Everything that is sent belongs to a transaction that was asked for; see <see cref="TransactionGuard"/>.</summary>
    public bool IsInTransaction { get; set; }

    /// <summary>A transaction that <see cref="TransactionGuard"/> watches. Until it is committed or rolled back, the context is for nothing else.</summary>
    public async Task<IDbContextTransaction> BeginTransactionAsync(CancellationToken cancellationToken)
    {
#pragma warning disable RS0030 // This is what is to be called instead.
        var transaction = await Database.BeginTransactionAsync(cancellationToken);
#pragma warning restore RS0030
        IsInTransaction = true;
        return transaction;
    }

    /// <summary>Contexts are pooled: the next one to have it begins anew.</summary>
    public override ValueTask DisposeAsync()
    {
        IsInTransaction = false;
        return base.DisposeAsync();
    }

    /// <inheritdoc cref="DisposeAsync"/>
    public override void Dispose()
    {
        IsInTransaction = false;
        base.Dispose();
    }

    protected override void OnModelCreating(ModelBuilder modelBuilder)
    {
        modelBuilder.ApplyConfiguration(new JobRow.Table());
        modelBuilder.ApplyConfiguration(new TrialRow.Table());
        modelBuilder.ApplyConfiguration(new ObservationRow.Table());
        modelBuilder.ApplyConfiguration(new TrialScoreRow.Table());
        modelBuilder.ApplyConfiguration(new DecisionRow.Table());
        modelBuilder.ApplyConfiguration(new IdempotencyRow.Table());
        modelBuilder.ApplyConfiguration(new WebhookDeliveryRow.Table());
        modelBuilder.ApplyConfiguration(new WebhookSettingsRow.Table());
        modelBuilder.ApplyConfiguration(new PastWorkRow.Table());
        modelBuilder.ApplyConfiguration(new OwnerTurnRow.Table());
        modelBuilder.ApplyConfiguration(new ApiKeyRow.Table());
        modelBuilder.ApplyConfiguration(new AuditRow.Table());
        modelBuilder.ApplyConfiguration(new WorkerRow.Table());
    }
}
