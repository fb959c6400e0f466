using Microsoft.Extensions.Options;

namespace NeuralCapacitance.Infrastructure.Retention;

/// <summary>
/// What is thrown away, and when: what is older than an age, or beyond the newest so many. Null: neither. Section <c>Retention</c>.
/// By default nothing goes that somebody may want again.
/// </summary>
public sealed class RetentionOptions
{
    public const string Section = "Retention";

    /// <summary>Since a job and its finalizations have ended; all that hangs on it goes too.</summary>
    public TimeSpan? JobAge { get; set; }

    public int? JobCount { get; set; }

    /// <summary>Since the finalization has ended; its job stays, without the file.</summary>
    public TimeSpan? ModelAge { get; set; }

    public int? ModelCount { get; set; }

    /// <summary>Since a job last needed the uploaded data set, or it was uploaded.</summary>
    public TimeSpan? UploadAge { get; set; }

    public int? UploadCount { get; set; }

    /// <summary>Of the training state of a trial that has ended, which nothing resumes.</summary>
    public TimeSpan? CheckpointAge { get; set; } = TimeSpan.FromHours(1);

    public int? CheckpointCount { get; set; }

    /// <summary>Of logs of the private database; the one that is written to stays.</summary>
    public TimeSpan? LogAge { get; set; } = TimeSpan.FromDays(30);

    public int? LogCount { get; set; }

    /// <summary>Since a delivery of a webhook has ended.</summary>
    public TimeSpan? DeliveryAge { get; set; } = TimeSpan.FromDays(30);

    /// <summary>Of lines of the audit.</summary>
    public TimeSpan? AuditAge { get; set; }

    internal RetentionLimit Jobs => new(JobAge, JobCount);

    internal RetentionLimit Models => new(ModelAge, ModelCount);

    internal RetentionLimit Uploads => new(UploadAge, UploadCount);

    internal RetentionLimit Checkpoints => new(CheckpointAge, CheckpointCount);

    internal RetentionLimit Logs => new(LogAge, LogCount);

    internal RetentionLimit Deliveries => new(DeliveryAge, MaxCount: null);

    internal RetentionLimit Audit => new(AuditAge, MaxCount: null);
}

internal sealed class RetentionOptionsValidator : IValidateOptions<RetentionOptions>
{
    private static readonly TimeSpan Least = TimeSpan.FromMinutes(1);

    public ValidateOptionsResult Validate(string? name, RetentionOptions options)
    {
        var faults = new List<string>();
        CheckAge(nameof(options.JobAge), options.JobAge);
        CheckCount(nameof(options.JobCount), options.JobCount);
        CheckAge(nameof(options.ModelAge), options.ModelAge);
        CheckCount(nameof(options.ModelCount), options.ModelCount);
        CheckAge(nameof(options.UploadAge), options.UploadAge);
        CheckCount(nameof(options.UploadCount), options.UploadCount);
        CheckAge(nameof(options.CheckpointAge), options.CheckpointAge);
        CheckCount(nameof(options.CheckpointCount), options.CheckpointCount);
        CheckAge(nameof(options.LogAge), options.LogAge);
        CheckCount(nameof(options.LogCount), options.LogCount);
        CheckAge(nameof(options.DeliveryAge), options.DeliveryAge);
        CheckAge(nameof(options.AuditAge), options.AuditAge);
        return faults.Count == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(faults);

        void CheckAge(string property, TimeSpan? value)
        {
            if (value < Least) faults.Add($"{RetentionOptions.Section}:{property} is {value}; accepted is {Least} or more (90.00:00:00 are 90 days), or nothing for no limit.");
        }

        void CheckCount(string property, int? value)
        {
            if (value < 0) faults.Add($"{RetentionOptions.Section}:{property} is {value}; accepted is 0 or more, or nothing for no limit.");
        }
    }
}
