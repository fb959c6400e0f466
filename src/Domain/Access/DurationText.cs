using System.Globalization;

namespace NeuralCapacitance.Domain.Access;

/// <summary>How long something lasts, as people write it: <c>90d</c>, <c>24h</c>, <c>30m</c>, <c>45s</c>.</summary>
public static class DurationText
{
    /// <summary>So many days still are a <see cref="TimeSpan"/>.</summary>
    private const int Most = 1_000_000;

    public static bool TryParse(string text, out TimeSpan duration)
    {
        duration = default;
        if (text.Length < 2 || UnitOf(text[^1]) is not { } unit) return false;
        if (!int.TryParse(text.AsSpan(0, text.Length - 1), NumberStyles.None, CultureInfo.InvariantCulture, out var count) || count > Most) return false;
        duration = count * unit;
        return true;
    }

    private static TimeSpan? UnitOf(char letter) => letter switch
    {
        's' => TimeSpan.FromSeconds(1),
        'm' => TimeSpan.FromMinutes(1),
        'h' => TimeSpan.FromHours(1),
        'd' => TimeSpan.FromDays(1),
        _ => null,
    };
}
