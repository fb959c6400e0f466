using Microsoft.Extensions.Options;

namespace NeuralCapacitance.Api.Events;

/// <summary>How many may follow events. Section <c>Events</c>.</summary>
public sealed class EventOptions
{
    public const string Section = "Events";

    /// <summary>Open event streams of this node.</summary>
    public int MaxFollowers { get; set; } = 2_000;

    /// <summary>Of them, those of one key; without keys, of one address.</summary>
    public int MaxFollowersPerClient { get; set; } = 1_000;
}

internal sealed class EventOptionsValidator : IValidateOptions<EventOptions>
{
    public ValidateOptionsResult Validate(string? name, EventOptions options)
    {
        var faults = new List<string>();
        Check(nameof(options.MaxFollowers), options.MaxFollowers);
        Check(nameof(options.MaxFollowersPerClient), options.MaxFollowersPerClient);
        return faults.Count == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(faults);

        void Check(string property, int value)
        {
            if (value < 1) faults.Add($"{EventOptions.Section}:{property} is {value}; accepted is 1 or more.");
        }
    }
}
