using Microsoft.Extensions.Options;

namespace NeuralCapacitance.Infrastructure.Uploads;

/// <summary>How much a client may upload. Section <c>Uploads</c>.</summary>
public sealed class UploadOptions
{
    public const string Section = "Uploads";

    private const long GiB = 1L << 30;

    /// <summary>Bytes of an archive as it is sent.</summary>
    public long MaxBytes { get; set; } = 8 * GiB;

    /// <summary>Bytes of what it expands to.</summary>
    public long MaxExpandedBytes { get; set; } = 16 * GiB;

    /// <summary>Entries of an archive.</summary>
    public int MaxFiles { get; set; } = 500_000;

    /// <summary>Bytes that an upload leaves free on the disk, for checkpoints and caches.</summary>
    public long KeepFreeBytes { get; set; } = GiB;

    /// <summary>At which an archive has to come, in every ten seconds of it.</summary>
    public long MinBytesPerSecond { get; set; } = 16_384;

    /// <summary>For the whole archive to come.</summary>
    public TimeSpan Deadline { get; set; } = TimeSpan.FromHours(2);

    /// <summary>Uploads under way on this node.</summary>
    public int MaxAtOnce { get; set; } = 16;

    /// <summary>Of them, those of one key; without keys, of one address.</summary>
    public int MaxAtOncePerClient { get; set; } = 8;
}

internal sealed class UploadOptionsValidator : IValidateOptions<UploadOptions>
{
    private static readonly TimeSpan LeastDeadline = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan MostDeadline = TimeSpan.FromDays(7);

    public ValidateOptionsResult Validate(string? name, UploadOptions options)
    {
        var faults = new List<string>();
        Check(nameof(options.MaxBytes), options.MaxBytes, 1);
        Check(nameof(options.MaxExpandedBytes), options.MaxExpandedBytes, 1);
        Check(nameof(options.MaxFiles), options.MaxFiles, 1);
        Check(nameof(options.KeepFreeBytes), options.KeepFreeBytes, 0);
        Check(nameof(options.MinBytesPerSecond), options.MinBytesPerSecond, 0);
        if (options.Deadline < LeastDeadline || options.Deadline > MostDeadline)
            faults.Add($"{UploadOptions.Section}:{nameof(options.Deadline)} is {options.Deadline}; accepted is {LeastDeadline} … {MostDeadline}.");
        Check(nameof(options.MaxAtOnce), options.MaxAtOnce, 1);
        Check(nameof(options.MaxAtOncePerClient), options.MaxAtOncePerClient, 1);
        return faults.Count == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(faults);

        void Check(string property, long value, long least)
        {
            if (value < least) faults.Add($"{UploadOptions.Section}:{property} is {value}; accepted is {least} or more.");
        }
    }
}
