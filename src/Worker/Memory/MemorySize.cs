using System.Globalization;
using System.Text.RegularExpressions;

namespace NeuralCapacitance.Worker.Memory;

/// <summary>Bytes as people write them and read them.</summary>
internal static partial class MemorySize
{
    public const string Accepted = "a number of bytes with a unit, as 8GB or 7.5GiB, or a share of this machine's memory, as 60%";

    private static readonly Dictionary<string, double> Units = new(StringComparer.OrdinalIgnoreCase)
    {
        [""] = 1, ["B"] = 1, ["KB"] = 1e3, ["MB"] = 1e6, ["GB"] = 1e9, ["TB"] = 1e12, ["KiB"] = 1L << 10, ["MiB"] = 1L << 20, ["GiB"] = 1L << 30, ["TiB"] = 1L << 40,
    };

    /// <param name="whole">What a share is of; null: unknown, so that a share is none.</param>
    /// <returns>Null: it is no size.</returns>
    public static long? Parse(string text, long? whole)
    {
        var match = Form().Match(text.Trim());
        if (!match.Success || !double.TryParse(match.Groups["number"].Value, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var number)) return null;
        var unit = match.Groups["unit"].Value;
        var bytes = unit is "%" ? number <= 100 ? whole * number / 100 : null : Units.TryGetValue(unit, out var factor) ? number * factor : null;
        return bytes is > 0 and < long.MaxValue ? (long)bytes : null;
    }

    /// <summary>To two digits or the megabyte.</summary>
    public static string Show(long bytes) => bytes >= 1_000_000_000
        ? string.Create(CultureInfo.InvariantCulture, $"{bytes / 1e9:0.0} GB")
        : string.Create(CultureInfo.InvariantCulture, $"{Math.Ceiling(bytes / 1e6):0} MB");

    [GeneratedRegex(@"^(?<number>\d+(\.\d+)?)\s*(?<unit>[A-Za-z]*|%)$", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Form();
}
