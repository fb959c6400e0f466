using Microsoft.Extensions.Options;

namespace NeuralCapacitance.Infrastructure.Queue;

/// <summary>How the nodes of the cluster watch each other. Section <c>Queue</c>.</summary>
public sealed class QueueOptions
{
    public const string Section = "Queue";

    /// <summary>How often a node says that it lives.</summary>
    public TimeSpan CheckInInterval { get; set; } = TimeSpan.FromSeconds(10);

    /// <summary>How long after a missed check-in its trials go to another node. Longer than the longest pause of a healthy node.</summary>
    public TimeSpan CheckInGrace { get; set; } = TimeSpan.FromSeconds(30);

    /// <summary>How often trials that lost their signal or their worker are looked for.</summary>
    public TimeSpan ReconcileInterval { get; set; } = TimeSpan.FromSeconds(30);
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
        return faults.Count == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(faults);

        void Check(string property, TimeSpan value)
        {
            if (value < Least || value > Most) faults.Add($"{QueueOptions.Section}:{property} is {value}; accepted is {Least} … {Most}.");
        }
    }
}
