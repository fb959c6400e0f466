namespace NeuralCapacitance.Infrastructure.Limits;

/// <summary>An owner has as much as it may have.</summary>
/// <param name="message">What is too much, and how much may be had.</param>
/// <param name="quota">Name of the quota, as in the settings.</param>
/// <param name="limit">How much it is.</param>
public sealed class QuotaExceededException(string message, string quota, long limit) : Exception(message)
{
    public string Quota { get; } = quota;

    public long Limit { get; } = limit;

    /// <summary>Whether it passes by itself: what ends or is deleted makes room. Otherwise the request has to be another one.</summary>
    public bool Passes { get; init; }
}
