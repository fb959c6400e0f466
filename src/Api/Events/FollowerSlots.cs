using Microsoft.Extensions.Options;
using NeuralCapacitance.Api.Hosting;

namespace NeuralCapacitance.Api.Events;

/// <summary>How many follow events at once on this node.</summary>
internal sealed class FollowerSlots(IOptions<EventOptions> options)
{
    /// <summary>Others end their streams at any time.</summary>
    public const int RetryAfterSeconds = 10;

    private readonly ClientSlots _slots = new(options.Value.MaxFollowers, options.Value.MaxFollowersPerClient);

    public string Refusal
        => $"At most {options.Value.MaxFollowers} follow events at once ({EventOptions.Section}:{nameof(EventOptions.MaxFollowers)}), {options.Value.MaxFollowersPerClient} of one client "
            + $"({nameof(EventOptions.MaxFollowersPerClient)}). Try again in {RetryAfterSeconds} s, or poll the job.";

    /// <returns>To be disposed of when the stream ends; null: there is no room.</returns>
    public IDisposable? TryEnter(HttpContext context) => _slots.TryEnter(ClientSlots.ClientOf(context));
}
