using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;
using NeuralCapacitance.Domain.Trials;

namespace NeuralCapacitance.Infrastructure.Postgres.Model;

/// <summary>Table <c>trials</c>.</summary>
internal sealed class TrialRow
{
    public Guid Id { get; set; }

    public Guid JobId { get; set; }

    public int CandidateIndex { get; set; }

    public required string Candidate { get; set; }

    public int Repeat { get; set; }

    public long Seed { get; set; }

    public TrialState State { get; set; }

    public int Attempt { get; set; }

    public string? LeaseOwner { get; set; }

    /// <summary>The queue's name of the firing that holds the lease.</summary>
    public string? Signal { get; set; }

    /// <summary>The last sign of life of the worker that holds the lease; null before its first.</summary>
    public DateTimeOffset? LeaseSeenAt { get; set; }

    /// <summary>The last attempt that finished a round of a race: it lacked no progress, even where it had nothing left to observe.</summary>
    public int? PausedAttempt { get; set; }

    public int EpochsDone { get; set; }

    public int EpochsTarget { get; set; }

    public string? Device { get; set; }

    public string[] Notes { get; set; } = [];

    public string? FailureCode { get; set; }

    public string? FailureMessage { get; set; }

    public string? WeightsPath { get; set; }

    public string? WeightsSha256 { get; set; }

    public long? WeightsBytes { get; set; }

    public string? DatasetHash { get; set; }

    /// <summary>Name → version of all that the numbers depend on.</summary>
    public Dictionary<string, string>? Software { get; set; }

    public DateTimeOffset? StartedAt { get; set; }

    public DateTimeOffset? FinishedAt { get; set; }

    /// <summary>A new attempt, by a new owner.</summary>
    public void Take(string owner, string signal, string device, DateTimeOffset now)
    {
        Become(TrialState.Running);
        Attempt++;
        LeaseOwner = owner;
        Signal = signal;
        LeaseSeenAt = null;
        Device = device;
        StartedAt ??= now;
    }

    /// <summary>Back to the queue.</summary>
    public void Release()
    {
        Become(TrialState.Queued);
        LeaseOwner = null;
        Signal = null;
    }

    /// <summary>Its round of the race is done. The lease owner stays, as in <see cref="End"/>.</summary>
    public void Pause()
    {
        Become(TrialState.Paused);
        Signal = null;
        PausedAttempt = Attempt;
    }

    /// <summary>Whatever it was about to do, it has trained what it has.</summary>
    public void EndInRace(TrialState state, DateTimeOffset now)
    {
        End(state, now);
        EpochsTarget = EpochsDone;
    }

    /// <summary>The lease owner stays, so that a repeated write of the end is known for what it is.</summary>
    public void End(TrialState state, DateTimeOffset now)
    {
        Become(state);
        Signal = null;
        FinishedAt = now;
    }

    public Trial ToTrial() => new()
    {
        Id = Id,
        JobId = JobId,
        CandidateIndex = CandidateIndex,
        Candidate = Candidate,
        Repeat = Repeat,
        Seed = Seed,
        State = State,
        Attempt = Attempt,
        LeaseOwner = LeaseOwner,
        EpochsDone = EpochsDone,
        EpochsTarget = EpochsTarget,
        Device = Device,
        DatasetHash = DatasetHash,
        Software = Software,
        Notes = Notes,
        Failure = FailureCode is null ? null : new Failure(FailureCode, FailureMessage ?? ""),
        WeightsPath = WeightsPath,
        WeightsDigest = this is { WeightsSha256: { } sha256, WeightsBytes: { } bytes } ? new FileDigest(sha256, bytes) : null,
        StartedAt = StartedAt,
        FinishedAt = FinishedAt,
    };

    private void Become(TrialState state)
    {
        State.GuardTransitionTo(state);
        State = state;
    }

    internal sealed class Table : IEntityTypeConfiguration<TrialRow>
    {
        public void Configure(EntityTypeBuilder<TrialRow> builder)
        {
            builder.ToTable("trials", t => t.HasCheckConstraint("ck_trials_state", StateText.Check<TrialState>()));
            builder.HasKey(t => t.Id).HasName("pk_trials");
            builder.Property(t => t.Id).HasColumnName("id").ValueGeneratedNever();
            builder.Property(t => t.JobId).HasColumnName("job_id");
            builder.Property(t => t.CandidateIndex).HasColumnName("candidate_index");
            builder.Property(t => t.Candidate).HasColumnName("candidate");
            builder.Property(t => t.Repeat).HasColumnName("repeat");
            builder.Property(t => t.Seed).HasColumnName("seed");
            builder.Property(t => t.State).HasColumnName("state").HasConversion(s => StateText.Of(s), s => StateText.Parse<TrialState>(s));
            builder.Property(t => t.Attempt).HasColumnName("attempt");
            builder.Property(t => t.LeaseOwner).HasColumnName("lease_owner");
            builder.Property(t => t.Signal).HasColumnName("signal");
            builder.Property(t => t.LeaseSeenAt).HasColumnName("lease_seen_at");
            builder.Property(t => t.PausedAttempt).HasColumnName("paused_attempt");
            builder.Property(t => t.EpochsDone).HasColumnName("epochs_done");
            builder.Property(t => t.EpochsTarget).HasColumnName("epochs_target");
            builder.Property(t => t.Device).HasColumnName("device");
            builder.Property(t => t.Notes).HasColumnName("notes");
            builder.Property(t => t.FailureCode).HasColumnName("failure_code");
            builder.Property(t => t.FailureMessage).HasColumnName("failure_message");
            builder.Property(t => t.WeightsPath).HasColumnName("weights_path");
            builder.Property(t => t.WeightsSha256).HasColumnName("weights_sha256");
            builder.Property(t => t.WeightsBytes).HasColumnName("weights_bytes");
            builder.Property(t => t.DatasetHash).HasColumnName("dataset_hash");
            builder.Property(t => t.Software).HasColumnName("software").HasColumnType("jsonb").HasConversion(SoftwareJson.Converter, SoftwareJson.Comparer);
            builder.Property(t => t.StartedAt).HasColumnName("started_at");
            builder.Property(t => t.FinishedAt).HasColumnName("finished_at");
            builder.HasOne<JobRow>().WithMany().HasForeignKey(t => t.JobId).HasConstraintName("fk_trials_job").OnDelete(DeleteBehavior.Cascade);
            builder.HasIndex(t => new { t.JobId, t.CandidateIndex, t.Repeat }).IsUnique().HasDatabaseName("ux_trials_job_candidate_repeat");
            builder.HasIndex(t => new { t.JobId, t.Repeat, t.CandidateIndex }).HasDatabaseName("ix_trials_queued").HasFilter("state = 'queued'");
            builder.HasIndex(t => t.State).HasDatabaseName("ix_trials_active").HasFilter("state IN ('queued', 'running', 'paused')");
        }
    }
}
