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
}

internal sealed class UploadOptionsValidator : IValidateOptions<UploadOptions>
{
    public ValidateOptionsResult Validate(string? name, UploadOptions options)
    {
        var faults = new List<string>();
        Check(nameof(options.MaxBytes), options.MaxBytes, 1);
        Check(nameof(options.MaxExpandedBytes), options.MaxExpandedBytes, 1);
        Check(nameof(options.MaxFiles), options.MaxFiles, 1);
        Check(nameof(options.KeepFreeBytes), options.KeepFreeBytes, 0);
        return faults.Count == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(faults);

        void Check(string property, long value, long least)
        {
            if (value < least) faults.Add($"{UploadOptions.Section}:{property} is {value}; accepted is {least} or more.");
        }
    }
}
