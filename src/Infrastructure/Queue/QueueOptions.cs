using Microsoft.Extensions.Options;

namespace NeuralCapacitance.Infrastructure.Queue;

/// <summary>How workers are woken, and how they watch each other. Section <c>Queue</c>.</summary>
public sealed class QueueOptions
{
    public const string Section = "Queue";

    /// <summary>How often a worker says of each of its trials that it lives.</summary>
    public TimeSpan CheckInInterval { get; set; } = TimeSpan.FromSeconds(10);

    /// <summary>A file that a worker writes anew whenever it has checked in, for a container's health check. Empty: none.</summary>
    public string CheckInFile { get; set; } = "";

    /// <summary>How long after a missed check-in a trial goes to another worker. Longer than the longest pause of a healthy one.</summary>
    public TimeSpan CheckInGrace { get; set; } = TimeSpan.FromSeconds(30);

    /// <summary>How often trials that lost their signal or their worker are looked for.</summary>
    public TimeSpan ReconcileInterval { get; set; } = TimeSpan.FromSeconds(5);

    /// <summary>How often a free slot looks for a signal that another process sent.</summary>
    public TimeSpan PollInterval { get; set; } = TimeSpan.FromSeconds(1);

    /// <summary>After so long without a sign of life Hangfire forgets a server; one that could not give any starts anew. Longer than outages of the database.</summary>
    public TimeSpan ServerTimeout { get; set; } = TimeSpan.FromMinutes(30);

    /// <summary>A trial whose worker has not checked in for so long is given to another.</summary>
    internal TimeSpan CheckInWindow => CheckInInterval + CheckInGrace;
}

internal sealed class QueueOptionsValidator : IValidateOptions<QueueOptions>
{
    private static readonly TimeSpan Least = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan Most = TimeSpan.FromHours(1);

    public ValidateOptionsResult Validate(string? name, QueueOptions options)
    {
        var faults = new List<string>();
        Check(nameof(options.CheckInInterval), options.CheckInInterval);
        Check(nameof(options.CheckInGrace), options.CheckInGrace);
        Check(nameof(options.ReconcileInterval), options.ReconcileInterval);
        Check(nameof(options.PollInterval), options.PollInterval);
        Check(nameof(options.ServerTimeout), options.ServerTimeout);
        if (options.CheckInFile.Length > 0 && !Directory.Exists(Path.GetDirectoryName(Path.GetFullPath(options.CheckInFile))))
            faults.Add($"{QueueOptions.Section}:{nameof(options.CheckInFile)} is '{options.CheckInFile}', which is in no folder; give a path in one that exists.");
        return faults.Count == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(faults);

        void Check(string property, TimeSpan value)
        {
            if (value < Least || value > Most) faults.Add($"{QueueOptions.Section}:{property} is {value}; accepted is {Least} … {Most}.");
        }
    }
}
