using System.Globalization;

namespace NeuralCapacitance.Domain.Answers;

/// <summary>Numbers and names as people read them. None claims more than the number that it stands for.</summary>
public static class Words
{
    private const int NamesShown = 3;

    /// <summary>An interval narrower than this, whole percents would hide.</summary>
    private const double Narrow = 0.02;

    /// <summary>Between backticks, in one line; one inside the name would end it.</summary>
    public static string Quoted(string name) => $"`{string.Concat(name.Select(c => c == '`' ? '´' : char.IsControl(c) ? ' ' : c))}`";

    /// <summary>"a", "a and b", "a, b and c", "a, b, c and 4 more".</summary>
    public static string List(IReadOnlyList<string> names)
    {
        if (names.Count == 1) return Quoted(names[0]);
        return names.Count <= NamesShown
            ? $"{string.Join(", ", names.SkipLast(1).Select(Quoted))} and {Quoted(names[^1])}"
            : $"{string.Join(", ", names.Take(NamesShown).Select(Quoted))} and {names.Count - NamesShown} more";
    }

    /// <summary>"91 % expected (89 – 93)": the bounds are rounded outwards.</summary>
    public static string Expected(double accuracy, double low, double high)
    {
        var digits = high - low < Narrow ? 1 : 0;
        return $"{Number(100 * accuracy, digits)} % expected ({Bounds(low, high, digits)})";
    }

    /// <summary>"88.6 – 93.1", in percent, rounded outwards.</summary>
    public static string Bounds(double low, double high) => Bounds(low, high, digits: 1);

    private static string Bounds(double low, double high, int digits)
    {
        var scale = Math.Pow(10, 2 + digits);
        return $"{Number(100 * Math.Floor((low * scale) + Rounding) / scale, digits)} – {Number(100 * Math.Ceiling((high * scale) - Rounding) / scale, digits)}";
    }

    /// <summary>Whole percents, rounded down.</summary>
    public static string Sure(double probability) => $"{Math.Floor((100 * probability) + Rounding).ToString("0", CultureInfo.InvariantCulture)} % sure";

    /// <summary>"91.2 %".</summary>
    public static string Measured(double accuracy) => $"{Number(100 * accuracy, 1)} %";

    /// <summary>"0.4 points"; what is less than a twentieth of a point, "less than 0.1 points".</summary>
    public static string Points(double difference) => difference < 0.0005 ? "less than 0.1 points" : $"{Number(100 * difference, 1)} points";

    /// <summary>"41 min": rounded to two digits or so.</summary>
    public static string Duration(double seconds) => seconds switch
    {
        < 1 => "less than a second",
        < 99.5 => $"{Number(seconds, 0)} s",
        < 99.5 * 60 => $"{Number(seconds / 60, 0)} min",
        < 48 * 3600 => $"{Number(seconds / 3600, 1)} h",
        _ => $"{Number(seconds / 86_400, 0)} days",
    };

    public static string Count(int number, string noun) => number == 1 ? $"1 {noun}" : $"{number.ToString(CultureInfo.InvariantCulture)} {noun}s";

    public static string Place(int rank) => rank switch
    {
        1 => "first",
        2 => "second",
        3 => "third",
        _ when rank % 100 is 11 or 12 or 13 => $"{rank}th",
        _ => $"{rank}{(rank % 10) switch { 1 => "st", 2 => "nd", 3 => "rd", _ => "th" }}",
    };

    /// <summary>What decimal numbers lose as binary ones: 0.29 · 100 is less than 29.</summary>
    private const double Rounding = 1e-9;

    private static string Number(double value, int digits) => value.ToString(digits == 0 ? "0" : "0.0", CultureInfo.InvariantCulture);
}
