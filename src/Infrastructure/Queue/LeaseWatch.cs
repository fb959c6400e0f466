using NeuralCapacitance.Infrastructure.Trials;

namespace NeuralCapacitance.Infrastructure.Queue;

/// <param name="SeenAt">Of the last check-in. Only whether it changes matters: no two clocks are compared.</param>
internal sealed record LeaseSign(Lease Lease, DateTimeOffset? SeenAt);

/// <summary>
/// Tells dead leases from living ones: a lease is dead when its sign has not changed for the whole <paramref name="window"/>, as watched by somebody who looked
/// all the time. A look that fails (the database is away: nobody can give a sign) or comes late (this process was frozen) begins the watch anew.
/// </summary>
/// <param name="longestGap">Between two looks.</param>
internal sealed class LeaseWatch(TimeSpan window, TimeSpan longestGap, TimeProvider clock)
{
    private Dictionary<Lease, (DateTimeOffset? SeenAt, long Since)> _watched = [];
    private long _lastLook;

    /// <param name="signs">Of all leases that there are.</param>
    /// <returns>The dead ones.</returns>
    public IReadOnlyList<Lease> Look(IEnumerable<LeaseSign> signs)
    {
        var now = clock.GetTimestamp();
        if (clock.GetElapsedTime(_lastLook, now) > longestGap) Forget();
        _lastLook = now;
        _watched = signs.ToDictionary(
            sign => sign.Lease,
            sign => _watched.TryGetValue(sign.Lease, out var before) && before.SeenAt == sign.SeenAt ? before : (sign.SeenAt, now));
        return [.. _watched.Where(lease => clock.GetElapsedTime(lease.Value.Since, now) >= window).Select(lease => lease.Key)];
    }

    public void Forget() => _watched = [];
}
