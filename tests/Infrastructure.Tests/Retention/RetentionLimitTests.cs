using NeuralCapacitance.Infrastructure.Retention;

namespace NeuralCapacitance.Infrastructure.Tests.Retention;

public sealed class RetentionLimitTests
{
    private static readonly DateTimeOffset Now = new(2026, 6, 1, 0, 0, 0, TimeSpan.Zero);

    [Fact]
    public void What_was_not_needed_for_too_long_goes_and_says_so()
    {
        var expired = Of(maxAge: 30, maxCount: null, 1, 30, 31, 90);

        expired.ShouldBe([(31, "not needed for 31 days; kept are 30 days"), (90, "not needed for 90 days; kept are 30 days")]);
    }

    [Fact]
    public void Of_too_many_those_needed_last_stay()
        => Of(maxAge: null, maxCount: 2, 5, 1, 3).ShouldBe([(5, "2 were needed later; kept are 2")]);

    [Fact]
    public void Either_limit_is_enough()
        => Of(maxAge: 30, maxCount: 1, 1, 2, 40).Select(expired => expired.Days).ShouldBe([2, 40]);

    [Fact]
    public void Without_a_limit_all_stays() => Of(maxAge: null, maxCount: null, 1, 10_000).ShouldBeEmpty();

    [Fact]
    public void A_count_of_none_keeps_none() => Of(maxAge: null, maxCount: 0, 1, 2).Count.ShouldBe(2);

    private static List<(int Days, string Why)> Of(int? maxAge, int? maxCount, params int[] days)
    {
        var limit = new RetentionLimit(maxAge is { } age ? TimeSpan.FromDays(age) : null, maxCount);
        return [.. limit.ExpiredOf(days.Select(day => new Dated<int>(day, Now.AddDays(-day))), Now).Select(expired => (expired.Item, expired.Why))];
    }
}
