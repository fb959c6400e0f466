using System.Linq.Expressions;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;
using NeuralCapacitance.Domain.Access;
using NeuralCapacitance.Domain.Jobs;
using NeuralCapacitance.Domain.Trials;

namespace NeuralCapacitance.Infrastructure.Postgres.Model;

/// <summary>Table <c>jobs</c>.</summary>
internal sealed class JobRow
{
    public Guid Id { get; set; }

    /// <summary>Order of arrival: of pages, and of service inside a priority.</summary>
    public long Sequence { get; set; }

    public JobState State { get; set; }

    public int Priority { get; set; }

    /// <summary>As in <see cref="Domain.Access.Caller.Owner"/>; a finalization has that of the job.</summary>
    public string Owner { get; set; } = Caller.LocalOwner;

    /// <summary>The job whose candidate this one trains to the end; null: it is a selection.</summary>
    public Guid? Finalizes { get; set; }

    /// <summary>As the client sent it.</summary>
    public required string GivenSpec { get; set; }

    /// <summary>With every default filled in.</summary>
    public required JobSpec Spec { get; set; }

    /// <summary>Its label in lower case, to search in: from <see cref="Spec"/>, by the database.</summary>
    public string? SearchName { get; private set; }

    /// <summary>The name of its data set in lower case.</summary>
    public string? SearchDataset { get; private set; }

    /// <summary>The last part of its data set's path in lower case; null without a path.</summary>
    public string? SearchFolder { get; private set; }

    /// <summary>What a user should know about its data set.</summary>
    public string[] Problems { get; set; } = [];

    /// <summary>W3C <c>traceparent</c> of the request that made it.</summary>
    public string? TraceParent { get; set; }

    public string? FailureCode { get; set; }

    public string? FailureMessage { get; set; }

    public DateTimeOffset CreatedAt { get; set; }

    public DateTimeOffset? StartedAt { get; set; }

    public DateTimeOffset? FinishedAt { get; set; }

    public long Version { get; set; }

    /// <summary>All but the spec as it was given, which may be long and is shown to nobody.</summary>
    public static Expression<Func<JobRow, JobRow>> Shown { get; } = j => new JobRow
    {
        Id = j.Id,
        Sequence = j.Sequence,
        State = j.State,
        Priority = j.Priority,
        Owner = j.Owner,
        Finalizes = j.Finalizes,
        GivenSpec = "",
        Spec = j.Spec,
        Problems = j.Problems,
        FailureCode = j.FailureCode,
        FailureMessage = j.FailureMessage,
        CreatedAt = j.CreatedAt,
        StartedAt = j.StartedAt,
        FinishedAt = j.FinishedAt,
        Version = j.Version,
    };

    /// <summary>The collation makes case that of Unicode in every database, also in one of the locale C, which knows ASCII's alone.</summary>
    /// <param name="sql">An expression of a text.</param>
    public static string LowerCase(string sql) => $"""lower(({sql}) COLLATE "und-x-icu")""";

    public Job ToJob() => new()
    {
        Id = Id,
        State = State,
        Spec = Spec,
        Owner = Owner,
        Finalizes = Finalizes,
        Problems = Problems,
        Failure = FailureCode is null ? null : new Failure(FailureCode, FailureMessage ?? ""),
        CreatedAt = CreatedAt,
        StartedAt = StartedAt,
        FinishedAt = FinishedAt,
        Version = Version,
    };

    internal sealed class Table : IEntityTypeConfiguration<JobRow>
    {
        public void Configure(EntityTypeBuilder<JobRow> builder)
        {
            builder.ToTable("jobs", t => t.HasCheckConstraint("ck_jobs_state", StateText.Check<JobState>()));
            builder.HasKey(j => j.Id).HasName("pk_jobs");
            builder.Property(j => j.Id).HasColumnName("id").ValueGeneratedNever();
            builder.Property(j => j.Sequence).HasColumnName("sequence").UseIdentityAlwaysColumn();
            builder.Property(j => j.State).HasColumnName("state").HasConversion(s => StateText.Of(s), s => StateText.Parse<JobState>(s));
            builder.Property(j => j.Priority).HasColumnName("priority");
            builder.Property(j => j.Owner).HasColumnName("owner").HasDefaultValue(Caller.LocalOwner);
            builder.Property(j => j.Finalizes).HasColumnName("finalizes");
            builder.Property(j => j.GivenSpec).HasColumnName("given_spec").HasColumnType("jsonb");
            builder.Property(j => j.Spec).HasColumnName("spec").HasColumnType("jsonb").HasConversion(s => JobSpecJson.Write(s), s => JobSpecJson.Parse(s));
            builder.Property(j => j.SearchName).HasColumnName("search_name").HasComputedColumnSql(LowerCase("spec ->> 'name'"), stored: true);
            builder.Property(j => j.SearchDataset).HasColumnName("search_dataset").HasComputedColumnSql(LowerCase("spec -> 'dataset' ->> 'name'"), stored: true);
            builder.Property(j => j.SearchFolder).HasColumnName("search_folder")
                .HasComputedColumnSql(LowerCase("regexp_replace(rtrim(spec -> 'dataset' ->> 'path', '/'), '^.*/', '')"), stored: true);
            builder.Property(j => j.Problems).HasColumnName("problems").HasDefaultValueSql("'{}'");
            builder.Property(j => j.TraceParent).HasColumnName("trace_parent");
            builder.Property(j => j.FailureCode).HasColumnName("failure_code");
            builder.Property(j => j.FailureMessage).HasColumnName("failure_message");
            builder.Property(j => j.CreatedAt).HasColumnName("created_at");
            builder.Property(j => j.StartedAt).HasColumnName("started_at");
            builder.Property(j => j.FinishedAt).HasColumnName("finished_at");
            builder.Property(j => j.Version).HasColumnName("version");
            builder.HasOne<JobRow>().WithMany().HasForeignKey(j => j.Finalizes).HasConstraintName("fk_jobs_finalizes").OnDelete(DeleteBehavior.Cascade);
            builder.HasIndex(j => j.Finalizes).HasDatabaseName("ix_jobs_finalizes");
            builder.HasIndex(j => j.Sequence).IsUnique().HasDatabaseName("ux_jobs_sequence");
            builder.HasIndex(j => j.Sequence, "ix_jobs_finished_full").HasFilter("state = 'succeeded' AND spec -> 'selection' ->> 'mode' = 'full'");
            builder.HasIndex(j => new { j.Owner, j.Sequence }).HasDatabaseName("ix_jobs_owner_sequence");
            builder.HasIndex(j => new { j.State, j.Sequence }).HasDatabaseName("ix_jobs_state_sequence");
        }
    }
}
