using System.Globalization;

namespace NeuralCapacitance.Infrastructure.Retention;

/// <summary>Something that may be thrown away.</summary>
/// <param name="UsedAt">When it was needed last, as far as is known.</param>
internal sealed record Dated<T>(T Item, DateTimeOffset UsedAt);

/// <param name="Why">In words.</param>
internal sealed record Expired<T>(T Item, DateTimeOffset UsedAt, string Why);

/// <summary>How much of one kind is kept.</summary>
/// <param name="MaxAge">What was not needed for longer goes; null: whatever its age.</param>
/// <param name="MaxCount">Of more, those needed last stay; null: as many as there are.</param>
internal sealed record RetentionLimit(TimeSpan? MaxAge, int? MaxCount)
{
    public bool IsNone => MaxAge is null && MaxCount is null;

    /// <summary>What goes, the one that was needed last first.</summary>
    public IReadOnlyList<Expired<T>> ExpiredOf<T>(IEnumerable<Dated<T>> all, DateTimeOffset now) =>
    [
        .. from numbered in all.OrderByDescending(dated => dated.UsedAt).Index()
           let why = Why(numbered.Index, now - numbered.Item.UsedAt)
           where why is not null
           select new Expired<T>(numbered.Item.Item, numbered.Item.UsedAt, why),
    ];

    private string? Why(int newer, TimeSpan age)
    {
        if (age > MaxAge) return string.Create(CultureInfo.InvariantCulture, $"not needed for {Text(age)}; kept are {Text(MaxAge.Value)}");
        return newer >= MaxCount ? string.Create(CultureInfo.InvariantCulture, $"{newer} were needed later; kept are {MaxCount}") : null;
    }

    private static string Text(TimeSpan time) => time.TotalDays >= 2
        ? string.Create(CultureInfo.InvariantCulture, $"{(int)time.TotalDays} days")
        : string.Create(CultureInfo.InvariantCulture, $"{(int)time.TotalHours} h {time.Minutes} min");
}
