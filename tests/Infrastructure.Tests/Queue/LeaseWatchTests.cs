using NeuralCapacitance.Infrastructure.Queue;
using NeuralCapacitance.Infrastructure.Trials;

namespace NeuralCapacitance.Infrastructure.Tests.Queue;

public sealed class LeaseWatchTests
{
    private static readonly TimeSpan Window = TimeSpan.FromSeconds(40);
    private static readonly TimeSpan Step = TimeSpan.FromSeconds(5);
    private static readonly DateTimeOffset Sign = new(2026, 5, 4, 3, 2, 1, TimeSpan.Zero);
    private static readonly Lease Lease = new(Guid.NewGuid(), 1, "owner");

    private readonly ManualTime _time = new();
    private readonly LeaseWatch _watch;

    public LeaseWatchTests() => _watch = new(Window, longestGap: Window / 2, _time);

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Lease_whose_sign_does_not_change_is_dead_after_the_window_and_not_before(bool hasGivenOne)
    {
        DateTimeOffset? sign = hasGivenOne ? Sign : null;
        LooksUntilDead(_ => sign).ShouldBe((int)(Window / Step));
    }

    [Fact]
    public void Sign_that_changes_now_and_then_keeps_a_lease_alive()
        => LooksUntilDead(look => Sign.AddSeconds(look / 7)).ShouldBeNull();

    [Fact]
    public void Another_attempt_at_the_same_trial_is_another_lease()
    {
        for (var look = 0; look < 7; look++) Look(Lease, Sign).ShouldBeEmpty();
        for (var look = 0; look < 7; look++) Look(Lease with { Attempt = 2 }, Sign).ShouldBeEmpty();
    }

    [Fact]
    public void While_the_database_is_away_nobody_dies()
    {
        for (var look = 0; look < 7; look++) Look(Lease, Sign).ShouldBeEmpty();
        _watch.Forget();
        LooksUntilDead(_ => Sign).ShouldBe((int)(Window / Step));
    }

    [Fact]
    public void A_watcher_that_was_frozen_itself_begins_anew()
    {
        for (var look = 0; look < 4; look++) Look(Lease, Sign).ShouldBeEmpty();
        _time.Advance(Window);
        LooksUntilDead(_ => Sign).ShouldBe((int)(Window / Step));
    }

    /// <returns>The first look, from 0, that finds the lease dead; null: none of 40 does.</returns>
    private int? LooksUntilDead(Func<int, DateTimeOffset?> sign)
    {
        for (var look = 0; look < 40; look++)
        {
            if (Look(Lease, sign(look)).Count > 0) return look;
        }
        return null;
    }

    private IReadOnlyList<Lease> Look(Lease lease, DateTimeOffset? sign)
    {
        var dead = _watch.Look([new(lease, sign)]);
        _time.Advance(Step);
        return dead;
    }
}
