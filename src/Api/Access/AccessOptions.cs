using Microsoft.Extensions.Options;
using NeuralCapacitance.Domain.Access;

namespace NeuralCapacitance.Api.Access;

/// <summary>Who is let in. Section <c>Auth</c>.</summary>
public sealed class AccessOptions
{
    public const string Section = "Auth";

    /// <summary>Lets everybody who reaches the service do all but make keys, wherever it listens.</summary>
    public bool AllowAnonymous { get; set; }

    /// <summary>What callers see of each other.</summary>
    public Isolation Isolation { get; set; } = Isolation.Team;

    /// <summary>After so long without a request the page asks for the key again.</summary>
    public TimeSpan SessionLifetime { get; set; } = TimeSpan.FromHours(12);

    /// <summary>Wrong keys from one address within a minute after which unknown ones are not looked at.</summary>
    public int FailuresPerMinute { get; set; } = 20;
}

internal sealed class AccessOptionsValidator : IValidateOptions<AccessOptions>
{
    private const int MostFailures = 1_000_000;

    private static readonly TimeSpan ShortestSession = TimeSpan.FromMinutes(1);
    private static readonly TimeSpan LongestSession = TimeSpan.FromDays(30);

    public ValidateOptionsResult Validate(string? name, AccessOptions options)
    {
        var faults = new List<string>();
        if (!Enum.IsDefined(options.Isolation)) faults.Add($"Auth:Isolation is {options.Isolation}; accepted is team, owner.");
        if (options.SessionLifetime < ShortestSession || options.SessionLifetime > LongestSession)
            faults.Add($"Auth:SessionLifetime is {options.SessionLifetime}; accepted is {ShortestSession} … {LongestSession}.");
        if (options.FailuresPerMinute is < 1 or > MostFailures) faults.Add($"Auth:FailuresPerMinute is {options.FailuresPerMinute}; accepted is 1 … {MostFailures}.");
        return faults.Count == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(faults);
    }
}
