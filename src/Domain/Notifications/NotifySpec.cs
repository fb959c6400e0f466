namespace NeuralCapacitance.Domain.Notifications;

/// <summary>Somebody who is told what becomes of a job.</summary>
public sealed record NotifySpec
{
    /// <summary>Absolute; http or https, without a user or password.</summary>
    public required string Url { get; init; }

    /// <summary>Some of <see cref="JobEvents.All"/>.</summary>
    public required IReadOnlyList<string> Events { get; init; }
}

/// <summary>Whom the service may send to.</summary>
public interface IReceiverPolicy
{
    /// <summary>Why the address is refused as it is written; null: it is not. What a name leads to is looked at when it is sent to.</summary>
    string? WhyRefused(Uri url);
}
