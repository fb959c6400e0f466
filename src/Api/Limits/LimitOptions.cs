using Microsoft.Extensions.Options;

namespace NeuralCapacitance.Api.Limits;

/// <summary>How much one caller may ask for, and have. Section <c>Limits</c>. Operators have no quotas.</summary>
public sealed class LimitOptions
{
    public const string Section = "Limits";

    /// <summary>Whether requests are counted. Null: all but those of who needs no key, on the machine itself.</summary>
    public bool? Requests { get; set; }

    /// <summary>Requests that change nothing, of a key, or of an address without one; a minute's worth may come at once.</summary>
    public int ReadsPerMinute { get; set; } = 6_000;

    public int ChangesPerMinute { get; set; } = 300;

    /// <summary>Rankings, finalizations, dry runs, uploads, data sets in detail, and the list of weights.</summary>
    public int ExpensivePerMinute { get; set; } = 120;

    /// <summary>Jobs of an owner that have not ended, finalizations among them.</summary>
    public int ActiveJobs { get; set; } = 100;

    /// <summary>Candidates times repeats.</summary>
    public int TrialsPerJob { get; set; } = 2_000;

    /// <summary>Of a job that is submitted without being an operator.</summary>
    public int HighestPriority { get; set; }

    /// <summary>Of the images of an owner's uploaded data sets.</summary>
    public long UploadBytes { get; set; } = 107_374_182_400;

    /// <summary>Of an owner at once.</summary>
    public int DryRuns { get; set; } = 2;
}

internal sealed class LimitOptionsValidator : IValidateOptions<LimitOptions>
{
    private const int MostPerMinute = 1_000_000;
    private const int MostOfAnything = 1_000_000;
    private const int MostPriority = 100;

    public ValidateOptionsResult Validate(string? name, LimitOptions options)
    {
        var faults = new List<string>();
        Check(nameof(options.ReadsPerMinute), options.ReadsPerMinute, 1, MostPerMinute);
        Check(nameof(options.ChangesPerMinute), options.ChangesPerMinute, 1, MostPerMinute);
        Check(nameof(options.ExpensivePerMinute), options.ExpensivePerMinute, 1, MostPerMinute);
        Check(nameof(options.ActiveJobs), options.ActiveJobs, 1, MostOfAnything);
        Check(nameof(options.TrialsPerJob), options.TrialsPerJob, 2, MostOfAnything);
        Check(nameof(options.HighestPriority), options.HighestPriority, -MostPriority, MostPriority);
        Check(nameof(options.UploadBytes), options.UploadBytes, 0, long.MaxValue);
        Check(nameof(options.DryRuns), options.DryRuns, 1, MostOfAnything);
        return faults.Count == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(faults);

        void Check(string property, long value, long least, long most)
        {
            if (value < least || value > most) faults.Add($"{LimitOptions.Section}:{property} is {value}; accepted is {least} … {most}.");
        }
    }
}
