using Microsoft.Extensions.Options;

namespace NeuralCapacitance.Infrastructure.Downloads;

/// <summary>How published weights and data sets are fetched. Section <c>Downloads</c>.</summary>
public sealed class DownloadOptions
{
    public const string Section = "Downloads";

    /// <summary>Nothing is downloaded; files must have been put in place.</summary>
    public bool Offline { get; set; }

    /// <summary>After so many attempts in a row that brought no byte further, a download fails.</summary>
    public int MaxAttempts { get; set; } = 5;

    /// <summary>Pause after a failed attempt; twice as long after each further one, at most a minute.</summary>
    public TimeSpan RetryPause { get; set; } = TimeSpan.FromSeconds(1);

    /// <summary>A connection that brings nothing for so long is given up.</summary>
    public TimeSpan StallTimeout { get; set; } = TimeSpan.FromSeconds(60);
}

internal sealed class DownloadOptionsValidator : IValidateOptions<DownloadOptions>
{
    private const int MostAttempts = 100;

    private static readonly TimeSpan LeastStall = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan Most = TimeSpan.FromHours(1);

    public ValidateOptionsResult Validate(string? name, DownloadOptions options)
    {
        var faults = new List<string>();
        if (options.MaxAttempts is < 1 or > MostAttempts)
            faults.Add($"{DownloadOptions.Section}:{nameof(options.MaxAttempts)} is {options.MaxAttempts}; accepted is 1 … {MostAttempts}.");
        Check(nameof(options.RetryPause), options.RetryPause, TimeSpan.Zero);
        Check(nameof(options.StallTimeout), options.StallTimeout, LeastStall);
        return faults.Count == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(faults);

        void Check(string property, TimeSpan value, TimeSpan least)
        {
            if (value < least || value > Most) faults.Add($"{DownloadOptions.Section}:{property} is {value}; accepted is {least} … {Most}.");
        }
    }
}
